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

test('after making, using, misusing and revoking keys no secret is in the data folder or in the logs', async () => {
  const first = await createKey(folder.env)
  const secrets = [first]
  for (let i = 0; i < 5; i++) {
    const { body } = await call(server.url, first, 'POST /api_keys', { name: `key ${i}` })
    const { id, secret } = body.data
    secrets.push(secret)
    await call(server.url, secret, 'GET /me')
    await call(server.url, secret, 'POST /contacts', { name: 'Ada', email: `ada${i}@example.com` })
    await call(server.url, secret, 'POST /contacts', { nam: secret })
    await call(server.url, secret.slice(0, -1), 'GET /me')
    await call(server.url, secret, `GET /contacts?search=x&bogus=${i}`)
    await call(server.url, first, `POST /api_keys/${id}/revoke`)
    expect((await call(server.url, secret, 'GET /me')).status).toBe(401)
  }
  const { stdout, stderr } = await server.stop()
  expect(stderr).toContain('"level":20') // debug lines were written, so their absence proves something
  const bodies = secrets.map((secret) => secret.slice('sk_test_'.length, -1))
  for (const part of bodies) {
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
