/** Rate limits as clients meet them: real servers, real sockets, one key shared by many. */
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startThreeNodes } from './support/nodes.ts'
import { startRedis, whyNoRedis } from './support/redis.ts'
import { call, createDataFolder, createKey, type DataFolder, startServer } from './support/server.ts'

const TIMEOUT_MS = 120_000
/** On a machine that is busy with other tests, a server isn't to say that it is behind. */
const CALM = { AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: '0' }
const REQUESTS = 2_000
const LIMIT = 1_000

interface Outcome {
  status: number
  headers: Headers
  code: string | undefined
  details: { policy?: string } | undefined
}

async function get(url: string, secret: string, path = '/v1/me'): Promise<Outcome> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${secret}` } })
  // Only what an error says is looked at; anything else leaves it undefined.
  const body = (await response.json()) as Partial<Outcome>
  return { status: response.status, headers: response.headers, code: body.code, details: body.details }
}

function countByStatus(outcomes: Outcome[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** So many at once, on the servers in turn. */
async function storm(urls: readonly string[], secret: string): Promise<Record<number, number>> {
  const requests = Array.from({ length: REQUESTS }, (_, index) =>
    get(urls[index % urls.length] ?? '', secret),
  )
  return countByStatus(await Promise.all(requests))
}

interface Running {
  url: string
  adminSecret: string
  create(body: object): Promise<string>
}

let folder: DataFolder
let adminSecret: string

beforeAll(async () => {
  folder = await createDataFolder()
})
afterAll(() => folder.remove())

/** One server on the folder; what it limits is the key's, unless `burst` says more. */
async function withServer(burst: string | undefined, work: (running: Running) => Promise<void>) {
  const server = await startServer({
    ...folder.env,
    ...CALM,
    AGENTCLARA_LOG_LEVEL: 'error',
    ...(burst === undefined ? {} : { AGENTCLARA_BURST_LIMIT: burst }),
  })
  try {
    adminSecret ??= await createKey(folder.env)
    const create = async (body: object): Promise<string> => {
      const answer = await call(server.url, adminSecret, 'POST /api_keys', { name: 'test', ...body })
      expect(answer.status).toBe(201)
      return answer.body.data.secret
    }
    await work({ url: server.url, adminSecret, create })
  } finally {
    await server.stop()
  }
}

test(
  'of 2,000 requests at once with one standard key, exactly 1,000 succeed',
  () =>
    withServer(undefined, async ({ url, create }) => {
      expect(await storm([url], await create({}))).toEqual({ 200: LIMIT, 429: REQUESTS - LIMIT })
    }),
  TIMEOUT_MS,
)

test(
  'a key with a limit of its own is refused beyond it, and told why and until when',
  () =>
    withServer(undefined, async ({ url, create }) => {
      const secret = await create({ rate_limit_per_minute: 5 })
      for (let left = 4; left >= 0; left--) {
        const { status, headers } = await get(url, secret)
        expect(status).toBe(200)
        expect(headers.get('ratelimit-policy')).toBe('"key";q=5;w=60')
        expect(headers.get('ratelimit')).toMatch(new RegExp(`^"key";r=${left};t=(59|60)$`))
        expect(headers.get('x-ratelimit-limit')).toBe('5')
        expect(headers.get('x-ratelimit-remaining')).toBe(String(left))
      }
      const refused = await get(url, secret)
      expect(refused).toMatchObject({ status: 429, code: 'rate_limited', details: { policy: 'key' } })
      const waitSeconds = Number(refused.headers.get('retry-after'))
      expect(waitSeconds).toBeLessThanOrEqual(60)
      expect(waitSeconds).toBeGreaterThan(50)
      expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
      const resetSeconds = Number(refused.headers.get('x-ratelimit-reset'))
      expect(Math.abs(resetSeconds - (Date.now() / 1000 + waitSeconds))).toBeLessThan(2)
    }),
  TIMEOUT_MS,
)

test(
  'Retry-After is right to the second: who waits that long is let in, a second earlier is too early',
  () =>
    withServer('5/5', async ({ url, create }) => {
      const secret = await create({})
      for (let count = 0; count < 5; count++) expect((await get(url, secret)).status).toBe(200)
      const refusedMs = performance.now()
      const { status, headers } = await get(url, secret)
      expect(status).toBe(429)
      const waitMs = Number(headers.get('retry-after')) * 1000
      await setTimeout(waitMs - 1_500 - (performance.now() - refusedMs))
      expect((await get(url, secret)).status).toBe(429)
      await setTimeout(waitMs - (performance.now() - refusedMs))
      expect((await get(url, secret)).status).toBe(200)
    }),
  TIMEOUT_MS,
)

test(
  'requests that are refused never count: not 401, not 403, not 429',
  () =>
    withServer('10/3', async ({ url, create }) => {
      const secret = await create({ permissions: ['contacts:read'] })
      for (let count = 0; count < 20; count++) {
        const { status, headers } = await get(url, secret, '/v1/conversations')
        expect([status, headers.get('x-ratelimit-remaining')]).toEqual([403, '10'])
      }
      for (let count = 0; count < 20; count++) {
        expect((await get(url, `${secret.slice(0, -1)}!`)).status).toBe(401)
      }
      const outcomes: Outcome[] = []
      for (let count = 0; count < 50; count++) outcomes.push(await get(url, secret))
      expect(countByStatus(outcomes)).toEqual({ 200: 10, 429: 40 })
      const last = outcomes.at(-1)
      expect(last?.details?.policy).toBe('burst')
      // 40 refused requests would keep it closed, if they counted.
      await setTimeout(Number(last?.headers.get('retry-after')) * 1000)
      expect((await get(url, secret)).status).toBe(200)
    }),
  TIMEOUT_MS,
)

const CLIENTS = 20

/** Asks until it is let in, and waits as it is told. Returns how often it was refused before. */
async function askPatiently(url: string, secret: string): Promise<number> {
  for (let refusals = 0; ; refusals++) {
    const { status, headers } = await get(url, secret)
    if (status === 200) return refusals
    expect(status).toBe(429)
    await setTimeout(Number(headers.get('retry-after')) * 1000)
  }
}

test(
  'of 20 clients who share 10 requests in 3 seconds, those who are refused succeed when they come back',
  () =>
    withServer('10/3', async ({ url, create }) => {
      const secret = await create({})
      const refusals = Array.from({ length: CLIENTS }, () => askPatiently(url, secret))
      expect((await Promise.all(refusals)).toSorted()).toEqual([...Array(10).fill(0), ...Array(10).fill(1)])
    }),
  TIMEOUT_MS,
)

// Whoever is let in asks again at once, and so takes from those who are due what is free at that instant. A limit that
// has room for ten requests of each client has room for all of them when they come back.
test(
  '20 clients who never stop asking, and wait as they are told, are never refused twice for the same request',
  () =>
    withServer('200/3', async ({ url, create }) => {
      const secret = await create({})
      const endsAtMs = performance.now() + 10_000
      const client = async (): Promise<number[]> => {
        const refusals: number[] = []
        while (performance.now() < endsAtMs) refusals.push(await askPatiently(url, secret))
        return refusals
      }
      const refusals = (await Promise.all(Array.from({ length: CLIENTS }, client))).flat()
      expect(refusals.length).toBeGreaterThan(600)
      expect(refusals.filter((count) => count === 1).length).toBeGreaterThanOrEqual(3 * CLIENTS)
      expect(Math.max(...refusals)).toBe(1)
    }),
  TIMEOUT_MS,
)

const whyNot = whyNoRedis()

describe.skipIf(whyNot !== false)(`on redis-server${whyNot === false ? '' : `, skipped: ${whyNot}`}`, () => {
  test(
    'of 2,000 requests at once with one standard key on three servers, exactly 1,000 succeed',
    async () => {
      const redis = await startRedis()
      const nodes = await startThreeNodes({ ...CALM, REDIS_URL: redis.url })
      try {
        const { secret } = (await nodes.ask('POST /api_keys', { name: 'test' })).body.data
        expect(await storm(nodes.urls, secret)).toEqual({ 200: LIMIT, 429: REQUESTS - LIMIT })
      } finally {
        await nodes.stop()
        await redis.remove()
      }
    },
    TIMEOUT_MS,
  )
})
