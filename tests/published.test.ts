/** The packages as npm would publish them, unpacked into a project: they run without the repository and its sources. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Folder, newSecret, parse, placesOf, start } from '../packages/cli/src/testing/command.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const PACKAGES = ['key-format', 'webhook-signature', 'sdk', 'cli']

let project: Folder

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts'), ...PACKAGES], { stdio: 'pipe' })
  project = new Folder()
  for (const name of PACKAGES) install(name)
}, 180_000)
afterAll(() => project[Symbol.dispose]())

const installed = (...path: string[]): string => join(project.path, 'node_modules', ...path)

/** What npm would publish of a package, unpacked where a project would have it. */
function install(name: string): void {
  const dist = join(root, 'packages', name, 'dist')
  const shell = process.platform === 'win32'
  const args = ['pack', '--silent', '--pack-destination', project.path, dist]
  const tarball = execFileSync('npm', args, { cwd: project.path, encoding: 'utf8', shell }).trim()
  const target = installed('@agentclara', name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(project.path, tarball), '--strip-components=1', '-C', target])
}

/** The pinned Node, and the one that this machine has beside it. */
function nodes(): string[] {
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
  const own = folders.map((folder) => join(folder, 'node')).find(existsSync)
  return own === undefined ? [process.execPath] : [process.execPath, own]
}

test('each has its readme and licence, and no test', () => {
  for (const name of PACKAGES) {
    for (const file of ['README.md', 'LICENSE', 'package.json'])
      expect(existsSync(installed('@agentclara', name, file)), `${name}/${file}`).toBe(true)
    const files = readdirSync(installed('@agentclara', name), { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([])
  }
})

test('the command runs without type stripping', async () => {
  const commander = dirname(createRequire(join(root, 'packages/cli/package.json')).resolve('commander'))
  cpSync(commander, installed('commander'), { recursive: true })
  // npm makes a link of this kind for the command.
  const entry = installed('.bin', 'agentclara')
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

test('the SDK runs on the pinned Node and on this machine’s', () => {
  project.write(
    'sdk.mjs',
    `import { AgentClara, ConnectionError, verifyWebhook } from '@agentclara/sdk'
    const client = new AgentClara({ apiKey: 'sk_test_x', baseUrl: 'http://127.0.0.1:2', maxRetries: 0 })
    const error = await client.me.get().catch((error) => error)
    console.log(error instanceof ConnectionError, error.code, typeof verifyWebhook)`,
  )
  for (const node of nodes()) {
    const told = execFileSync(node, ['sdk.mjs'], { cwd: project.path, encoding: 'utf8' })
    expect(told, node).toBe('true ECONNREFUSED function\n')
  }
})

test('the SDK’s types are there for projects without those of Node', () => {
  project.write(
    'typed.mts',
    `import { AgentClara, type Contact } from '@agentclara/sdk'
    const client = new AgentClara()
    for await (const contact of client.contacts.list({ limit: 5 })) contact satisfies Contact
    // @ts-expect-error there is no such parameter
    client.contacts.list({ limmit: 5 })
    // @ts-expect-error a name is needed
    client.apiKeys.create({})`,
  )
  const compiler = join(root, 'node_modules/typescript7/bin/tsc')
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
    '--module',
    'nodenext',
  ]
  execFileSync(process.execPath, [compiler, ...options, 'typed.mts'], { cwd: project.path, stdio: 'pipe' })
})

test('the SDK is less than 15 KB of script in a page, and asks for nothing of Node’s', () => {
  project.write('index.html', '<script type="module" src="/page.js"></script>')
  project.write('page.js', `import * as sdk from '@agentclara/sdk'; globalThis.sdk = sdk`)
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: project.path, stdio: 'pipe' })
  const assets = join(project.path, 'dist/assets')
  const scripts = readdirSync(assets).map((file) => readFileSync(join(assets, file)))
  expect(scripts).toHaveLength(1)
  const [script = Buffer.of()] = scripts
  expect(script.toString()).not.toContain('node:')
  const kilobytes = gzipSync(script).length / 1000
  expect(kilobytes).toBeLessThan(15)
})
