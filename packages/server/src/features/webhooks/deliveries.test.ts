/** Sending again, over the API: many at once, beside webhooks that take nothing, and from days that nobody was told of. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newIdAt } from '../../lib/ids.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'

const CONNECTIONS = 2
/** Replays that a server looks at in one go. */
const AT_ONCE = 10
/** More than may wait of one replay before it goes on. */
const MISSED = 60

let server: TestApp
let key: string
let receiver: Receiver

beforeAll(async () => {
  server = await createTestApp({ env: { AGENTCLARA_DATABASE_POOL_SIZE: String(CONNECTIONS) } })
  key = await server.createKey()
  receiver = await startReceiver()
})
afterAll(async () => {
  await server.close()
  await receiver.stop()
})

const post = (path: string, body?: unknown) => server.request(`POST /v1${path}`, { key, body })
const get = async (path: string) => (await server.request(`GET /v1${path}`, { key })).body.data
async function createWebhook(): Promise<{ id: string; test_delivery_id: string }> {
  const made = await post('/webhooks', { url: receiver.url, events: ['contact.created'] })
  expect(made.status, made.text).toBe(201)
  return made.body.data
}
async function recover(webhookId: string, since: Date): Promise<string> {
  const begun = await post(`/webhooks/${webhookId}/recover`, {
    since: since.toISOString(),
    status: 'missing',
  })
  expect(begun.status, begun.text).toBe(202)
  return begun.body.data.id
}

test('more redeliveries at once than there are connections are all in line', async () => {
  const { test_delivery_id: id } = await createWebhook()
  await expect.poll(async () => (await get(`/deliveries/${id}`))?.status).toBe('succeeded')
  const answers = await Promise.all(
    Array.from({ length: 4 * CONNECTIONS }, () => post(`/deliveries/${id}/redeliver`)),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(4 * CONNECTIONS).fill(200))
})

test('replays to webhooks that are paused keep no other one waiting', async () => {
  const since = new Date()
  for (let count = 0; count < MISSED; count++) await post('/contacts', { name: `missed ${count}` })
  for (let count = 0; count < AT_ONCE; count++) {
    const { id } = await createWebhook()
    await post(`/webhooks/${id}/pause`)
    const recovery = await recover(id, since)
    await expect.poll(async () => (await get(`/recoveries/${recovery}`)).queued).toBe(MISSED)
  }
  const recovery = await recover((await createWebhook()).id, since)
  await expect
    .poll(() => get(`/recoveries/${recovery}`), { timeout: 10_000 })
    .toMatchObject({ status: 'completed', succeeded: MISSED })
})

test('what happened on a day that no delivery was made on is sent', async () => {
  const at = new Date(Date.now() - 20 * 86_400_000)
  const id = newIdAt('evt', at.getTime())
  // As when webhooks come to an installation that had none.
  await sql`
    INSERT INTO events (id, environment_id, type, data, created_at)
    SELECT ${id}, environment_id, 'contact.created', '{}', ${at} FROM events LIMIT 1`.execute(server.db)
  const recovery = await recover((await createWebhook()).id, new Date(at.getTime() - 1_000))
  await expect
    .poll(async () => (await get(`/recoveries/${recovery}`)).status, { timeout: 10_000 })
    .toBe('completed')
  expect(receiver.ids()).toContain(id)
})
