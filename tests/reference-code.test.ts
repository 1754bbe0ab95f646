/** The samples of the API reference run as they are shown: each call in each language, answered as it is documented. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Call, callsOf, type OpenApi } from '../packages/docs-site/src/reference/document.ts'
import { isForKeys, type Sample, samplesOf } from '../packages/docs-site/src/samples/samples.ts'
import { hasInterpreter } from './support/docs-processes.ts'
import { createShared, type Shared } from './support/nodes.ts'
import { type Observer, startObserver } from './support/reference-server.ts'
import { Things } from './support/reference-things.ts'
import { createKey, startServer, type TestServer } from './support/server.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
// The document that the server writes, and `npm run check` compares.
const api = JSON.parse(await readFile(`${root}openapi.json`, 'utf8')) as OpenApi
const calls = callsOf(api).filter(isForKeys)

/** One process for each language runs its samples one after the other, as files of their own, and goes on when one fails. */
const languages: Record<Sample['language'], { ending: string; command: string[]; run: string }> = {
  bash: { ending: 'sh', command: ['bash'], run: 'for file in "$@"; do . "$file" || true; echo; done' },
  javascript: {
    ending: 'mjs',
    command: [process.execPath, '--input-type=module', '-'],
    run: 'for (const file of process.argv.slice(2)) await import(file).catch(console.error)',
  },
  python: {
    ending: 'py',
    command: ['python3', '-'],
    run: `import runpy, sys, traceback
for file in sys.argv[1:]:
    try:
        runpy.run_path(file)
    except Exception:
        traceback.print_exc()`,
  },
  ruby: {
    ending: 'rb',
    command: ['ruby', '-'],
    run: `ARGV.each do |file|
  load file
rescue StandardError => error
  warn error.full_message
end`,
  },
}
// The table's own keys: Object.keys() types them as plain strings.
const names = (Object.keys(languages) as Sample['language'][]).filter(hasInterpreter)

let shared: Shared
let server: TestServer
let receiver: Server
let observer: Observer
let pool: pg.Pool
let folder: string
const printed = new Map<string, string>()

beforeAll(async () => {
  shared = await createShared({ WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' })
  server = await startServer(shared.env)
  const key = await createKey(shared.env, 'enterprise')
  receiver = createServer((_, response) => response.end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const hooks = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
  pool = new pg.Pool({ connectionString: shared.database.url, max: 2 })
  observer = await startObserver(server.url)
  folder = await mkdtemp(join(tmpdir(), 'agentclara-samples-'))
  const things = new Things(server.url, key, hooks, pool)
  await Promise.all(names.map((name) => mkdir(join(folder, name))))
  await Promise.all(calls.map((call) => writeSamples(call, things, hooks)))
  await Promise.all(names.map((name) => runAll(name, key)))
}, 240_000)
afterAll(async () => {
  await observer.close()
  receiver.close()
  receiver.closeAllConnections()
  await server.stop()
  await pool.end()
  await shared.remove()
  await rm(folder, { recursive: true, force: true })
})

async function writeSamples(call: Call, things: Things, hooks: string): Promise<void> {
  const { operationId } = call.operation
  for (const name of names) {
    const ids = await things.idsFor(operationId, call.path)
    const since = new Date(Date.now() - 3_600_000).toISOString()
    const email = things.newEmail()
    const invitationToken = operationId === 'lookUpInvitation' ? await things.invitationToken() : ''
    const baseUrl = `${observer.url}/${name}/${operationId}`
    const sample = samplesOf(call, api, {
      baseUrl,
      ids,
      since,
      receiver: hooks,
      email,
      invitationToken,
    })?.find(({ language }) => language === name)
    if (sample === undefined) throw new Error(`${operationId} has no sample in ${name}`)
    await writeFile(fileOf(name, call), sample.code)
  }
}

function fileOf(name: Sample['language'], { operation }: Call): string {
  return join(folder, name, `${operation.operationId}.${languages[name].ending}`)
}

async function runAll(name: Sample['language'], key: string): Promise<void> {
  const { command, run } = languages[name]
  const [program = '', ...args] = command
  const files = calls.map((call) => fileOf(name, call))
  const child = spawn(program, name === 'bash' ? ['-c', run, 'bash', ...files] : [...args, ...files], {
    env: { ...process.env, AGENTCLARA_API_KEY: key, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  child.stderr.on('data', (chunk) => (text += chunk))
  child.stdin.end(run)
  await once(child, 'close')
  printed.set(name, text)
}

describe.each(names)('%s', (name) => {
  test.each(calls.map((call) => [call.operation.operationId, call] as const))('%s', (operationId, call) => {
    const answers = observer.answers.get(`${name}/${operationId}`) ?? []
    expect(answers, printed.get(name)?.slice(-4_000)).toHaveLength(1)
    const [answer] = answers
    const documented = Object.keys(call.operation.responses).filter((status) => status.startsWith('2'))
    expect(documented, `${answer?.request} was answered ${answer?.status}: ${answer?.body}`).toContain(
      String(answer?.status),
    )
  })
})
