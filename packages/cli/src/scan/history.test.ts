import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Folder, newSecret, placesOf, Repository, scan } from '../testing/command.ts'

const historyOf = (repository: Repository, ...args: string[]) => scan(args, { cwd: repository.path })

describe('what was committed once', () => {
  test('is found after it was deleted, with the commit that brought it', async () => {
    using repository = new Repository()
    const secret = newSecret()
    repository.write('.env', 'A=1\n')
    repository.commit()
    repository.write('.env', `A=1\nKEY=${secret}\n`)
    repository.commit()
    const commit = repository.head()
    repository.write('.env', `A=2\nKEY=${secret}\n`)
    repository.commit()
    repository.git('rm', '--quiet', '.env')
    repository.commit()
    const report = await historyOf(repository)
    expect(report.exitCode).toBe(1)
    expect(report.found).toMatchObject([
      {
        places: [
          {
            source: 'history',
            repository: '.',
            file: '.env',
            line: 2,
            column: 5,
            commit,
            author: 'Ada Example',
          },
        ],
        places_total: 1,
      },
    ])
    expect(report.found[0]?.places[0]?.date).toMatch(/^2023-11-14T/)
    expect(report.scanned.commits).toBe(4)
    expect((await historyOf(repository, '--no-history')).found).toEqual([])
  })

  test('is found under each name that the file had', async () => {
    using repository = new Repository()
    repository.write('old name "q".txt', newSecret())
    repository.commit()
    repository.git('mv', 'old name "q".txt', 'nöu\n漢.txt')
    repository.commit()
    repository.git('rm', '--quiet', 'nöu\n漢.txt')
    repository.commit()
    expect(placesOf(await historyOf(repository))).toEqual([
      'history nöu\n漢.txt:1:1',
      'history old name "q".txt:1:1',
    ])
  })

  test('is found on branches, in tags, notes and every stash, with no branch checked out', async () => {
    using repository = new Repository()
    repository.commit()
    const names = ['branch', 'tagged', 'stash-1', 'stash-2', 'untracked', 'note', 'detached']
    const secrets = Object.fromEntries(names.map((name) => [name, newSecret()]))
    for (const name of ['branch', 'tagged']) {
      repository.git('checkout', '--quiet', '-b', name)
      repository.write(`${name}.txt`, secrets[name] ?? '')
      repository.commit()
      repository.git('checkout', '--quiet', 'main')
    }
    repository.git('tag', 'only-by-tag', 'tagged')
    repository.git('branch', '--quiet', '-D', 'tagged')
    repository.write('file.txt', 'x')
    repository.commit()
    for (const name of ['stash-1', 'stash-2']) {
      repository.write('file.txt', `${secrets[name]}`)
      repository.git('stash', 'push', '--quiet')
    }
    repository.write('untracked.txt', `${secrets.untracked}`)
    repository.git('stash', 'push', '--quiet', '--include-untracked')
    repository.git('notes', 'add', '-m', `${secrets.note}`)
    repository.git('checkout', '--quiet', '--detach')
    repository.write('detached.txt', `${secrets.detached}`)
    repository.commit()
    repository.git('rm', '--quiet', 'detached.txt')
    repository.commit()
    const { found } = await historyOf(repository, '.')
    expect(new Set(found.map((leak) => leak.hint.slice(-4)))).toEqual(
      new Set(Object.values(secrets).map((secret) => secret.slice(-4))),
    )
  })

  test('in a message of a commit or an annotated tag, at its line there', async () => {
    using repository = new Repository()
    const [message, tag, nested] = [newSecret(), newSecret(), newSecret()]
    repository.commit(`Title\n\nkey is ${message}`)
    const commit = repository.head()
    repository.git('tag', '-a', 'v1', '-m', `Version\n\n${tag}`)
    repository.git('tag', '-a', 'v1-again', '-m', nested, 'v1')
    repository.git('tag', '-d', 'v1')
    const report = await historyOf(repository)
    expect(placesOf(report)).toEqual(['commit_message 3:8', 'tag_message 1:1', 'tag_message 3:1'])
    expect(report.found.flatMap((leak) => leak.places)).toContainEqual(
      expect.objectContaining({ source: 'commit_message', commit, author: 'Ada Example' }),
    )
  })

  test('only while merging: in no parent, and gone from the next commit', async () => {
    using repository = new Repository()
    repository.write('a', '1\n')
    repository.commit()
    repository.git('checkout', '--quiet', '-b', 'side')
    repository.write('b', '1\n')
    repository.commit()
    repository.git('checkout', '--quiet', 'main')
    repository.write('c', '1\n')
    repository.commit()
    repository.git('merge', '--quiet', '--no-commit', '--no-ff', 'side')
    repository.write('merged', newSecret())
    repository.commit('merge')
    const merge = repository.head()
    repository.git('rm', '--quiet', 'merged')
    repository.commit()
    const { found } = await historyOf(repository)
    expect(found).toMatchObject([{ places: [{ source: 'history', file: 'merged', commit: merge }] }])
  })

  test('is found where a tag points to content or a folder, without a commit', async () => {
    using repository = new Repository()
    repository.write('folder/a', newSecret())
    repository.write('b', newSecret())
    repository.git('add', '--all')
    const tree = repository.git('write-tree')
    repository.git('tag', 'folder', `${tree}:folder`)
    repository.git('tag', '-a', '-m', 'content', 'content', `${tree}:b`)
    repository.git('rm', '--quiet', '--force', '-r', '.')
    const { found } = await historyOf(repository, '.')
    expect(found.map((leak) => leak.places[0])).toEqual([
      expect.objectContaining({ source: 'history', line: 1, column: 1, commit: null }),
      expect.objectContaining({ source: 'history', line: 1, column: 1, commit: null }),
    ])
  })

  test('a commit that a replacement hides is read', async () => {
    using repository = new Repository()
    repository.commit()
    repository.write('a', newSecret())
    repository.commit()
    const bad = repository.head()
    repository.git('rm', '--quiet', 'a')
    repository.commit()
    repository.git('replace', '--graft', 'HEAD', `${bad}^`)
    expect(placesOf(await historyOf(repository))).toEqual(['history a:1:1'])
  })
})

test('thousands of versions, large and binary ones among them, are each looked into', async () => {
  using repository = new Repository()
  const secrets = Array.from({ length: 300 }, () => newSecret())
  for (const [index, secret] of secrets.entries()) {
    repository.write(`${index}.txt`, `${'x'.repeat(index * 37)}\n${secret}\n`)
  }
  const large = newSecret()
  repository.write('large.bin', Buffer.concat([Buffer.alloc(5_000_000, 'ab\0c'), Buffer.from(`\n${large}`)]))
  repository.commit()
  repository.git('rm', '--quiet', '-r', '.')
  repository.commit()
  repository.git('gc', '--quiet')
  const { found } = await historyOf(repository)
  expect(found.map((leak) => leak.hint.slice(-4)).sort()).toEqual(
    [...secrets, large].map((secret) => secret.slice(-4)).sort(),
  )
  for (const { places } of found) {
    expect(places).toMatchObject([{ line: 2, column: 1 }])
  }
})

test('a work tree beside, a bare repository and a folder below the top have the whole history, once', async () => {
  using repository = new Repository()
  using other = new Folder()
  repository.write('a.txt', newSecret())
  repository.commit()
  repository.git('rm', '--quiet', 'a.txt')
  repository.write('sub/b.txt', 'x')
  repository.commit()
  repository.git('worktree', 'add', '--quiet', join(other.path, 'tree'), '-b', 'beside')
  // Only the other work tree's HEAD reaches this one.
  repository.git('-C', join(other.path, 'tree'), 'checkout', '--quiet', '--detach')
  repository.git('-C', join(other.path, 'tree'), 'commit', '--quiet', '--allow-empty', '-m', newSecret())
  repository.git('clone', '--quiet', '--bare', repository.path, join(other.path, 'bare.git'))
  const inClone = ['history a.txt:1:1']
  const expected = ['commit_message 1:1', ...inClone]
  expect(placesOf(await scan(['sub'], { cwd: repository.path }))).toEqual(expected)
  expect(placesOf(await scan(['sub', join(other.path, 'tree')], { cwd: repository.path }))).toEqual(expected)
  expect(placesOf(await scan(['bare.git'], { cwd: other.path }))).toEqual(inClone)
})

test('an empty repository, and one with SHA-256, are scanned', async () => {
  using empty = new Repository()
  expect(await historyOf(empty)).toMatchObject({ exitCode: 0, problems: [], scanned: { commits: 0 } })
  using repository = new Repository('--object-format=sha256')
  repository.write('a', newSecret())
  repository.commit()
  expect(placesOf(await historyOf(repository))).toEqual(['file a:1:1', 'history a:1:1'])
})

test('a shallow clone is said to be one, and what a partial clone lacks is a problem', async () => {
  using origin = new Repository()
  using clones = new Folder()
  origin.git('config', 'uploadpack.allowFilter', 'true')
  origin.write('a', newSecret())
  origin.commit()
  origin.git('rm', '--quiet', 'a')
  origin.commit()
  const url = `file://${origin.path}`
  origin.git('clone', '--quiet', '--depth=1', url, join(clones.path, 'shallow'))
  origin.git('clone', '--quiet', '--filter=blob:none', url, join(clones.path, 'partial'))
  const shallow = await scan(['shallow'], { cwd: clones.path })
  expect(shallow).toMatchObject({ exitCode: 0, found: [], problems: [] })
  expect(shallow.notes.join()).toContain('shallow')
  // Not even a remote that is there is asked.
  const partial = await scan(['partial'], { cwd: clones.path })
  expect(partial).toMatchObject({
    exitCode: 2,
    found: [],
    problems: [{ where: 'partial', message: expect.stringMatching(/^one object/) }],
  })
})

test('a damaged repository is a problem, not silence', async () => {
  using repository = new Repository()
  repository.write('a', 'x')
  repository.commit()
  const commit = repository.head()
  rmSync(join(repository.path, '.git/objects', commit.slice(0, 2), commit.slice(2)))
  const report = await historyOf(repository)
  expect(report.exitCode).toBe(2)
  expect(report.problems).toHaveLength(1)
})

test('settings of a repository run no program', async () => {
  using repository = new Repository()
  repository.write('a.txt', newSecret())
  repository.write('.gitattributes', '*.txt diff=evil filter=evil')
  repository.commit()
  const trap = join(repository.path, '.git', 'sprung')
  const script = join(repository.path, '.git', 'trap.sh')
  writeFileSync(script, `#!/bin/sh\ntouch '${trap}'\ncat\n`, { mode: 0o755 })
  for (const name of [
    'core.fsmonitor',
    'core.pager',
    'diff.evil.textconv',
    'diff.evil.command',
    'diff.external',
    'gpg.program',
    'filter.evil.clean',
    'filter.evil.smudge',
  ]) {
    repository.git('config', name, script)
  }
  repository.git('config', 'log.showSignature', 'true')
  rmSync(trap, { force: true })
  await historyOf(repository)
  await historyOf(repository, '--staged')
  expect(existsSync(trap)).toBe(false)
})
