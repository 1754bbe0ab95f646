/** The code that is shown beside a signing secret does what it says: it takes what is signed, and nothing else. */
import { execFile, spawnSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifySnippets } from './verify-snippets.ts'

const run = promisify(execFile)
const secretBytes = randomBytes(24)
const secret = `whsec_${secretBytes.toString('base64')}`
const body = '{"id":"evt_1","event":"message.received","data":{"content":"Grüße ✓"}}'
/** As Standard Webhooks 1.0.0 says it. */
const timestamp = String(Math.floor(Date.now() / 1000))
const signature = createHmac('sha256', secretBytes).update(`evt_1.${timestamp}.${body}`).digest('base64')
const signed = {
  'webhook-id': 'evt_1',
  'webhook-timestamp': timestamp,
  'webhook-signature': `v1,${signature}`,
}
const codeOf = (id: string) => verifySnippets.find((snippet) => snippet.id === id)?.code ?? ''
const env = { ...process.env, AGENTCLARA_WEBHOOK_SECRET: secret }

/** Where a language isn't installed its snippet isn't tried, except where a change is decided on. */
const isMissing = (command: string) =>
  process.env.CI !== 'true' && spawnSync(command, ['--version']).error !== undefined

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snippets-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Whether a program ends well that verifies `given` with the headers above. */
async function accepts(command: string, file: string, code: string, given: string): Promise<boolean> {
  await writeFile(join(folder, file), code)
  await writeFile(join(folder, 'headers.json'), JSON.stringify(signed))
  await writeFile(join(folder, 'body.json'), given)
  return run(command, [file], { cwd: folder, env }).then(
    () => true,
    () => false,
  )
}

test.for<[string, string, string, string]>([
  [
    'python',
    'python3',
    'verify.py',
    'import json\nverify(open("body.json", "rb").read(), json.load(open("headers.json")))',
  ],
  [
    'ruby',
    'ruby',
    'verify.rb',
    'require "json"\nverify(File.binread("body.json"), JSON.parse(File.read("headers.json")))',
  ],
])('%s takes what is signed and refuses what was changed', async ([id, command, file, call], { skip }) => {
  skip(isMissing(command), `${command} is not installed`)
  const code = `${codeOf(id)}\n\n${call}\n`
  expect(await accepts(command, file, code, body)).toBe(true)
  expect(await accepts(command, file, code, `${body} `)).toBe(false)
})

test('the shell computes the very signature', async () => {
  await writeFile(join(folder, 'body.json'), body)
  const { stdout } = await run('bash', ['-c', codeOf('curl')], {
    cwd: folder,
    env: { ...env, WEBHOOK_ID: 'evt_1', WEBHOOK_TIMESTAMP: signed['webhook-timestamp'] },
  })
  expect(`v1,${stdout.trim()}`).toBe(signed['webhook-signature'])
})

test('JavaScript imports what the SDK has', async () => {
  const [, names = ''] = /import \{ (\w+) \} from '@agentclara\/sdk'/.exec(codeOf('javascript')) ?? []
  expect(await import('@agentclara/sdk')).toHaveProperty(names)
})
