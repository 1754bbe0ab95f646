import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Folder, newSecret, parse, placesOf, start } from './testing/command.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What npm would publish of a package, unpacked where a project would have it. */
function install(project: string, name: string): void {
  const tarball = execFileSync(
    'npm',
    ['pack', '--silent', '--pack-destination', project, join(root, 'packages', name, 'dist')],
    {
      cwd: project,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  ).trim()
  const target = join(project, 'node_modules', '@agentclara', name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(project, tarball), '--strip-components=1', '-C', target])
}

test('the packages as they are published run without the repository, its sources and type stripping', async () => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts')], { stdio: 'pipe' })
  using project = new Folder()
  install(project.path, 'key-format')
  install(project.path, 'webhook-signature')
  install(project.path, 'cli')
  const commander = dirname(createRequire(import.meta.url).resolve('commander'))
  cpSync(commander, join(project.path, 'node_modules', 'commander'), { recursive: true })
  const installed = join(project.path, 'node_modules', '@agentclara')
  for (const name of ['README.md', 'LICENSE']) expect(existsSync(join(installed, 'cli', name))).toBe(true)
  expect(existsSync(join(installed, 'key-format', 'key-format.d.ts'))).toBe(true)
  expect(existsSync(join(installed, 'cli', 'build.test.js'))).toBe(false)

  // npm makes a link of this kind for the command.
  const entry = join(project.path, 'node_modules', '.bin', 'agentclara')
  mkdirSync(dirname(entry))
  symlinkSync(join('..', '@agentclara', 'cli', 'main.js'), entry)
  using folder = new Folder()
  folder.write('.env', newSecret())
  const options = { cwd: folder.path, entry, env: { NODE_OPTIONS: '--no-strip-types' } }
  expect(placesOf(parse(await start(['scan'], options)))).toEqual(['file .env:1:1'])
  expect((await start(['--version'], options)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(execFileSync(entry, ['--help'], { encoding: 'utf8' })).toContain('agentclara')
  expect((await start(['trigger', '--list'], options)).stdout).toContain('message.received')
})
