/** How much room deliveries take: attempts go before deliveries, old before young, and today stays. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDb, createPool, type Db } from '../../db/client.ts'
import { type DayTable, dayOf, listDays, makeDay } from '../../db/day-partitions.ts'
import { systemClock } from '../../lib/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { choose, DeliveryRetention } from './retention.ts'

const DAY_MS = 86_400_000
const MIB = 1024 * 1024
const nowMs = Date.parse('2026-11-20T12:00:00Z')

describe('which days go', () => {
  /** By their age in days, oldest first. */
  const days = (table: DayTable, bytesByAge: Record<number, number>) =>
    Object.entries(bytesByAge)
      .map(([age, bytes]) => ({
        day: dayOf(nowMs - Number(age) * DAY_MS),
        partition: `${table}_${age}`,
        bytes,
      }))
      .toSorted((a, b) => (a.day < b.day ? -1 : 1))
  const chosen = (attempts: Record<number, number>, deliveries: Record<number, number>, maxBytes: number) => {
    const both = { attempts: days('delivery_attempts', attempts), deliveries: days('deliveries', deliveries) }
    const { dropped, keptBytes } = choose(both, nowMs, maxBytes)
    return { dropped: dropped.map(({ partition }) => partition), keptBytes }
  }

  test.each([
    ['none while there is room', { 0: 1, 9: 1 }, { 0: 1, 9: 1 }, 4, [], 4],
    ['the oldest attempts', { 0: 1, 1: 5, 9: 5 }, { 9: 1 }, 8, ['delivery_attempts_9'], 7],
    [
      'deliveries when attempts don’t suffice',
      { 1: 1 },
      { 0: 1, 8: 5, 9: 5 },
      6,
      ['delivery_attempts_1', 'deliveries_9'],
      6,
    ],
    ['none of today, none that may be tried again', { 0: 9 }, { 0: 9, 5: 9 }, 1, [], 27],
  ] as const)('%s', (_name, attempts, deliveries, maxBytes, dropped, keptBytes) => {
    expect(chosen(attempts, deliveries, maxBytes)).toEqual({ dropped, keptBytes })
  })
})

describe('on PostgreSQL', () => {
  let database: TestDatabase
  let db: Db
  beforeAll(async () => {
    database = await createTestDatabase()
    db = createDb(createPool(database.url, 4, () => {}))
  })
  afterAll(async () => {
    await db.destroy()
    await database.drop()
  })

  async function fill(ageDays: number, bytes: number): Promise<void> {
    const at = new Date(Date.now() - ageDays * DAY_MS)
    await makeDay(db, 'delivery_attempts', dayOf(at.getTime()))
    const text = randomBytes(8 * 1024).toString('hex')
    await sql`
      INSERT INTO delivery_attempts (environment_id, webhook_id, delivery_id, number, cause, url, started_at, duration_ms, response_body, is_response_cut)
      SELECT 'env_1', 'we_1', 'dlv_' || n, 1, 'event', 'http://a', ${at}, 1, reverse(${text}) || n, false
        FROM generate_series(1, ${Math.ceil(bytes / text.length)}) n`.execute(db)
  }
  const ages = async () =>
    (await listDays(db, 'delivery_attempts'))
      .map(({ day }) => Math.round((Date.parse(dayOf(Date.now())) - Date.parse(day)) / DAY_MS))
      .filter((age) => age >= 0)
  function retention(maxBytes: number) {
    const full: number[] = []
    const errors: unknown[] = []
    const made = new DeliveryRetention({
      db,
      clock: systemClock,
      maxBytes,
      onFull: (bytes) => full.push(bytes),
      onError: (error) => errors.push(error),
    })
    return { made, full, errors }
  }

  test('old answers make room, from several servers at once; today stays, and answers are left out while it is too large', async () => {
    for (const age of [3, 2, 1, 0]) await fill(age, 3 * MIB)
    const [first, second] = [retention(8 * MIB), retention(8 * MIB)]
    await Promise.all([first.made.run(), second.made.run()])
    expect(await ages()).toEqual([1, 0])
    expect(first.made.hasRoom).toBe(true)

    const small = retention(2 * MIB)
    small.made.noteWritten(MIB)
    await small.made.drain()
    expect(small.errors).toEqual([])
    expect(await ages()).toEqual([0])
    expect(small.made.hasRoom).toBe(false)
    await small.made.run()
    expect(small.full).toHaveLength(1)
    await sql`TRUNCATE delivery_attempts`.execute(db)
    await small.made.run()
    expect(small.made.hasRoom).toBe(true)
  })
})
