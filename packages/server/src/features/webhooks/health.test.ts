/** What is said of how webhooks fare agrees with what they were sent. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { type DeliveryOutcome, healthToWire, measureHealth } from './health.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'

const HOUR_MS = 3_600_000
const NOW_MS = Date.parse('2026-03-01T12:30:00Z')
const delivery = (hoursAgo: number, fields: Partial<DeliveryOutcome> = {}): DeliveryOutcome => ({
  status: 'succeeded',
  attempts: 1,
  created_at: new Date(NOW_MS - hoursAgo * HOUR_MS),
  ...fields,
})

test('a delivery counts in the hour of its event; what was tried and not taken counts as failed', () => {
  const health = healthToWire(
    measureHealth(
      [
        delivery(0.5),
        delivery(0.6, { status: 'failed', attempts: 9 }),
        delivery(23.5, { status: 'pending', attempts: 2 }),
        delivery(1.5, { status: 'pending', attempts: 0 }),
      ],
      NOW_MS,
    ),
  )
  expect(health).toMatchObject({ deliveries: 4, succeeded: 1, failed: 2, pending: 1, success_rate: 1 / 3 })
  expect(health.spans).toHaveLength(24)
  expect(health.spans[0]).toEqual({ succeeded: 0, failed: 1 })
  expect(health.spans[23]).toEqual({ succeeded: 1, failed: 1 })
})

test('without deliveries there is no rate', () => {
  expect(healthToWire(measureHealth([], NOW_MS))).toMatchObject({ deliveries: 0, success_rate: null })
})

test('of a busy webhook the latest thousand are counted, and the range says so', () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => delivery(index / 1_000))
  const health = healthToWire(measureHealth(rows, NOW_MS))
  expect(Date.parse(health.since)).toBe(NOW_MS - 0.999 * HOUR_MS)
  expect(health.spans.every(({ succeeded }) => succeeded > 35)).toBe(true)
})

let server: TestApp
let key: string
const receivers: Receiver[] = []

beforeAll(async () => {
  server = await createTestApp({ env: { WEBHOOK_RETRY_SECONDS: '3600' } })
  key = await server.createKey()
})
afterAll(async () => {
  await server.close()
  for (const receiver of receivers) await receiver.stop()
})

async function createWebhook(status: number): Promise<string> {
  const receiver = await startReceiver(() => ({ status }))
  receivers.push(receiver)
  const { body } = await server.request('POST /v1/webhooks', {
    key,
    body: { url: receiver.url, events: ['contact.created'] },
  })
  return body.data.id
}

test('each webhook of a list has its own, and the same alone', async () => {
  const [good, bad] = [await createWebhook(200), await createWebhook(500)]
  await server.request('POST /v1/contacts', { key, body: { name: 'Ada' } })
  const health = async () => {
    const { body } = await server.request('GET /v1/webhooks', { key })
    return Object.fromEntries(
      body.data.map(({ id, health }: { id: string; health: Record<string, unknown> }) => [id, health]),
    )
  }
  // The test event and the contact; the failing one waits with its second until the first got through.
  await expect.poll(async () => (await health())[good], { timeout: 20_000 }).toMatchObject({ succeeded: 2 })
  await expect.poll(async () => (await health())[bad]?.failed, { timeout: 20_000 }).toBeGreaterThanOrEqual(1)
  expect((await health())[bad]).toMatchObject({ succeeded: 0, success_rate: 0 })
  const alone = await server.request(`GET /v1/webhooks/${good}`, { key })
  expect(alone.body.data.health).toMatchObject({ succeeded: 2, failed: 0, success_rate: 1 })
})

test('deliveries are found by their conversation', async () => {
  const { body } = await server.request('POST /v1/webhooks', {
    key,
    body: { url: 'http://127.0.0.1:9/hook', events: ['conversation.created'] },
  })
  const conversations = await Promise.all(
    ['a', 'b'].map(() => server.request('POST /v1/conversations', { key, body: { channel: 'web' } })),
  )
  const id = conversations[0]?.body.data.id
  const found = () =>
    server.request(`GET /v1/webhooks/${body.data.id}/deliveries?conversation_id=${id}`, { key })
  await expect.poll(async () => (await found()).body.data.length, { timeout: 20_000 }).toBe(1)
  expect((await found()).body.data[0]).toMatchObject({ conversation_id: id, event: 'conversation.created' })
})
