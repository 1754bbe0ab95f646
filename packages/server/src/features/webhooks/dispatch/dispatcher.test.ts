/** Deliveries while owners come and go: what was done isn't done again, what wasn't is, and who was replaced does nothing. */
import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createDb, createPool, type Db } from '../../../db/client.ts'
import { makeDay } from '../../../db/day-partitions.ts'
import { type Id, newId } from '../../../lib/ids.ts'
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts'
import { type Receiver, type Reply, startReceiver } from '../testing/receiver.ts'
import { deliveryIdOf } from './item.ts'
import { type Planted, plantIn, plantWebhook, startNode, type TestNode } from './testing/node.ts'

/** A machine that is busy with other tests is no reason to fail. */
const PATIENT = { timeout: 20_000 }

let database: TestDatabase
let db: Db
const nodes: TestNode[] = []
const receivers: Receiver[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDb(createPool(database.url, 5, () => {}))
  const today = new Date().toISOString().slice(0, 10)
  for (const table of ['deliveries', 'delivery_attempts'] as const) await makeDay(db, table, today)
})
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()))
  await sql`DELETE FROM webhooks`.execute(db)
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

async function node(): Promise<TestNode> {
  const started = await startNode({ url: database.url })
  nodes.push(started)
  return started
}

async function receive(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  receivers.push(receiver)
  return receiver
}

interface Told {
  id: Id<'evt'>
  sequence: number
  created_at: Date
  conversation_id: Id<'conv'> | null
  type: string
}

/** One event of each conversation named, in order, in one statement. */
async function append(
  environmentId: Id<'env'>,
  conversations: readonly string[],
  { type = 'message.sent', by = db }: { type?: string; by?: Db } = {},
): Promise<Told[]> {
  const rows = conversations.map((name) => ({
    id: newId('evt'),
    environment_id: environmentId,
    type,
    conversation_id: `conv_${name}` as Id<'conv'>, // any text is one to the log
    data: '{}',
    created_at: new Date(),
  }))
  return by
    .insertInto('events')
    .values(rows)
    .returning(['id', 'sequence', 'created_at', 'conversation_id', 'type'])
    .execute()
}

const stateOf = (id: Id<'we'>) =>
  db.selectFrom('webhook_consumers').selectAll().where('webhook_id', '=', id).executeTakeFirstOrThrow()

const sequencesOf = (receiver: Receiver): number[] => receiver.received.map(({ event }) => event.sequence)

/** For each conversation, what came of it. */
function byConversation(receiver: Receiver, events: readonly Told[]): Map<string, number[]> {
  const names = new Map(events.map(({ id, conversation_id: name }) => [String(id), String(name)]))
  const grouped = Map.groupBy(receiver.received, ({ event }) => names.get(event.id) ?? 'unknown')
  return new Map([...grouped].map(([name, all]) => [name, all.map(({ event }) => event.sequence)]))
}

type Fate = 'succeeded' | 'failed' | 'pending' | 'unrecorded'

/** What the owner before left of each conversation: some are over, then some wait, then nothing is known of the rest. */
const lane = fc
  .tuple(
    fc.array(fc.constantFrom<Fate>('succeeded', 'failed'), { maxLength: 4 }),
    fc.array(fc.constant<Fate>('pending'), { maxLength: 3 }),
    fc.array(fc.constant<Fate>('unrecorded'), { maxLength: 4 }),
  )
  .map((parts) => parts.flat())

async function plantDelivery({ environmentId, webhookId }: Planted, event: Told, status: Fate) {
  await db
    .insertInto('deliveries')
    .values({
      environment_id: environmentId,
      webhook_id: webhookId,
      event_id: event.id,
      sequence: event.sequence,
      id: deliveryIdOf(webhookId, event),
      event_type: event.type,
      lane: event.conversation_id,
      status: status === 'unrecorded' ? 'pending' : status,
      attempts: 1,
      round_attempts: 1,
      due_at: status === 'pending' ? new Date() : null,
      created_at: event.created_at,
    })
    .execute()
}

describe('a new owner', () => {
  test('sends what its predecessor didn’t record, in order, and nothing that it did', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lane, { minLength: 1, maxLength: 6 }), fc.nat(), async (lanes, seed) => {
        const receiver = await receive()
        const planted = await plantWebhook(db, receiver.url)
        // One of each conversation after the other, from a place that differs.
        const names: string[] = []
        for (let at = 0; at < Math.max(...lanes.map(({ length }) => length)); at++)
          for (let index = 0; index < lanes.length; index++) {
            const which = (index + seed) % lanes.length
            if (at < (lanes[which]?.length ?? 0)) names.push(`${which}`)
          }
        const events = names.length === 0 ? [] : await append(planted.environmentId, names)
        const seen = new Map<string, number>()
        const wanted: Told[] = []
        const fates = events.map((event) => {
          const name = String(event.conversation_id)
          const at = seen.get(name) ?? 0
          seen.set(name, at + 1)
          return lanes[Number(name.slice(5))]?.[at] ?? 'unrecorded'
        })
        for (const [index, event] of events.entries()) {
          const fate = fates[index] ?? 'unrecorded'
          if (fate !== 'unrecorded') await plantDelivery(planted, event, fate)
          if (fate === 'pending' || fate === 'unrecorded') wanted.push(event)
        }
        // Everything before the first that isn't recorded is.
        const first = events.find((_, index) => fates[index] === 'unrecorded')
        const position = (first?.sequence ?? (events.at(-1)?.sequence ?? 0) + 1) - 1
        await sql`UPDATE webhook_consumers SET position = ${position} WHERE webhook_id = ${planted.webhookId}`.execute(
          db,
        )
        const owner = await node()
        await expect.poll(() => receiver.received.length, PATIENT).toBeGreaterThanOrEqual(wanted.length)
        // What would come too much comes with what is appended now, at the latest.
        const [last] = await append(planted.environmentId, ['last'])
        await expect.poll(() => sequencesOf(receiver), PATIENT).toContain(last?.sequence)
        const expected = Map.groupBy(wanted, ({ conversation_id: name }) => String(name))
        const came = byConversation(receiver, wanted)
        came.delete('unknown')
        expect(came).toEqual(
          new Map([...expected].map(([name, all]) => [name, all.map(({ sequence }) => sequence)])),
        )
        expect(receiver.received).toHaveLength(wanted.length + 1)
        nodes.splice(nodes.indexOf(owner), 1)
        await owner.close()
        await sql`DELETE FROM webhooks`.execute(db)
      }),
      { numRuns: 12 },
    )
  }, 90_000)

  test('goes on with what waits behind a parked event, in order', async () => {
    const receiver = await receive(() => ({ status: 500 }))
    const { environmentId, webhookId } = await plantWebhook(db, receiver.url)
    const first = await startNode({ url: database.url, retrySeconds: [600] })
    const events = await append(environmentId, ['a', 'a', 'a'])
    const waiting = () =>
      db.selectFrom('deliveries').selectAll().where('webhook_id', '=', webhookId).execute()
    await expect
      .poll(async () => (await waiting()).map(({ status }) => status), PATIENT)
      .toEqual(Array(3).fill('pending'))
    await expect.poll(async () => (await stateOf(webhookId)).position, PATIENT).toBe(events[2]?.sequence)
    await first.close()
    expect(sequencesOf(receiver)).toEqual([events[0]?.sequence])
    receiver.answer = () => ({ status: 200 })
    await sql`UPDATE deliveries SET due_at = now() WHERE webhook_id = ${webhookId}`.execute(db)
    await append(environmentId, ['a'])
    await node()
    await expect.poll(() => receiver.received.length, PATIENT).toBe(5)
    const came = sequencesOf(receiver).slice(1)
    expect(came).toEqual(came.toSorted((a, b) => a - b))
    await expect
      .poll(async () => (await waiting()).map(({ status }) => status), PATIENT)
      .toEqual(Array(4).fill('succeeded'))
  })

  test('takes over at once when the owner before stops, without sending anything twice', async () => {
    const receiver = await receive(() => ({ status: 200, afterMs: 5 }))
    const { environmentId, webhookId } = await plantWebhook(db, receiver.url)
    const first = await node()
    const second = await node()
    const names = Array.from({ length: 300 }, (_, index) => `${index % 30}`)
    const events = await append(environmentId, names)
    await expect.poll(() => receiver.received.length, PATIENT).toBeGreaterThan(20)
    const owner = first.dispatcher.size > 0 ? first : second
    nodes.splice(nodes.indexOf(owner), 1)
    await owner.close()
    // No lease has to run out.
    expect((await stateOf(webhookId)).owner_node).not.toBe(owner.nodeId)
    await expect.poll(() => receiver.received.length, PATIENT).toBe(events.length)
    expect(new Set(receiver.ids()).size).toBe(events.length)
    for (const sequences of byConversation(receiver, events).values())
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
  })
})

describe('an owner that another one replaced', () => {
  test('writes nothing of what it was about, and sends nothing more', async () => {
    const receiver = await receive(() => ({ status: 200, afterMs: 300 }))
    const { environmentId, webhookId } = await plantWebhook(db, receiver.url)
    const old = await node()
    const [event] = await append(environmentId, ['a'])
    await expect.poll(() => receiver.received.length, PATIENT).toBe(1)
    const other = newId('node')
    await sql`INSERT INTO nodes (id, started_at, heartbeat_at) VALUES (${other}, now(), now() + interval '1 hour')`.execute(
      db,
    )
    await sql`UPDATE webhook_consumers SET epoch = epoch + 1, owner_node = ${other} WHERE webhook_id = ${webhookId}`.execute(
      db,
    )
    await expect.poll(() => old.dispatcher.size, PATIENT).toBe(0)
    await append(environmentId, ['a', 'b'])
    // It hears of these, as its answer to another webhook shows.
    const witness = await receive()
    const planted = await plantWebhook(db, witness.url)
    const [seen] = await append(planted.environmentId, ['a'])
    await expect.poll(() => sequencesOf(witness), PATIENT).toEqual([seen?.sequence])
    expect(sequencesOf(receiver)).toEqual([event?.sequence])
    expect(
      await db.selectFrom('deliveries').selectAll().where('webhook_id', '=', webhookId).execute(),
    ).toEqual([])
    expect((await stateOf(webhookId)).position).toBe(0)
    await sql`DELETE FROM nodes WHERE id = ${other}`.execute(db)
  })

  test('is taken for dead by its silence, and the other one sends each event once', async () => {
    const receiver = await receive()
    const { environmentId, webhookId } = await plantWebhook(db, receiver.url)
    const silent = await node()
    await append(environmentId, ['a'])
    await expect.poll(() => receiver.received.length, PATIENT).toBe(1)
    silent.fallSilent()
    const other = await node()
    await expect.poll(async () => (await stateOf(webhookId)).owner_node, PATIENT).toBe(other.nodeId)
    await expect.poll(() => silent.dispatcher.size, PATIENT).toBe(0)
    await append(environmentId, ['a', 'b', 'c'])
    await expect.poll(() => receiver.received.length, PATIENT).toBe(4)
    await append(environmentId, ['a'])
    await expect.poll(() => receiver.received.length, PATIENT).toBe(5)
    expect(new Set(receiver.ids()).size).toBe(5)
  })
})

describe('the log', () => {
  test('is delivered whole while many write to it, some of them slowly and some in vain', async () => {
    const receiver = await receive()
    const { environmentId } = await plantWebhook(db, receiver.url)
    await node()
    const committed: Told[] = []
    const write = async (writer: number): Promise<void> => {
      const own = createDb(createPool(database.url, 1, () => {}))
      for (let round = 0; round < 25; round++) {
        const isKept = Math.random() < 0.8
        await own
          .transaction()
          .execute(async (tx) => {
            const rows = await append(environmentId, [`${writer}`, `${writer}`], { by: tx })
            if (Math.random() < 0.3) await sql`SELECT pg_sleep(${Math.random() * 0.02})`.execute(tx)
            rows.push(...(await append(environmentId, [`${writer}`], { by: tx })))
            if (!isKept) throw new Error('in vain')
            committed.push(...rows)
          })
          .catch((error: Error) => {
            if (error.message !== 'in vain') throw error
          })
      }
      await own.destroy()
    }
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
    await expect.poll(() => receiver.received.length, PATIENT).toBe(committed.length)
    expect(new Set(receiver.ids())).toEqual(new Set(committed.map(({ id }) => id)))
    for (const sequences of byConversation(receiver, committed).values())
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
  })

  test('is read up to what others were told already, though a slow writer announces less', async () => {
    const known = await receive()
    const planted = await plantWebhook(db, known.url)
    await node()
    const events = await append(planted.environmentId, ['a', 'b'])
    await expect.poll(() => known.received.length, PATIENT).toBe(2)
    // Announced late, as by a writer that was held up between looking at the sequence and saying so.
    const slow = new pg.Client({ connectionString: database.url })
    await slow.connect()
    await slow.query('BEGIN')
    await slow.query('SELECT pg_advisory_xact_lock_shared((4543::bigint << 48) | $1::bigint)', [
      (events[0]?.sequence ?? 0) - 1,
    ])
    const late = await receive()
    const webhookId = newId('we')
    const before = (events[0]?.sequence ?? 0) - 1
    await plantIn(db, { ...planted, webhookId }, late.url, ['*'], before)
    await expect.poll(() => late.received.length, PATIENT).toBe(2)
    await slow.query('ROLLBACK')
    await slow.end()
  })

  test('is not read again by the next owner where nothing of it was wanted', async () => {
    const receiver = await receive()
    const { environmentId, webhookId } = await plantWebhook(db, receiver.url, { events: ['contact.erased'] })
    await node()
    await expect.poll(async () => (await stateOf(webhookId)).owner_node, PATIENT).not.toBe(null)
    let last = 0
    for (let round = 0; round < 15; round++)
      last = (await append(environmentId, Array(100).fill('a'))).at(-1)?.sequence ?? 0
    await expect.poll(async () => last - (await stateOf(webhookId)).position, PATIENT).toBeLessThan(1_000)
    expect(receiver.received).toEqual([])
  })
})

test('a webhook whose secret can’t be opened holds up no other that is taken over with it', async () => {
  const receiver = await receive()
  const { environmentId, webhookId } = await plantWebhook(db, receiver.url)
  const others = await Promise.all([1, 2, 3].map(() => receive()))
  for (const other of others)
    await plantIn(db, { environmentId, webhookId: newId('we') }, other.url, ['*'], 0)
  await sql`UPDATE webhooks SET secret = '\\x00' WHERE id = ${webhookId}`.execute(db)
  const [event] = await append(environmentId, ['a'])
  const owner = await node()
  for (const other of others) await expect.poll(() => sequencesOf(other), PATIENT).toContain(event?.sequence)
  expect(receiver.received).toEqual([])
  expect(owner.dispatcher.size).toBe(3)
})

test('a webhook that was claimed and then not begun is delivered to all the same', async () => {
  const owner = await node()
  const receiver = await receive()
  const { environmentId, webhookId } = await plantWebhook(db, receiver.url)
  // As a claim leaves it when the database goes away right after.
  await sql`UPDATE webhook_consumers SET owner_node = ${owner.nodeId}, epoch = epoch + 1 WHERE webhook_id = ${webhookId}`.execute(
    db,
  )
  const [event] = await append(environmentId, ['a'])
  await expect.poll(() => sequencesOf(receiver), PATIENT).toEqual([event?.sequence])
})

test('one receiver that hangs holds up nobody else', async () => {
  const hanging = await receive((): Reply => ({ status: 200, afterMs: 60_000 }))
  const healthy = await receive()
  const { environmentId } = await plantWebhook(db, hanging.url)
  await plantIn(db, { environmentId, webhookId: newId('we') }, healthy.url, ['*'], 0)
  const owner = await node()
  const events = await append(
    environmentId,
    Array.from({ length: 200 }, (_, index) => `${index}`),
  )
  await expect.poll(() => healthy.received.length, PATIENT).toBeGreaterThanOrEqual(events.length)
  expect(hanging.received.length).toBeLessThanOrEqual(16)
  await hanging.stop()
  receivers.splice(receivers.indexOf(hanging), 1)
  await expect.poll(() => owner.dispatcher.size, PATIENT).toBe(2)
})
