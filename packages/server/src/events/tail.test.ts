/** The tail of the log, and followers that join it from any place: each event once, in order, at one look for all. */
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDb, createPool, type Db } from '../db/client.ts'
import type { Id } from '../lib/ids.ts'
import { createTestApp, type TestApp } from '../testing/app.ts'
import { Follower } from './follow.ts'
import { EventTail, type EventTailOptions } from './tail.ts'

const NEVER_MS = 2 ** 30

let server: TestApp
let environments: [Id<'env'>, Id<'env'>]
let writer: pg.Client
let db: Db
let queries = 0
let prefix = ''

beforeAll(async () => {
  server = await createTestApp()
  const [test, live] = await Promise.all([
    server.app.workspaces.getScope('Acme', 'test'),
    server.app.workspaces.getScope('Acme', 'live'),
  ])
  environments = [test.environmentId, live.environmentId]
  writer = await connect()
  const pool = createPool(server.url, 10, () => undefined)
  pool.on('acquire', () => queries++)
  db = createDb(pool)
})
beforeEach(() => {
  prefix = `evt_${Math.random().toString(36).slice(2)}`
})
afterAll(async () => {
  await writer.end()
  await db.destroy()
  await server.close()
})

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  return client
}

async function insert(name: string, environmentId: Id<'env'>, client = writer, type = 'contact.created') {
  const text = `INSERT INTO events (id, environment_id, type, data, created_at) VALUES ($1, $2, $3, '{}', now()) RETURNING sequence`
  const { rows } = await client.query(text, [`${prefix}_${name}`, environmentId, type])
  return Number(rows[0].sequence)
}

function createTail(options: Partial<EventTailOptions> = {}): EventTail {
  return new EventTail({ db, onError: (error) => expect.unreachable(String(error)), ...options })
}

async function hear(tail: EventTail, environmentId?: Id<'env'>) {
  const heard: string[] = []
  const subscription = await tail.subscribe({
    ...(environmentId === undefined ? {} : { environmentId }),
    onEvents: (rows) => heard.push(...rows.map(({ id }) => id.slice(prefix.length + 1))),
  })
  return { heard, ...subscription }
}

test('however many listen, a wake costs the same two queries, and each hears what is its own', async () => {
  const tail = createTail({ pollMs: NEVER_MS })
  const [own, other] = environments
  const all = await hear(tail)
  const many = await Promise.all(
    Array.from({ length: 50 }, (_, index) => hear(tail, environments[index % 2])),
  )
  // The look that began with the first of them.
  await expect.poll(() => queries).toBeGreaterThanOrEqual(52)
  await insert('a', own)
  await insert('b', other)
  const before = queries
  tail.wake()
  await expect.poll(() => all.heard).toEqual(['a', 'b'])
  expect(queries - before).toBe(2)
  for (const [index, { heard }] of many.entries()) expect(heard).toEqual([index % 2 === 0 ? 'a' : 'b'])
  await tail.close()
})

test('while nobody listens nothing is asked', async () => {
  const tail = createTail({ pollMs: 1 })
  const first = await hear(tail)
  await insert('heard', environments[0])
  await expect.poll(() => first.heard).toEqual(['heard'])
  first.close()
  let before: number
  do {
    before = queries
    // As long as ten looks.
    await db.selectNoFrom((eb) => eb.val(1).as('one')).execute()
    await writer.query('SELECT pg_sleep(0.02)')
  } while (queries > before + 1)
  await insert('missed', environments[0])
  const second = await hear(tail)
  await insert('heard again', environments[0])
  await expect.poll(() => second.heard).toEqual(['heard again'])
  expect(first.heard).toEqual(['heard'])
  await tail.close()
})

test('what nobody woke for is heard at the next look, and what is not settled is waited for', async () => {
  const tail = createTail({ pollMs: 5 })
  const listener = await hear(tail)
  const slow = await connect()
  await slow.query('BEGIN')
  await insert('lower', environments[0], slow)
  await insert('higher', environments[0])
  await insert('highest', environments[1])
  expect(listener.heard).toEqual([])
  await slow.query('COMMIT')
  await expect.poll(() => listener.heard).toEqual(['lower', 'higher', 'highest'])
  await Promise.all([slow.end(), tail.close()])
})

test('a listener that throws, and a database that is away, keep nothing from the others', async () => {
  const errors: unknown[] = []
  const tail = createTail({ pollMs: 5, onError: (error) => errors.push(error) })
  await tail.subscribe({
    onEvents: () => {
      throw new Error('broken')
    },
  })
  const listener = await hear(tail)
  await insert('before', environments[0])
  await expect.poll(() => listener.heard).toEqual(['before'])
  expect(errors.map(String)).toEqual(['Error: broken'])
  await writer.query('ALTER TABLE events RENAME TO events_away')
  await writer.query(
    `INSERT INTO events_away (id, environment_id, type, data, created_at) VALUES ($1, $2, 'contact.created', '{}', now())`,
    [`${prefix}_meanwhile`, environments[0]],
  )
  // Said once, however often it is tried.
  await expect.poll(() => errors.length).toBe(2)
  await writer.query('ALTER TABLE events_away RENAME TO events')
  await expect.poll(() => listener.heard).toEqual(['before', 'meanwhile'])
  await tail.close()
})

test('followers that begin anywhere and fall behind see each event once, in order, while many write', async () => {
  const tail = createTail({ pollMs: 2, batchSize: 7 })
  const start = await insert('start', environments[0])
  const written: { sequence: number; environmentId: Id<'env'>; type: string }[] = []
  let isWriting = true
  const work = Promise.all(
    Array.from({ length: 6 }, async (_, index) => {
      const client = await connect()
      for (let round = 0; round < 50; round++) {
        const kept: typeof written = []
        await client.query('BEGIN')
        for (let each = 0; each <= (index + round) % 3; each++) {
          const environmentId = environments[(index + each) % 2] ?? environments[0]
          const type = (round + each) % 4 === 0 ? 'contact.updated' : 'contact.created'
          const sequence = await insert(`${index}_${round}_${each}`, environmentId, client, type)
          kept.push({ sequence, environmentId, type })
        }
        if (round % 7 === index) await client.query('ROLLBACK')
        else {
          await client.query('COMMIT')
          written.push(...kept)
        }
        if (round % 5 === 0) tail.wake()
      }
      await client.end()
    }),
  ).then(() => {
    isWriting = false
  })
  const read = async (index: number): Promise<boolean> => {
    const [environmentId] = [environments[index % 2] ?? environments[0]]
    const types = index % 3 === 0 ? ['contact.updated'] : undefined
    const options = { db, tail, environmentId, types, pageSize: 3, maxWaiting: 1 + (index % 9) }
    // From the beginning, from the middle by what was written until now, or from now on.
    const middle = written.at(-1)?.sequence
    const afterSequence = index < 4 ? start : index < 8 ? middle : undefined
    const follower = await Follower.start({ ...options, afterSequence })
    const from = follower.position
    const seen: number[] = []
    const { signal } = new AbortController()
    for (let isLast = false; ; ) {
      const rows = await follower.next(isWriting ? 5 : 100, signal)
      seen.push(...rows.map(({ sequence }) => sequence))
      // Slower than the writers, now and then.
      if (seen.length % 4 === index % 4) await sql`SELECT pg_sleep(0.005)`.execute(db)
      if (isLast && rows.length === 0) break
      isLast = !isWriting && rows.length === 0
    }
    follower.close()
    const wanted = written
      .filter((event) => event.environmentId === environmentId && event.sequence > from)
      .filter(({ type }) => types === undefined || types.includes(type))
    expect(seen).toEqual(wanted.map(({ sequence }) => sequence).toSorted((a, b) => a - b))
    return seen.length > 0
  }
  const followed = await Promise.all(Array.from({ length: 12 }, (_, index) => read(index)))
  await work
  expect(followed.filter(Boolean).length).toBeGreaterThanOrEqual(8)
  await tail.close()
})
