/** Work that PostgreSQL ended for another's sake is done again; work that failed by itself is not. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { createDb, createPool, type Db } from './client.ts'
import { transact } from './transact.ts'

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDb(createPool(database.url, 4, () => {}))
  await sql`CREATE TABLE pairs (id int PRIMARY KEY, n int NOT NULL)`.execute(db)
  await sql`INSERT INTO pairs VALUES (1, 0), (2, 0)`.execute(db)
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

test('two transactions that lock each other out both end well, each once', async () => {
  let runs = 0
  const bothHold = Promise.withResolvers<void>()
  let holding = 0
  const add = (first: number, second: number) =>
    transact(db, async (tx) => {
      runs += 1
      await sql`UPDATE pairs SET n = n + 1 WHERE id = ${first}`.execute(tx)
      holding += 1
      if (holding === 2) bothHold.resolve()
      await bothHold.promise
      await sql`UPDATE pairs SET n = n + 1 WHERE id = ${second}`.execute(tx)
    })
  await Promise.all([add(1, 2), add(2, 1)])
  const { rows } = await sql`SELECT n FROM pairs ORDER BY id`.execute(db)
  expect(rows).toEqual([{ n: 2 }, { n: 2 }])
  // The one that was tried again may meet the other once more.
  expect(runs).toBeGreaterThanOrEqual(3)
})

test('work that fails for a reason of its own is not tried again, and leaves nothing', async () => {
  let runs = 0
  const work = transact(db, async (tx) => {
    runs += 1
    await sql`UPDATE pairs SET n = 100`.execute(tx)
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(runs).toBe(1)
  const { rows } = await sql`SELECT max(n) AS n FROM pairs`.execute(db)
  expect(rows).toEqual([{ n: 2 }])
})
