/** Leaked secrets and the server that knows them: the command as users start it asks a real server which are live. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { checksum, findSecrets } from '@agentclara/key-format'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installation, startInstallation } from './support/installation.ts'
import { call } from './support/server.ts'

const command = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url))
const { AGENTCLARA_BASE_URL: _, ...environment } = process.env
const env = { ...environment, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }

let acme: Installation
let repository: string

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'agentclara-scanned-'))
  git('init', '--quiet')
  acme = await startInstallation()
})
afterAll(async () => {
  await Promise.all([acme.stop(), rm(repository, { recursive: true })])
})

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  execFileSync('git', [...identity, ...args], { cwd: repository, env })
}

async function commit(files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(repository, name), content)
  git('add', '--all')
  git('commit', '--quiet', '--message', Object.keys(files).join())
}

async function scan(...options: string[]) {
  const child = spawn(process.execPath, [command, 'scan', '--server', acme.url, ...options], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { exitCode: (await closed)[0], stdout, stderr }
}

interface Key {
  id: string
  secret: string
}

async function ask(route: string, body?: unknown) {
  const answer = await acme.ask(route, body)
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
  return answer.body.data
}

const newKey = (fields: object = {}): Promise<Key> => ask('POST /api_keys', { name: 'leaked', ...fields })

/** A key in each state that it may be found in, and what the command should say of its secret. */
async function keysInEachState(): Promise<{ secret: string; status: string; key: Key }[]> {
  const live = await newKey()
  const readOnly = await newKey({ preset: 'read_only' })
  const elsewhere = await newKey({ ip_allowlist: ['203.0.113.7'] })
  const revoked = await newKey()
  await ask(`POST /api_keys/${revoked.id}/revoke`)
  const expired = await newKey({ expires_at: new Date(Date.now() + 500).toISOString() })
  await expect.poll(async () => (await call(acme.url, expired.secret, 'GET /me')).status).toBe(401)
  const quarantined = await newKey()
  await ask(`POST /api_keys/${quarantined.id}/quarantine`)
  const overlapping = await newKey()
  const { secret: current } = await ask(`POST /api_keys/${overlapping.id}/rotate`)
  const rotated = await newKey()
  await ask(`POST /api_keys/${rotated.id}/rotate`, { overlap_seconds: 0 })
  return [
    { secret: live.secret, status: 'live', key: live },
    { secret: readOnly.secret, status: 'live', key: readOnly },
    { secret: elsewhere.secret, status: 'live', key: elsewhere },
    { secret: revoked.secret, status: 'revoked', key: revoked },
    { secret: expired.secret, status: 'expired', key: expired },
    { secret: quarantined.secret, status: 'live', key: quarantined },
    { secret: overlapping.secret, status: 'live', key: overlapping },
    { secret: current, status: 'live', key: overlapping },
    { secret: rotated.secret, status: 'expired', key: rotated },
  ]
}

test('before anything is leaked there is nothing to report: exit code 0', async () => {
  await commit({ 'README.md': 'Set AGENTCLARA_API_KEY to your sk_test_… key.\n' })
  const { exitCode, stdout, stderr } = await scan()
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ found: [], problems: [], scanned: { files: 1, commits: 1 } })
})

test('each secret in files and history is reported with what its key is to the server, and never shown', async () => {
  const keys = await keysInEachState()
  const body = `sk_live_${'7'.repeat(24)}`
  const foreign = body + checksum(body)
  const stripeLike = `sk_live_${'51Hq'.repeat(6)}`
  const known = keys.map(({ secret }) => secret)
  // The first half stands in files; of the others only the history is left.
  const [now, past] = [known.slice(0, 4), [...known.slice(4), foreign]]
  await commit({ 'past.env': past.join('\n'), 'stripe.js': `pay('${stripeLike}')` })
  git('rm', '--quiet', 'past.env')
  await commit({ 'now.env': now.join('\n') })

  const hint = (secret: string) => `${secret.slice(0, 8)}…${secret.slice(-4)}`
  const json = await scan('--json')
  expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode: 1, stderr: '' })
  const { found, problems } = JSON.parse(json.stdout)
  expect(problems).toEqual([])
  const statuses = found.map((leak: { hint: string; status: string }) => [leak.hint, leak.status])
  expect(statuses.toSorted()).toEqual(
    [...keys, { secret: foreign, status: 'unknown' }]
      .map(({ secret, status }) => [hint(secret), status])
      .toSorted(),
  )
  const lasting = found.find((leak: { hint: string }) => leak.hint === hint(foreign))
  expect(lasting.places).toMatchObject([
    { source: 'history', file: 'past.env', line: past.length, column: 1 },
  ])

  const people = await scan('--no-json')
  expect(people.exitCode).toBe(1)
  expect(people.stdout).toContain(`${hint(foreign)}  live environment, unknown to this server`)
  for (const output of [json.stdout, json.stderr, people.stdout, people.stderr]) {
    expect([...findSecrets(output)]).toEqual([])
    for (const secret of [...known, foreign]) expect(output).not.toContain(secret.slice(8, -4))
    expect(output).not.toContain(stripeLike)
  }
  // To whom the keys belong, both scans are uses like any other; also those that were refused.
  for (const { key, status } of keys.filter((each) => each.status === 'live').slice(0, 3)) {
    const clients = async () => {
      const { secrets } = await ask(`GET /api_keys/${key.id}/usage`)
      return secrets[0].clients.map((client: Record<string, unknown>) => ({
        userAgent: client.user_agent,
        endpoint: client.endpoint,
        asked: Number(client.requests) + Number(client.refused),
      }))
    }
    await expect.poll(clients, { message: status }).toEqual([
      {
        userAgent: expect.stringMatching(/^agentclara-cli\/\d+\.\d+\.\d+ scan$/),
        endpoint: 'GET /v1/me',
        asked: 2,
      },
    ])
  }
})
