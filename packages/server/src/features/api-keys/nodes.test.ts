/** Several servers on one database: a revoked key is refused by all of them before the answer, also by one that hears nothing. */
import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../app.ts'
import { parseConfig } from '../../config.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { type ListenerProxy, startListenerProxy } from '../../testing/listener-proxy.ts'
import type { Caller } from './editor.ts'
import { adminCaller } from './service.ts'

let database: TestDatabase
let proxy: ListenerProxy
let nodes: [App, App, App]
let maker: Caller
let adminSecret: string

beforeAll(async () => {
  database = await createTestDatabase()
  proxy = await startListenerProxy(database.url)
  const installationSecret = randomBytes(32)
  const config = parseConfig({ AGENTCLARA_DATABASE_POOL_SIZE: '5' })
  const log = pino({ level: 'silent' })
  const start = (target: string) => createApp({ config, target, installationSecret, log })
  nodes = [await start(database.url), await start(database.url), await start(proxy.url)]
  await nodes[0].workspaces.create('Acme')
  maker = adminCaller(await nodes[0].workspaces.getScope('Acme', 'test'))
  adminSecret = (await nodes[0].apiKeys.create(maker, { name: 'admin' })).secret
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()))
  await proxy.close()
  await database.drop()
})

const me = async (node: App, secret: string): Promise<number> =>
  (await node.http.inject({ url: '/v1/me', headers: { authorization: `Bearer ${secret}` } })).statusCode

async function revoke(node: App, id: string) {
  const headers = { authorization: `Bearer ${adminSecret}` }
  const response = await node.http.inject({ method: 'POST', url: `/v1/api_keys/${id}/revoke`, headers })
  expect(response.statusCode).toBe(200)
  return response.json().data as { took_ms: number; nodes: { id: string; took_ms: number | null }[] }
}

test('no request that begins after a revoke’s answer is accepted on any node, under load', async () => {
  for (let round = 0; round < 60; round++) {
    const { key, secret } = await nodes[0].apiKeys.create(maker, { name: `round ${round}` })
    let isRevoked = false
    let acceptedAfterwards = 0
    const load = nodes.map(async (node) => {
      for (;;) {
        const beganAfterwards = isRevoked
        const status = await me(node, secret)
        // inject() never waits for the network: let the databases' answers in, as real requests would.
        await setImmediate()
        if (beganAfterwards) {
          if (status === 200) acceptedAfterwards += 1
          return
        }
      }
    })
    const receipt = await revoke(nodes[round % 3] as App, key.id)
    isRevoked = true
    await Promise.all(load)
    expect(acceptedAfterwards).toBe(0)
    expect(receipt.nodes).toHaveLength(3)
    for (const node of receipt.nodes) expect(node.took_ms).toBeLessThanOrEqual(receipt.took_ms)
  }
})

test('a node that hears nothing is named in the receipt, and refuses the key all the same', async () => {
  const { key, secret } = await nodes[0].apiKeys.create(maker, { name: 'cut' })
  expect(await me(nodes[2], secret)).toBe(200)
  proxy.cut()
  const startedMs = performance.now()
  const receipt = await revoke(nodes[0], key.id)
  expect(await me(nodes[2], secret)).toBe(401)
  expect(performance.now() - startedMs).toBeLessThan(3_000)
  expect(receipt.nodes.filter((node) => node.took_ms === null)).toHaveLength(1)
  expect(receipt.nodes.filter((node) => node.took_ms !== null)).toHaveLength(2)
})

test('a node that left or fell silent is not waited for', async () => {
  // The one that was cut off falls silent for the others after four seconds.
  await expect
    .poll(
      async () => {
        const { key } = await nodes[0].apiKeys.create(maker, { name: 'silent' })
        return (await revoke(nodes[0], key.id)).nodes.length
      },
      { timeout: 15_000 },
    )
    .toBe(2)
})
