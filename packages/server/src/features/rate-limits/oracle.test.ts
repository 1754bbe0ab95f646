/**
 * Both engines beside an oracle that keeps every accepted instant and filters, over simulated time. A million operations
 * on each with AGENTCLARA_LONG_TESTS set, fewer without. AGENTCLARA_TEST_SEED repeats a run.
 */
import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startRedis, whyNoRedis } from '../../../../../tests/support/redis.ts'
import type { Policy } from '../../http/rate-limit.ts'
import type { Verdict } from './limiter.ts'
import { MemoryLimiter } from './memory-limiter.ts'
import { createRedis, RedisLimiter } from './redis-limiter.ts'

const isLong = process.env.AGENTCLARA_LONG_TESTS !== undefined
const seed = Number(process.env.AGENTCLARA_TEST_SEED ?? randomInt(1 << 30))
const LONG_MS = 600_000

type Expected = Omit<Verdict, 'countedAt'>

/** The rule as its sentence says it: of the accepted instants, those in the window count. */
class Oracle {
  accepted: number[] = []
  #dues: number[] = []

  judge(policies: readonly Policy[], now: number, isCounting: boolean): Expected {
    this.accepted = this.accepted.filter((at) => at > now - 60_000)
    const inWindow = ({ windowMs }: Policy) => this.accepted.filter((at) => at > now - windowMs)
    const isAllowed = policies.every((policy) => inWindow(policy).length < policy.limit)
    if (isAllowed && isCounting) this.accepted.push(now)
    const outstanding = this.#dues.filter((due) => due > now)
    const quotas = policies.map((policy) => {
      const counted = inWindow(policy)
      const remaining = Math.max(0, policy.limit - counted.length)
      const isRefusing = !isAllowed && remaining === 0
      const slot = policy.limit - Math.min(outstanding.length, policy.limit - 1)
      const leaving = isRefusing ? counted.at(-slot) : counted[0]
      return { policy, remaining, resetMs: (leaving ?? now) + policy.windowMs - now }
    })
    if (isAllowed) return { isAllowed, quotas, waitMs: 0, refusedBy: undefined }
    const refusing = quotas.filter(({ remaining }) => remaining === 0)
    const waitMs = Math.max(...refusing.map(({ resetMs }) => resetMs))
    const refusedBy = refusing.find(({ resetMs }) => resetMs === waitMs)?.policy
    if (isCounting) {
      this.#dues = outstanding
      if (outstanding.length < (refusedBy?.limit ?? 0))
        outstanding.push(now + Math.ceil(waitMs / 1000) * 1000)
    }
    return { isAllowed, quotas, waitMs, refusedBy }
  }

  giveBack(at: number): void {
    this.accepted.splice(this.accepted.lastIndexOf(at), 1)
  }
}

interface Engine {
  take(name: string, policies: readonly Policy[]): Verdict | Promise<Verdict>
  peek(name: string, policies: readonly Policy[]): Verdict | Promise<Verdict>
  giveBack(name: string, at: number): unknown
}

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
const WINDOWS_MS = [1_000, 2_000, 5_000, 10_000, 60_000]
const OPERATIONS_PER_BATCH = 500

/** Runs both and compares every answer. Times are multiples of a quarter of a millisecond, which both engines tell apart. */
async function compare(count: number, clock: { nowMs: number }, engine: Engine) {
  const random = randomNumbers(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const anyPolicies = () =>
    Array.from({ length: 1 + below(3) }, (_, index): Policy => {
      const windowMs = WINDOWS_MS[below(WINDOWS_MS.length)] ?? 1_000
      return { name: `policy${index}`, limit: 1 + below(below(4) === 0 ? 60 : 10), windowMs }
    })
  const names = NAMES.map((name) => ({ name, oracle: new Oracle(), policies: anyPolicies() }))
  const tally = { allowed: 0, refused: 0, givenBack: 0 }
  for (let done = 0; done < count; ) {
    const expected: Expected[] = []
    const answers: (Verdict | Promise<Verdict>)[] = []
    for (let inBatch = 0; inBatch < OPERATIONS_PER_BATCH; inBatch++, done++) {
      const one = names[below(names.length)]
      if (one === undefined) throw new Error('no name')
      clock.nowMs += below(20) === 0 ? toEdgeMs(one, clock.nowMs, below) : gapMs(below)
      if (below(200) === 0) one.policies = anyPolicies()
      const kind = below(100)
      const at = one.oracle.accepted[below(one.oracle.accepted.length)]
      if (kind < 7 && at !== undefined) {
        one.oracle.giveBack(at)
        await answers.at(-1)
        await engine.giveBack(one.name, at)
        tally.givenBack += 1
        continue
      }
      const isCounting = kind >= 15
      const { name, policies, oracle } = one
      answers.push(isCounting ? engine.take(name, policies) : engine.peek(name, policies))
      const known = oracle.judge(policies, clock.nowMs, isCounting)
      expected.push(known)
      tally[known.isAllowed ? 'allowed' : 'refused'] += 1
    }
    const told = (await Promise.all(answers)).map(({ countedAt: _, ...rest }) => rest)
    told.forEach((answer, index) => {
      if (!isSame(answer, expected[index]))
        expect(answer, `seed ${seed}, before operation ${done}`).toEqual(expected[index])
    })
  }
  return tally
}

/** Bursts at one instant, steps, gaps, and silences longer than any window. */
function gapMs(below: (limit: number) => number): number {
  const kind = below(1_000)
  if (kind < 500) return 0
  if (kind < 980) return below(400) / 4
  return kind < 999 ? below(5_000) : below(120_000)
}

/** Until one of the requests that count is exactly as old as a window. */
function toEdgeMs(
  { oracle, policies }: { oracle: Oracle; policies: readonly Policy[] },
  nowMs: number,
  below: (limit: number) => number,
): number {
  const at = oracle.accepted[below(Math.min(4, oracle.accepted.length))] ?? nowMs
  const edgeMs = at + (policies[below(policies.length)]?.windowMs ?? 0)
  return edgeMs > nowMs && edgeMs - nowMs < 3_000 ? edgeMs - nowMs : 0
}

function isSame(answer: Expected, expected: Expected | undefined): boolean {
  return JSON.stringify(answer) === JSON.stringify(expected)
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function expectBothKinds(
  { allowed, refused, givenBack }: Awaited<ReturnType<typeof compare>>,
  count: number,
) {
  expect(Math.min(allowed, refused)).toBeGreaterThan(count / 10)
  expect(givenBack).toBeGreaterThan(count / 50)
}

test(
  'in memory, no window ever admits more than its limit, and nothing is refused that fits',
  async () => {
    const clock = { nowMs: 0 }
    const limiter = new MemoryLimiter(() => clock.nowMs)
    const count = isLong ? 1_000_000 : 100_000
    const tally = await compare(count, clock, {
      take: (name, policies) => limiter.take(name, policies),
      peek: (name, policies) => limiter.peek(name, policies),
      giveBack: (name, countedAt) => limiter.giveBack(name, { countedAt }),
    })
    expectBothKinds(tally, count)
  },
  LONG_MS,
)

const whyNot = whyNoRedis()

describe.skipIf(whyNot !== false)(`on redis-server${whyNot === false ? '' : `, skipped: ${whyNot}`}`, () => {
  test(
    'no window ever admits more than its limit, and nothing is refused that fits',
    async () => {
      const server = await startRedis()
      const redis = createRedis(server.url)
      await redis.connect()
      const clock = { nowMs: 1_700_000_000_000 }
      const limiter = new RedisLimiter(redis, () => clock.nowMs)
      const count = isLong ? 1_000_000 : 20_000
      try {
        const tally = await compare(count, clock, {
          take: (name, policies) => limiter.take(name, policies),
          peek: (name, policies) => limiter.peek(name, policies),
          giveBack: (name, at) => void limiter.giveBack(name, { countedAt: at * 1000 }),
        })
        expectBothKinds(tally, count)
      } finally {
        redis.disconnect()
        await server.remove()
      }
    },
    LONG_MS,
  )
})
