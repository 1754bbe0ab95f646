/**
 * The rate limiter beside rate-limiter-flexible in one process, which prints the figures as JSON. `peer-limiter.ts memory`:
 * ns per check, with --expose-gc. `peer-limiter.ts redis URL`: checks per second.
 */
import { setTimeout } from 'node:timers/promises'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { MemoryLimiter } from '../../packages/server/src/features/rate-limits/memory-limiter.ts'
import { createRedis, RedisLimiter } from '../../packages/server/src/features/rate-limits/redis-limiter.ts'
import { inTurn } from './in-turn.ts'
import { CONNECTIONS, ROUNDS, SECONDS } from './load.ts'

/** Enough that none is refused: a refusal is another path. */
const LIMIT = 10_000
const WINDOW_MS = 60_000
const MEMORY_KEYS = 10_000
/** Long enough that a batch also pays for the garbage that it makes. */
const MEMORY_CHECKS = 100_000
const MEMORY_ROUNDS = 31
const REDIS_KEYS = 1_000
const REST_MS = 5

const policies = [{ name: 'enterprise', limit: LIMIT, windowMs: WINDOW_MS }]
const yardstickOptions = { points: LIMIT, duration: WINDOW_MS / 1000 }

const [engine, redisUrl = ''] = process.argv.slice(2)
const figures = engine === 'redis' ? await inRedis(redisUrl) : await inMemory()
process.stdout.write(`${JSON.stringify(figures)}\n`)

function keyNames(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `key_01m86hx6p5e54tvnmn${String(index).padStart(4, '0')}`,
  )
}

async function inMemory() {
  const keys = keyNames(MEMORY_KEYS)
  const names = Array.from({ length: MEMORY_CHECKS }, (_, index) => keys[index % MEMORY_KEYS] ?? '')
  const limiter = new MemoryLimiter()
  const yardstick = new RateLimiterMemory(yardstickOptions)
  const ours = async () => {
    await rest()
    const startedMs = performance.now()
    for (const name of names) {
      if (!limiter.take(name, policies).isAllowed) throw new Error('refused')
    }
    return nanosecondsSince(startedMs)
  }
  const theirs = async () => {
    await rest()
    const startedMs = performance.now()
    for (const name of names) await yardstick.consume(name)
    return nanosecondsSince(startedMs)
  }
  await inTurn(10, ours, theirs) // warms both up
  return inTurn(MEMORY_ROUNDS, ours, theirs)
}

/** What was left to collect is collected now, rather than in a batch. */
async function rest(): Promise<void> {
  await setTimeout(REST_MS)
  globalThis.gc?.()
}

function nanosecondsSince(startedMs: number): number {
  return ((performance.now() - startedMs) * 1_000_000) / MEMORY_CHECKS
}

/** Each on a connection of its own, with the same settings; the yardstick's sends what it has together, ours does itself. */
async function inRedis(url: string) {
  const names = keyNames(REDIS_KEYS)
  const connections = [createRedis(url), createRedis(url, { enableAutoPipelining: true })] as const
  await Promise.all(connections.map((connection) => connection.connect()))
  const limiter = new RedisLimiter(connections[0])
  const yardstick = new RateLimiterRedis({ storeClient: connections[1], ...yardstickOptions })
  const ours = () =>
    perSecond(names, async (name) => {
      if (!(await limiter.take(name, policies)).isAllowed) throw new Error('refused')
    })
  const theirs = () => perSecond(names, (name) => yardstick.consume(name))
  const result = await inTurn(ROUNDS, ours, theirs)
  for (const connection of connections) connection.disconnect()
  return result
}

async function perSecond(names: string[], check: (name: string) => Promise<unknown>): Promise<number> {
  const endsAt = performance.now() + SECONDS * 1000
  let count = 0
  const worker = async (): Promise<void> => {
    while (performance.now() < endsAt) await check(names[count++ % names.length] ?? '')
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  return count / SECONDS
}
