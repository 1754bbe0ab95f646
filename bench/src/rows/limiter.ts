/** The rate limiter without HTTP: what every request with a key pays, in memory and in Redis. */
import { startRedis } from '../../../tests/support/redis.ts'
import { startPeer } from '../peer.ts'
import type { Figures, Row } from '../row.ts'

export const limiterRows: Row[] = [
  {
    name: 'limiter/memory',
    what: 'rate limit check in memory, 10,000 keys in turn',
    against: 'rate-limiter-flexible’s RateLimiterMemory in the same process',
    unit: ' ns',
    goal: { oursUnder: 300 },
    measure: () => measure(['memory'], ['--expose-gc']),
  },
  {
    name: 'limiter/redis',
    what: 'rate limit checks in Redis, 1,000 keys in turn, 64 at a time',
    against:
      'rate-limiter-flexible’s RateLimiterRedis on the same Redis, by ioredis with automatic pipelining',
    unit: '/s',
    goal: { atLeast: 1 },
    measure: async () => {
      const redis = await startRedis()
      try {
        return await measure(['redis', redis.url])
      } finally {
        await redis.remove()
      }
    },
  },
]

async function measure(args: string[], nodeOptions: string[] = []): Promise<Figures> {
  const { said, stop } = await startPeer<Figures>('./peer-limiter.ts', args, nodeOptions)
  await stop()
  return said
}
