/** Several servers on one Redis that stops, dies and comes back: what they admit together, and what they say of it. */
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startRedis, type TestRedis, whyNoRedis } from '../../../../../tests/support/redis.ts'
import type { Policy } from '../../http/rate-limit.ts'
import { SharedLimiter } from './shared-limiter.ts'

const LIMIT = 90
const NODES = 3
const SHARE = LIMIT / NODES
const policies: readonly Policy[] = [{ name: 'standard', limit: LIMIT, windowMs: 60_000 }]
const whyNot = whyNoRedis()

interface Node {
  limiter: SharedLimiter
  clock: { nowMs: number }
  logLines: string[]
  admitted: number
}

let redis: TestRedis
let nodes: Node[]

function startNode(redisUrl: string): Node {
  const clock = { nowMs: 0 }
  const logLines: string[] = []
  const log = pino({}, { write: (line: string) => void logLines.push(line) })
  const limiter = new SharedLimiter({ redisUrl, log, liveNodes: () => NODES, nowMs: () => clock.nowMs })
  limiter.start()
  return { limiter, clock, logLines, admitted: 0 }
}

/** Requests at once; resolves when all are judged. */
async function request(node: Node, count: number): Promise<number> {
  const verdicts = Array.from({ length: count }, () => node.limiter.take('key', policies))
  const allowed = (await Promise.all(verdicts)).filter(({ isAllowed }) => isAllowed).length
  node.admitted += allowed
  return allowed
}

const total = (): number => nodes.reduce((sum, { admitted }) => sum + admitted, 0)

async function allAre(state: string): Promise<void> {
  await vi.waitUntil(() => nodes.every(({ limiter }) => limiter.state() === state), {
    timeout: 10_000,
    interval: 5,
  })
}

const at = (index: number): Node => {
  const node = nodes[index]
  if (node === undefined) throw new Error(`no node ${index}`)
  return node
}

describe.skipIf(whyNot !== false)(`on redis-server${whyNot === false ? '' : `, skipped: ${whyNot}`}`, () => {
  beforeEach(async () => {
    redis = await startRedis()
    nodes = Array.from({ length: NODES }, () => startNode(redis.url))
    await allAre('redis')
  })
  afterEach(async () => {
    await Promise.all(nodes.map(({ limiter }) => limiter.close()))
    await redis.remove()
  })

  test('while Redis answers, all servers together admit the limit exactly', async () => {
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    expect(total()).toBe(LIMIT)
  })

  test('while Redis is gone, each server admits its share, with what it admitted before', async () => {
    await request(at(0), 10)
    await request(at(1), 10)
    await redis.kill()
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    expect(nodes.map(({ admitted }) => admitted)).toEqual([SHARE, SHARE, SHARE])
    expect(nodes.map(({ limiter }) => limiter.state())).toEqual(Array(NODES).fill('redis_lost'))
  })

  test('a server that had admitted all of the limit admits no more; with the others’ shares it stays under twice the limit', async () => {
    await request(at(0), LIMIT)
    await redis.kill()
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    expect(nodes.map(({ admitted }) => admitted)).toEqual([LIMIT, SHARE, SHARE])
    expect(total()).toBeLessThan(2 * LIMIT)
  })

  test('requests in flight when Redis dies are judged once, at once', async () => {
    const answers = nodes.map((node) => request(node, 2 * LIMIT))
    await redis.kill()
    await Promise.all(answers)
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    for (const { admitted } of nodes) expect(admitted).toBeGreaterThanOrEqual(SHARE)
    expect(total()).toBeLessThanOrEqual(LIMIT + (NODES - 1) * SHARE)
  })

  test('requests that a stopped Redis leaves waiting are judged here, once, within a second', async () => {
    redis.signal('SIGSTOP')
    const beganMs = performance.now()
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    expect(performance.now() - beganMs).toBeLessThan(1_000)
    expect(nodes.map(({ admitted }) => admitted)).toEqual([SHARE, SHARE, SHARE])
    redis.signal('SIGCONT')
    await allAre('redis_returning')
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    expect(total()).toBe(LIMIT)
  })

  test('a Redis that comes back empty lets nobody start anew: for a window the shares hold, then Redis alone', async () => {
    await request(at(0), 20)
    await redis.kill()
    await Promise.all(nodes.map((node) => request(node, 25)))
    const before = nodes.map(({ admitted }) => admitted)
    expect(before).toEqual([SHARE, 25, 25])
    await redis.start()
    await allAre('redis_returning')
    await Promise.all(nodes.map((node) => request(node, 2 * LIMIT)))
    expect(nodes.map(({ admitted }) => admitted)).toEqual([SHARE, SHARE, SHARE])
    // Redis knows 10: those that were admitted since it came back.
    for (const { clock } of nodes) clock.nowMs += 60_000
    await allAre('redis')
    expect(await request(at(0), 2 * LIMIT)).toBe(LIMIT - 10)
    expect(await request(at(1), 2 * LIMIT)).toBe(0)
  })

  test('what is given back can be taken again, here and in Redis', async () => {
    const verdict = await at(0).limiter.take('key', policies)
    const left = async () => (await at(1).limiter.peek('key', policies)).quotas[0]?.remaining
    expect(await left()).toBe(LIMIT - 1)
    at(0).limiter.giveBack('key', verdict)
    await vi.waitUntil(async () => (await left()) === LIMIT)
    await redis.kill()
    await vi.waitUntil(() => at(0).limiter.state() === 'redis_lost')
    expect(await request(at(0), LIMIT)).toBe(SHARE)
  })

  test('each change is logged once', async () => {
    await redis.kill()
    await allAre('redis_lost')
    await Promise.all(nodes.map((node) => request(node, LIMIT)))
    await redis.start()
    await allAre('redis_returning')
    for (const { clock } of nodes) clock.nowMs += 60_000
    await allAre('redis')
    for (const { logLines } of nodes) {
      expect(logLines.map((line) => JSON.parse(line).level)).toEqual([30, 40, 30, 30])
    }
  })
})

test('without a Redis that answers, a server starts with its share, and says so once', async () => {
  // Port 1 answers nobody.
  const node = startNode('redis://127.0.0.1:1')
  expect(await request(node, LIMIT)).toBe(SHARE)
  expect(node.limiter.state()).toBe('redis_lost')
  await vi.waitUntil(() => node.logLines.length > 0)
  await node.limiter.close()
  expect(node.logLines.map((line) => JSON.parse(line).level)).toEqual([40])
})
