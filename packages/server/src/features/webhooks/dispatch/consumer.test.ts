/** What time does to a webhook that fails: disabled, probed, recovered. And what one that hangs may cost. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDb, createPool } from '../../../db/client.ts'
import { readAfter } from '../../../events/log.ts'
import { newId } from '../../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock } from '../../../testing/app.ts'
import { createTestDatabase } from '../../../testing/database.ts'
import { startReceiver } from '../testing/receiver.ts'
import { Consumer } from './consumer.ts'
import { DeliveryRecorder } from './recorder.ts'
import { claimConsumers, listPending, listRecorded, takeRequested, writeOutcomes } from './store.ts'
import { plantWebhook } from './testing/node.ts'

/** A machine that is busy with other tests is no reason to fail. */
const PATIENT = { timeout: 20_000 }
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

let server: TestApp
let key: string
const clock = new TestClock()

beforeAll(async () => {
  server = await createTestApp({ clock, env: { WEBHOOK_RETRY_SECONDS: '60,60,60' } })
  key = await server.createKey()
})
afterAll(() => server.close())

const post = (path: string, body?: unknown) => server.request(`POST /v1${path}`, { key, body })
const get = async (path: string) => (await server.request(`GET /v1${path}`, { key })).body.data

test('five days of failures disable a webhook; it is probed hourly, and caught up in order when it is well again', async () => {
  const receiver = await startReceiver(() => ({ status: 500 }))
  const conversation = (await post('/conversations', { channel: 'web' })).body.data.id
  const say = (content: string) =>
    post(`/conversations/${conversation}/messages`, { content, sender: 'assistant' })
  const { body } = await post('/webhooks', { url: receiver.url, events: ['message.sent'] })
  const id = body.data.id as string
  const statusOf = async () => (await get(`/webhooks/${id}`)).status
  // Not until an attempt is written is it known to have failed at the time that was.
  await expect.poll(() => countAttempts(), PATIENT).toBe(1)

  clock.advance(5 * DAY_MS - MINUTE_MS)
  await say('first')
  await expect.poll(() => countAttempts(), PATIENT).toBe(3)
  expect(await statusOf()).toBe('enabled')
  clock.advance(2 * MINUTE_MS)
  await say('second')
  await expect.poll(statusOf, PATIENT).toBe('disabled')
  expect(await get('/events?type=webhook.disabled')).toMatchObject([
    { data: { webhook_id: id, reason: 'failing' } },
  ])

  const probes = () => receiver.received.filter(({ headers }) => headers['agentclara-attempt'] !== '1').length
  // The first probe comes at once.
  await expect.poll(async () => countAttempts('probe'), PATIENT).toBe(1)
  const before = probes()
  clock.advance(59 * MINUTE_MS)
  await say('third')
  // That was heard of by another webhook.
  const witness = await startReceiver()
  const { body: other } = await post('/webhooks', { url: witness.url, events: ['message.sent'] })
  await say('fourth')
  await expect.poll(() => witness.received.length, PATIENT).toBe(2)
  expect(probes()).toBe(before)
  clock.advance(2 * MINUTE_MS)
  await say('fifth')
  await expect.poll(async () => countAttempts('probe'), PATIENT).toBe(2)

  receiver.answer = () => ({ status: 200 })
  const failed = receiver.received.length
  clock.advance(61 * MINUTE_MS)
  await say('sixth')
  await expect.poll(statusOf, PATIENT).toBe('enabled')
  const wanted = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']
  const contents = () =>
    receiver.received
      .slice(failed)
      .map(({ event }) => event.data.content)
      .filter((content) => content !== undefined)
  await expect.poll(contents, PATIENT).toEqual(wanted)
  expect(await get('/events?type=webhook.recovered')).toMatchObject([{ data: { webhook_id: id } }])
  await server.request(`DELETE /v1/webhooks/${id}`, { key })
  await server.request(`DELETE /v1/webhooks/${other.data.id}`, { key })
  await receiver.stop()
  await witness.stop()
}, 90_000)

async function countAttempts(cause?: 'probe'): Promise<number> {
  const attempts = await server.db.selectFrom('delivery_attempts').select('cause').execute()
  return attempts.filter((attempt) => cause === undefined || attempt.cause === cause).length
}

test('a receiver that hangs is read for no further than what fits in memory', async () => {
  const database = await createTestDatabase()
  const db = createDb(createPool(database.url, 5, () => {}))
  const { environmentId, webhookId } = await plantWebhook(db, 'http://127.0.0.1:1/')
  for (let page = 0; page < 12; page++) {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      id: newId('evt'),
      environment_id: environmentId,
      type: 'message.sent',
      // Any text is a conversation to the log.
      conversation_id: `conv_${(page * 1_000 + index) % 5_000}` as const,
      data: '{}',
      created_at: new Date(),
    }))
    await db.insertInto('events').values(rows).execute()
  }
  const nodeId = newId('node')
  const ownedAtMs = performance.now()
  const [owned] = await claimConsumers(db, nodeId, [nodeId], 1)
  if (owned === undefined) throw new Error('nothing to own')
  let read = 0
  let atOnce = 0
  const consumer = new Consumer({
    owned,
    ownedAtMs,
    clock: { nowMs: () => Date.now() },
    target: {
      id: webhookId,
      environmentId,
      environment: 'test',
      url: 'http://127.0.0.1:1/',
      maxPerSecond: null,
      isDisabled: false,
      wants: () => true,
    },
    schedule: [60],
    recorder: new DeliveryRecorder({
      write: (...batch) => writeOutcomes(db, ...batch),
      onError: (error) => expect.unreachable(String(error)),
    }),
    send(_event, { signal }) {
      atOnce += 1
      return new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          resolve({
            status: null,
            error: 'aborted',
            retryAfter: undefined,
            record: {
              duration_ms: 0,
              address: null,
              response_headers: null,
              response_body: null,
              is_response_cut: false,
            },
          }),
        ),
      )
    },
    async readEvents(id, afterSequence, limit) {
      const { rows, upTo } = await readAfter(
        db,
        { environmentId: id },
        { afterSequence, knownSettled: 0, limit },
      )
      read += rows.length
      return { rows, readTo: upTo }
    },
    findEvent: () => Promise.resolve(undefined),
    listPending: (id, after, limit) => listPending(db, id, after, limit),
    listRecorded: (id, after) => listRecorded(db, id, after),
    takeRequested: (id, epoch) => takeRequested(db, id, epoch, new Date()),
    noteProbe: () => Promise.resolve(),
    disable: () => Promise.resolve(),
    recover: () => Promise.resolve(),
    onLost: () => {},
    onError: (error) => expect.unreachable(String(error)),
  })
  consumer.start()
  await expect.poll(() => read, PATIENT).toBeGreaterThanOrEqual(2_000)
  // However often it is woken.
  for (let time = 0; time < 50; time++) {
    consumer.wake()
    await db.selectNoFrom((eb) => eb.lit(1).as('one')).execute()
  }
  expect(read).toBeLessThanOrEqual(2_200)
  expect(atOnce).toBe(16)
  await consumer.stop(0)
  await db.destroy()
  await database.drop()
})
