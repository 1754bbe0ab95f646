import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { newSecret, placesOf, Repository, scan } from '../testing/command.ts'

const stagedOf = (repository: Repository, ...args: string[]) =>
  scan(['--staged', ...args], { cwd: repository.path })

test('what is staged is found, not what is only in the work tree', async () => {
  using repository = new Repository()
  const secret = newSecret()
  repository.write('a.txt', `one\n  ${secret}\n`)
  repository.write('ünïcode "q".txt', secret)
  repository.git('add', '--all')
  repository.write('a.txt', 'one\n')
  repository.write('b.txt', newSecret())
  // Before the first commit as well.
  expect(placesOf(await stagedOf(repository))).toEqual(['staged a.txt:2:3', 'staged ünïcode "q".txt:1:1'])
  expect(placesOf(await stagedOf(repository, 'a.txt'))).toEqual(['staged a.txt:2:3'])
})

test('only what is new blocks: a file keeps its secret through changes and a new name', async () => {
  using repository = new Repository()
  const [old, added] = [newSecret(), newSecret()]
  const content = `${'line\n'.repeat(30)}${old}\n`
  repository.write('a.txt', content)
  repository.commit()
  repository.write('a.txt', `first\n${content}`)
  repository.git('add', '--all')
  expect(await stagedOf(repository)).toMatchObject({ exitCode: 0, found: [], scanned: { files: 1 } })
  repository.git('mv', 'a.txt', 'b.txt')
  expect(await stagedOf(repository)).toMatchObject({ exitCode: 0, found: [] })
  repository.write('b.txt', `${content}${added}\n`)
  repository.git('add', '--all')
  expect(placesOf(await stagedOf(repository))).toEqual(['staged b.txt:32:1'])
  repository.git('rm', '--quiet', '--force', 'b.txt')
  expect(await stagedOf(repository)).toMatchObject({ exitCode: 0, found: [] })
})

test('as a pre-commit hook it stops the commit, also of a part of the changes', () => {
  using repository = new Repository()
  repository.write('a.txt', 'x')
  repository.write('b.txt', 'x')
  repository.commit()
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const hook = join('.git', 'hooks', 'pre-commit')
  repository.write(
    hook,
    `#!/bin/sh\nexec '${process.execPath}' '${main}' scan --staged --offline --no-json\n`,
  )
  chmodSync(join(repository.path, hook), 0o755)
  repository.write('a.txt', newSecret())
  repository.write('b.txt', 'clean')
  expect(() => repository.git('commit', '--quiet', '-m', 'bad', '-a')).toThrow('1 AgentClara secret found')
  expect(() => repository.git('commit', '--quiet', '-m', 'bad', 'a.txt')).toThrow('1 AgentClara secret found')
  repository.git('commit', '--quiet', '-m', 'good', 'b.txt')
  expect(execFileSync('git', ['log', '--format=%s'], { cwd: repository.path, encoding: 'utf8' })).toBe(
    'good\nchange\n',
  )
})
