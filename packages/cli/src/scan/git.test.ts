import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Repository } from '../testing/command.ts'
import { git } from './git.ts'

test('no transport is allowed: what a clone’s settings would have a fetch run is not run by any version of git', async () => {
  using origin = new Repository()
  origin.write('a.txt', 'a')
  origin.commit()
  using clone = new Repository()
  const mark = join(clone.path, 'ran')
  clone.git('remote', 'add', 'origin', origin.path)
  clone.git('config', 'remote.origin.uploadpack', `touch '${mark}'; git-upload-pack`)
  clone.git('ls-remote', 'origin')
  // Git runs it where it may: only what follows shows that it may not.
  rmSync(mark)
  await expect(git({ folder: clone.path, isHook: false }, ['ls-remote', 'origin'])).rejects.toThrow(
    'not allowed',
  )
  expect(() => rmSync(mark)).toThrow('ENOENT')
})
