/** What both engines promise beyond the oracle: waits that are kept, clocks that jump, memory that is given up. */
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startRedis, type TestRedis, whyNoRedis } from '../../../../../tests/support/redis.ts'
import type { Policy } from '../../http/rate-limit.ts'
import { Instants } from './instants.ts'
import type { Verdict } from './limiter.ts'
import { MemoryLimiter } from './memory-limiter.ts'
import { createRedis, RedisLimiter } from './redis-limiter.ts'

const policy = (limit: number, windowMs: number, name = 'test'): Policy => ({ name, limit, windowMs })

interface Engine {
  take(name: string, policies: readonly Policy[]): Verdict | Promise<Verdict>
}

/** Clients who are refused together, and wait as they are told, are refused once. */
async function promisesAreKept(engine: Engine, clock: { nowMs: number }, name: string): Promise<void> {
  const policies = [policy(4, 10_000)]
  // Slots that become free one after another.
  for (let taken = 0; taken < 4; taken++) {
    expect((await engine.take(name, policies)).isAllowed).toBe(true)
    clock.nowMs += 2_000
  }
  const waits: number[] = []
  for (let client = 0; client < 4; client++) waits.push((await engine.take(name, policies)).waitMs)
  expect(waits).toEqual([2_000, 4_000, 6_000, 8_000])
  const beganMs = clock.nowMs
  for (const waitMs of waits) {
    clock.nowMs = beganMs + waitMs
    expect((await engine.take(name, policies)).isAllowed).toBe(true)
  }
}

describe('in memory', () => {
  test('those who are refused are told different times, and none is refused again', async () => {
    const clock = { nowMs: 0 }
    await promisesAreKept(new MemoryLimiter(() => clock.nowMs), clock, 'key')
  })

  test('who was refused by several policies waits for the one that takes longest', () => {
    const clock = { nowMs: 0 }
    const limiter = new MemoryLimiter(() => clock.nowMs)
    const both = [policy(2, 60_000, 'minute'), policy(1, 1_000, 'burst')]
    limiter.take('key', both)
    expect(limiter.take('key', both)).toMatchObject({ waitMs: 1_000, refusedBy: { name: 'burst' } })
    clock.nowMs = 1_000
    limiter.take('key', both)
    expect(limiter.take('key', both)).toMatchObject({ waitMs: 59_000, refusedBy: { name: 'minute' } })
  })

  test('a clock that goes back is held: nobody gets more', () => {
    const clock = { nowMs: 5_000 }
    const limiter = new MemoryLimiter(() => clock.nowMs)
    limiter.take('key', [policy(1, 1_000)])
    clock.nowMs = 4_000
    expect(limiter.take('key', [policy(1, 1_000)])).toMatchObject({ isAllowed: false, countedAt: 5_000 })
  })

  test('names that made no request for a window are forgotten, without a timer and a few at a time', () => {
    const clock = { nowMs: 0 }
    const limiter = new MemoryLimiter(() => clock.nowMs)
    for (let key = 0; key < 1_000; key++) limiter.take(`key${key}`, [policy(1, 1_000)])
    clock.nowMs = 61_000
    for (let call = 0; call < 1_000; call++) limiter.take('busy', [policy(1, 1_000)])
    clock.nowMs = 122_000
    for (let call = 0; call < 1_000; call++) limiter.take('busy', [policy(1, 1_000)])
    expect(limiter.size).toBe(1)
  })
})

const whyNot = whyNoRedis()

describe.skipIf(whyNot !== false)(`on redis-server${whyNot === false ? '' : `, skipped: ${whyNot}`}`, () => {
  let server: TestRedis
  let redis: Redis

  beforeAll(async () => {
    server = await startRedis()
    redis = createRedis(server.url)
    await redis.connect()
  })
  afterAll(async () => {
    redis.disconnect()
    await server.remove()
  })

  test('those who are refused are told different times, and none is refused again', async () => {
    const clock = { nowMs: 1_700_000_000_000 }
    await promisesAreKept(new RedisLimiter(redis, () => clock.nowMs), clock, 'promises')
  })

  test('servers share one count by Redis’s own clock', async () => {
    const one = new RedisLimiter(redis)
    const connection = createRedis(server.url)
    await connection.connect()
    const other = new RedisLimiter(connection)
    const policies = [policy(100, 60_000)]
    const answers = Array.from({ length: 250 }, (_, index) =>
      (index % 2 === 0 ? one : other).take('both', policies),
    )
    const allowed = (await Promise.all(answers)).filter(({ isAllowed }) => isAllowed)
    expect(allowed.length).toBe(100)
    connection.disconnect()
    expect(Math.abs((allowed[0]?.countedAt ?? 0) / 1000 - Date.now())).toBeLessThan(10_000)
  })

  test.each([3_600_000, 30_000, 1])(
    'a clock that goes back by %i ms locks nobody out for longer than a window',
    async (backMs) => {
      const clock = { nowMs: 1_700_000_000_000 }
      const limiter = new RedisLimiter(redis, () => clock.nowMs)
      const policies = [policy(3, 60_000)]
      const name = `back ${backMs}`
      for (let taken = 0; taken < 3; taken++) {
        await limiter.take(name, policies)
        clock.nowMs += 10_000
      }
      clock.nowMs -= 10_000 + backMs
      const refused = await limiter.take(name, policies)
      expect(refused.isAllowed).toBe(false)
      expect(refused.waitMs).toBeLessThanOrEqual(60_000)
      clock.nowMs += 59_999
      expect((await limiter.peek(name, policies)).quotas[0]?.remaining).toBeLessThan(3)
      clock.nowMs += 1
      expect((await limiter.peek(name, policies)).quotas[0]?.remaining).toBe(3)
    },
  )

  test('what is kept in Redis expires by itself, and not before its minute is over', async () => {
    const limiter = new RedisLimiter(redis)
    await limiter.take('idle', [policy(1, 60_000)])
    await limiter.take('idle', [policy(1, 60_000)])
    for (const key of ['agentclara:limit:{idle}', 'agentclara:limit:{idle}:promises']) {
      const leftMs = await redis.pttl(key)
      expect(leftMs).toBeGreaterThan(60_000)
      expect(leftMs).toBeLessThanOrEqual(120_000)
    }
  })
})

test('instants are an ordered multiset, whatever is added, dropped and removed', () => {
  const operation = fc.oneof(
    fc.record({
      kind: fc.constantFrom('insert' as const, 'remove' as const),
      at: fc.integer({ min: 0, max: 40 }),
    }),
    fc.record({ kind: fc.constant('drop' as const), at: fc.integer({ min: 0, max: 10 }) }),
  )
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const instants = new Instants()
      let model: number[] = []
      for (const { kind, at } of operations) {
        if (kind === 'insert') {
          instants.insert(at)
          model = [...model, at].toSorted((a, b) => a - b)
        } else if (kind === 'remove') {
          instants.remove(at)
          if (model.includes(at)) model.splice(model.indexOf(at), 1)
        } else {
          instants.dropOld(10, at)
          model = model.filter((known) => 10 - known < at)
        }
        expect(
          Array.from({ length: instants.size }, (_, rank) => instants.newest(instants.size - rank)),
        ).toEqual(model)
        expect(instants.countYoung(20, at)).toBe(model.filter((known) => 20 - known < at).length)
      }
    }),
  )
})
