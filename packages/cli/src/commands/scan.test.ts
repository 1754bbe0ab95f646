import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import {
  Folder,
  newSecret,
  placesOf,
  Repository,
  randomLetters,
  run,
  scan,
  start,
} from '../testing/command.ts'

describe('files', () => {
  test('a secret is found in any file of a folder, once with all its places, and shown only as a hint', async () => {
    using folder = new Folder()
    const [live, other] = [newSecret('live'), newSecret('test')]
    folder.write('.env', `A=1\nKEY=${live}\n`)
    folder.write('deep/down/app.js', `const key = "${live}"`)
    folder.write('node_modules/x/index.js', `x(\`${other}\`)`)
    folder.write(`Ordner mit "ä" und 漢字/it's\ta file`, `${other}`)
    const report = await scan([], { cwd: folder.path })
    expect(report.exitCode).toBe(1)
    expect(report.found.map(({ hint, environment, status }) => ({ hint, environment, status }))).toEqual(
      expect.arrayContaining([
        { hint: `sk_live_…${live.slice(-4)}`, environment: 'live', status: 'not_asked' },
        { hint: `sk_test_…${other.slice(-4)}`, environment: 'test', status: 'not_asked' },
      ]),
    )
    expect(report.found).toHaveLength(2)
    expect(placesOf(report)).toEqual([
      'file .env:2:5',
      'file Ordner mit "ä" und 漢字/it\'s\ta file:1:1',
      'file deep/down/app.js:1:14',
      'file node_modules/x/index.js:1:4',
    ])
    expect(report).toMatchObject({ problems: [], scanned: { files: 4, commits: 0 } })
  })

  test('plain bytes in binary files are looked into, whatever the file', async () => {
    using folder = new Folder()
    const secret = newSecret()
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
    folder.write('a.png', Buffer.concat([png, Buffer.from(`tEXtkey\0${secret}\0`), png]))
    folder.write(
      'b.sqlite',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5_000), Buffer.from(secret)]),
    )
    folder.write('powershell.txt', Buffer.from(`\ufeffKEY=${secret}\r\n`, 'utf16le'))
    const { found } = await scan([], { cwd: folder.path })
    expect(found[0]?.places.map((place) => place.file).sort()).toEqual([
      'a.png',
      'b.sqlite',
      'powershell.txt',
    ])
  })

  test('keys of other services and damaged secrets are not found: exit code 0', async () => {
    using folder = new Folder()
    const stripe = Array.from({ length: 5_000 }, (_, i) => `sk_live_${randomLetters(i % 2 ? 24 : 99)}`)
    folder.write('keys.txt', stripe.join('\n'))
    folder.write(
      'damaged.txt',
      `${newSecret()}x ${newSecret().slice(0, -1)} ${newSecret().replace(/.$/, '-')}`,
    )
    const report = await scan([], { cwd: folder.path })
    expect(report).toMatchObject({ exitCode: 0, found: [], problems: [] })
  })

  test('symbolic links are not followed, neither in circles nor out of the folder', async () => {
    using folder = new Folder()
    using outside = new Folder()
    outside.write('secret', newSecret())
    mkdirSync(join(folder.path, 'a'))
    symlinkSync('..', join(folder.path, 'a', 'up'))
    symlinkSync(outside.path, join(folder.path, 'out'))
    symlinkSync(join(outside.path, 'secret'), join(folder.path, 'link'))
    expect(await scan([], { cwd: folder.path })).toMatchObject({ exitCode: 0, found: [], problems: [] })
    // A link that is named is meant.
    expect((await scan(['link'], { cwd: folder.path })).exitCode).toBe(1)
  })

  test('one line of 50 MB takes seconds', async () => {
    using folder = new Folder()
    folder.write('bundle.min.js', `${'a.sk_live_b;sk_'.repeat(3_400_000)}"${newSecret()}"`)
    const report = await scan([], { cwd: folder.path })
    expect(placesOf(report)).toEqual(['file bundle.min.js:1:51000002'])
    expect(report.scanned.took_ms).toBeLessThan(15_000)
  })

  test('paths of the command that lie within each other count once', async () => {
    using folder = new Folder()
    folder.write('a/b.txt', newSecret())
    const report = await scan(['.', 'a', 'a/b.txt'], { cwd: folder.path })
    expect(report.found).toMatchObject([{ places_total: 1 }])
  })

  test('what can’t be scanned is named, the rest is scanned, and the exit code is 2', async () => {
    using folder = new Folder()
    folder.write('fine.txt', 'fine')
    const missing = await scan(['fine.txt', 'nowhere'], { cwd: folder.path })
    expect(missing).toMatchObject({
      exitCode: 2,
      problems: [{ where: 'nowhere', message: 'no such file or folder' }],
      scanned: { files: 1 },
    })
    const device = await scan(['/dev/null'], { cwd: folder.path })
    expect(device).toMatchObject({ exitCode: 2, problems: [{ message: 'neither a file nor a folder' }] })
    const outside = await scan(['--staged'], { cwd: folder.path })
    expect(outside).toMatchObject({
      exitCode: 2,
      problems: [{ message: expect.stringContaining('not a git repository') }],
    })
  })
})

describe('in a git work tree', () => {
  test('ignored files are left out and counted, unless they are asked for or named', async () => {
    using repository = new Repository()
    repository.write('.gitignore', '.env\nbuild/\n')
    repository.commit()
    repository.write('.env', newSecret())
    repository.write('build/out.js', newSecret())
    repository.write('untracked.txt', newSecret())
    const report = await scan([], { cwd: repository.path })
    expect(placesOf(report)).toEqual(['file untracked.txt:1:1'])
    expect(report.notes.join()).toContain('Git ignores 2 files and folders')
    const all = await scan(['--include-ignored'], { cwd: repository.path })
    expect(placesOf(all)).toEqual(['file .env:1:1', 'file build/out.js:1:1', 'file untracked.txt:1:1'])
    expect(placesOf(await scan(['.env', 'build'], { cwd: repository.path }))).toEqual([
      'file .env:1:1',
      'file build/out.js:1:1',
    ])
  })

  test('a tracked file is scanned though a rule ignores it, a deleted one is no problem', async () => {
    using repository = new Repository()
    repository.write('.env', newSecret())
    repository.write('gone.txt', 'x')
    repository.commit()
    repository.write('.gitignore', '.env')
    rmSync(join(repository.path, 'gone.txt'))
    const report = await scan(['--no-history'], { cwd: repository.path })
    expect(placesOf(report)).toEqual(['file .env:1:1'])
    expect(report.problems).toEqual([])
  })

  test('repositories inside are scanned with their own rules and histories', async () => {
    using folder = new Folder()
    using origin = new Repository()
    const [past, now] = [newSecret(), newSecret()]
    origin.write('past.txt', past)
    origin.commit()
    origin.git('rm', '--quiet', 'past.txt')
    origin.write('now.txt', now)
    origin.write('.gitignore', 'skipped')
    origin.commit()
    origin.git('clone', '--quiet', origin.path, join(folder.path, 'inner'))
    folder.write('inner/skipped', newSecret())
    const report = await scan([], { cwd: folder.path })
    expect(placesOf(report)).toEqual([
      'file inner/now.txt:1:1',
      'history now.txt:1:1',
      'history past.txt:1:1',
    ])
    expect(report.found[0]?.places.map((place) => place.repository)).toContain('inner')
  })
})

describe('output', () => {
  test('for people: places, state and what to do; nothing but the result goes to stdout', async () => {
    using repository = new Repository()
    const secret = newSecret()
    repository.write('config.js', `key: '${secret}'`)
    repository.commit()
    const commit = repository.head()
    const { stdout, stderr, exitCode } = await run(['scan', '--no-json'], { cwd: repository.path })
    expect(exitCode).toBe(1)
    expect(stdout).toContain(`sk_live_…${secret.slice(-4)}  live environment, not asked whether it is live`)
    expect(stdout).toContain('config.js:1:7')
    expect(stdout).toContain(`${commit.slice(0, 12)}, Ada Example, 20`)
    expect(stdout).toContain('1 AgentClara secret found in 1 file and 1 commit.')
    for (const step of ['rotate or …/revoke', 'git filter-repo', 'POST /v1/leaks']) {
      expect(stdout.toLowerCase()).toContain(step.toLowerCase())
    }
    expect(stdout).not.toContain('\u001b')
    expect(stderr).toBe('')
  })

  test('a terminal gets text in colour, and none with NO_COLOR; elsewhere there is colour where it is forced', async () => {
    using folder = new Folder()
    folder.write('a', newSecret())
    vi.stubEnv('TERM', 'xterm-256color')
    // Where this is set, Node takes a terminal for a log without colour.
    vi.stubEnv('CI', undefined)
    try {
      const shown = () => run(['scan'], { cwd: folder.path, isTerminal: true })
      expect((await shown()).stdout).toContain('\u001b[31m')
      vi.stubEnv('NO_COLOR', '1')
      const { stdout } = await shown()
      expect(stdout).toContain('1 AgentClara secret found')
      expect(stdout).not.toContain('\u001b')
    } finally {
      vi.unstubAllEnvs()
    }
    const forced = await start(['scan', '--no-json'], { cwd: folder.path, env: { FORCE_COLOR: '1' } })
    expect(forced.stdout).toContain('\u001b[31m')
  })

  test('secrets in names of files and people, and control characters, are not printed as they are', async () => {
    using repository = new Repository()
    const secret = newSecret()
    repository.write(`${secret}/\u001b[2J\u202efile`, secret)
    repository.git('add', '--all')
    repository.git('commit', '--quiet', '-m', secret, `--author=${secret} <a@example.com>`)
    for (const format of ['--json', '--no-json']) {
      // That no secret is in it is asserted for every run.
      const { stdout } = await run(['scan', format], { cwd: repository.path })
      expect(stdout).toContain(`sk_live_…${secret.slice(-4)}/`)
      if (format === '--no-json')
        expect([...'\u001b\u202e'].filter((character) => stdout.includes(character))).toEqual([])
    }
  })

  test('wrong usage is exit code 2 with a message; help and version are 0', async () => {
    using folder = new Folder()
    const options = { cwd: folder.path }
    for (const args of [['scan', '--nonsense'], ['nonsense'], [], ['scan', '--server']]) {
      const { exitCode, stdout, stderr } = await (args[0] === 'nonsense' ? start : run)(args, options)
      expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 2, stdout: '' })
      expect(stderr).not.toBe('')
    }
    const help = await start(['scan', '--help'], options)
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toContain('agentclara scan --staged')
    expect((await run(['--version'], options)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('a reader that stops early does not change the exit code', async () => {
    using folder = new Folder()
    for (let i = 0; i < 300; i++)
      folder.write(`${i}.txt`, Array.from({ length: 10 }, () => newSecret()).join('\n'))
    const main = new URL('../main.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [main, 'scan'], {
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await once(child, 'exit')).toEqual([1, null])
  })

  test('relative paths start where npm run agentclara was called', async () => {
    using folder = new Folder()
    folder.write('sub/a.txt', newSecret())
    const env = { INIT_CWD: join(folder.path, 'sub'), npm_lifecycle_event: 'agentclara' }
    expect(placesOf(await scan(['a.txt'], { cwd: folder.path, env }))).toEqual(['file a.txt:1:1'])
    // In scripts of others the folder is the one that they run in.
    const other = { ...env, npm_lifecycle_event: 'precommit' }
    expect(placesOf(await scan(['sub'], { cwd: folder.path, env: other }))).toEqual(['file sub/a.txt:1:1'])
  })
})
