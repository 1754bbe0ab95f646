/** A secret is in the answer that makes it and nowhere else: not on disk, not in any log at its most talkative. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  call,
  createDataFolder,
  createKey,
  type DataFolder,
  startServer,
  type TestServer,
} from './support/server.ts'

let folder: DataFolder
let server: TestServer

beforeAll(async () => {
  folder = await createDataFolder()
  server = await startServer({ ...folder.env, AGENTCLARA_LOG_LEVEL: 'debug' })
})
afterAll(() => folder.remove())

test('after making, using, misusing, rotating, leaking, quarantining and revoking keys no secret is in the data folder, in the logs or in any later answer', async () => {
  const first = await createKey(folder.env)
  const secrets = [first]
  const later: string[] = []
  const ask = async (secret: string, route: string, body?: unknown) => {
    const answer = await call(server.url, secret, route, body)
    later.push(JSON.stringify(answer.body))
    return answer
  }
  const contact = (await ask(first, 'POST /contacts', { name: 'Zoe', email: 'zoe@example.com' })).body.data.id
  for (let i = 0; i < 5; i++) {
    const { body } = await call(server.url, first, 'POST /api_keys', { name: `key ${i}` })
    const { id, secret } = body.data
    secrets.push(secret)
    await call(server.url, secret, 'GET /me')
    await call(server.url, secret, 'POST /contacts', { name: 'Ada', email: `ada${i}@example.com` })
    await call(server.url, secret, 'POST /contacts', { nam: secret })
    await call(server.url, secret.slice(0, -1), 'GET /me')
    await call(server.url, secret, `GET /contacts?search=x&bogus=${i}`)
    const rotated = (await call(server.url, first, `POST /api_keys/${id}/rotate`)).body.data
    secrets.push(rotated.secret)
    await ask(secret, 'GET /me')
    await ask(rotated.secret, 'GET /contacts')
    const token = (await call(server.url, rotated.secret, 'POST /client_tokens', { contact_id: contact }))
      .body.data.token
    secrets.push(token)
    await ask(token, 'GET /conversations')
    await ask(`${token}x`, 'GET /conversations')
    await fetch(`${server.url}/v1/me`, {
      headers: { authorization: `Bearer ${rotated.secret}`, origin: 'https://shop.example.com' },
    })
    await ask(
      first,
      i % 2 === 0 ? `POST /api_keys/${id}/rotate/finish` : `POST /api_keys/${id}/rotate/cancel`,
    )
    await ask(first, `POST /api_keys/${id}/quarantine`, { reason: 'looks odd' })
    await ask(first, `POST /api_keys/${id}/release`)
    const leaked = i % 2 === 0 ? rotated.secret : secret
    expect((await ask('none', 'POST /leaks', { secret: leaked, source: 'a paste' })).status).toBe(202)
    await ask('none', 'POST /leaks', { secret: leaked, url: [leaked] })
    for (const path of ['', '/usage', '/audit', '/suggested_permissions'])
      await ask(first, `GET /api_keys/${id}${path}`)
    await ask(first, `POST /api_keys/${id}/revoke`)
    expect((await ask(leaked, 'GET /me')).body.code).toBe('api_key_revoked')
  }
  await ask(first, 'GET /events?limit=100')
  await ask(first, 'GET /api_keys/audit?limit=100')
  const { stdout, stderr } = await server.stop()
  expect(stderr).toContain('"level":20') // debug lines were written, so their absence proves something
  expect(later.join('')).toContain('leak_reported')
  const bodies = secrets.map((secret) => secret.slice('sk_test_'.length, -1))
  for (const part of bodies) {
    expect(later.join('')).not.toContain(part)
    expect(stdout).not.toContain(part)
    expect(stderr).not.toContain(part)
  }
  const files = await filesBelow(folder.path)
  expect(files.length).toBeGreaterThan(500)
  for (const file of files) {
    const content = await readFile(file, 'latin1')
    for (const part of bodies) expect(content.includes(part), file).toBe(false)
  }
})

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
