/** Several servers on one database: what one of them changes about a key, the others know. */
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../app.ts'
import { parseConfig } from '../../config.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'

let database: TestDatabase
let nodes: App[]

beforeAll(async () => {
  database = await createTestDatabase()
  const installationSecret = randomBytes(32)
  const config = parseConfig({ AGENTCLARA_DATABASE_POOL_SIZE: '5' })
  const log = pino({ level: 'silent' })
  nodes = await Promise.all(
    [1, 2].map(() => createApp({ config, target: database.url, installationSecret, log })),
  )
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()))
  await database.drop()
})

const me = async (node: App, secret: string): Promise<number> =>
  (await node.http.inject({ url: '/v1/me', headers: { authorization: `Bearer ${secret}` } })).statusCode

test('a key that is revoked on one node is refused on the other', async () => {
  const [first, second] = nodes as [App, App]
  await first.workspaces.create('Acme')
  const environmentId = await first.workspaces.getEnvironmentId('Acme', 'test')
  const maker = { environmentId, environment: 'test', grants: ['*'], label: 'admin' } as const
  const { secret: admin } = await first.apiKeys.create(maker, { name: 'admin' })
  for (let round = 0; round < 20; round++) {
    const { key, secret } = await first.apiKeys.create(maker, { name: `round ${round}` })
    expect(await me(second, secret)).toBe(200)
    const revoked = await first.http.inject({
      method: 'POST',
      url: `/v1/api_keys/${key.id}/revoke`,
      headers: { authorization: `Bearer ${admin}` },
    })
    expect(revoked.statusCode).toBe(200)
    expect(await me(first, secret)).toBe(401)
    await expect.poll(() => me(second, secret), { timeout: 2_000, interval: 5 }).toBe(401)
  }
})
