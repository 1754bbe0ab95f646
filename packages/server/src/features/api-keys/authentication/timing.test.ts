/**
 * How long a refusal takes says nothing about the secrets that exist: not whether one like it is known, nor whether
 * that one is revoked. Shown by a statistic, beside a delay of a third that the same statistic does find.
 */
import { randomInt } from 'node:crypto'
import { checksum } from '@agentclara/key-format'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../testing/app.ts'
import { createSecret } from '../secret.ts'

const SAMPLES = 1_200
const WARM_UP = 200
/** As dudect (Reparaz, Balasch, Verbauwhede 2017) takes it: beyond, the difference is no noise. */
const LEAK_Z = 4.5
/** Samples above this share are interruptions of the machine, not the work that is measured. */
const KEPT_SHARE = 0.9

let server: TestApp
let liveSecret: string
let revokedSecret: string

beforeAll(async () => {
  server = await createTestApp()
  liveSecret = await server.createKey()
  revokedSecret = await server.createKey()
  const { body } = await server.request('GET /v1/me', { key: revokedSecret })
  await server.request(`POST /v1/api_keys/${body.data.id}/revoke`, { key: liveSecret })
  expect((await server.request('GET /v1/me', { key: revokedSecret })).status).toBe(401)
})
afterAll(() => server.close())

/** A well-formed secret that shares all but its last four random characters with another. */
function neighbourOf(secret: string): string {
  const body = secret.slice(0, 28) + createSecret('test').slice(8, 12)
  return body + checksum(body)
}

const kinds = {
  unknown: () => createSecret('test'),
  likeLive: () => neighbourOf(liveSecret),
  likeRevoked: () => neighbourOf(revokedSecret),
}
type Kind = keyof typeof kinds

/** How long the refusal of a secret takes, in microseconds. Each comes from an address of its own, so that none is throttled. */
async function refuse(secret: string): Promise<number> {
  const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`
  const startedMs = performance.now()
  try {
    await server.app.identify(secret, address)
  } catch {
    return (performance.now() - startedMs) * 1000
  }
  throw new Error('a guessed secret was accepted')
}

/** Every order of the three: none is always measured first. */
const orders: Kind[][] = [
  ['unknown', 'likeLive', 'likeRevoked'],
  ['unknown', 'likeRevoked', 'likeLive'],
  ['likeLive', 'unknown', 'likeRevoked'],
  ['likeLive', 'likeRevoked', 'unknown'],
  ['likeRevoked', 'unknown', 'likeLive'],
  ['likeRevoked', 'likeLive', 'unknown'],
]

/** All kinds in turn, in an order that is drawn anew each round. */
async function measure(): Promise<Record<Kind, number[]>> {
  const samples: Record<Kind, number[]> = { unknown: [], likeLive: [], likeRevoked: [] }
  for (let round = 0; round < SAMPLES + WARM_UP; round++) {
    const order = orders[randomInt(orders.length)] ?? []
    for (const kind of order) {
      const tookUs = await refuse(kinds[kind]())
      if (round >= WARM_UP) samples[kind].push(tookUs)
    }
  }
  return samples
}

/** Mann and Whitney's U as a standard normal: how far apart the ranks of two samples are. */
function rankZ(a: number[], b: number[]): number {
  const [left, right] = [kept(a), kept(b)]
  const all = [
    ...left.map((value) => ({ value, isLeft: true })),
    ...right.map((value) => ({ value, isLeft: false })),
  ]
  all.sort((x, y) => x.value - y.value)
  const rankSum = all.reduce((sum, { isLeft }, index) => (isLeft ? sum + index + 1 : sum), 0)
  const u = rankSum - (left.length * (left.length + 1)) / 2
  const mean = (left.length * right.length) / 2
  return (u - mean) / Math.sqrt((left.length * right.length * (all.length + 1)) / 12)
}

function kept(values: number[]): number[] {
  return values.toSorted((a, b) => a - b).slice(0, Math.floor(values.length * KEPT_SHARE))
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

test('the time of a refusal tells no unknown secret from one like a live or a revoked one', async () => {
  const { unknown, likeLive, likeRevoked } = await measure()
  const z = {
    live: rankZ(unknown, likeLive),
    revoked: rankZ(unknown, likeRevoked),
    liveFromRevoked: rankZ(likeLive, likeRevoked),
  }
  const typicalUs = median(unknown)
  // The instrument is sharp enough: it finds a third of the median as added work.
  const delayed = likeLive.map((tookUs) => tookUs + typicalUs / 3)
  const found = rankZ(unknown, delayed)
  process.stderr.write(
    `refusals: median ${typicalUs.toFixed(0)} µs; z unknown/like live ${z.live.toFixed(2)}, unknown/like revoked ${z.revoked.toFixed(2)}, like live/like revoked ${z.liveFromRevoked.toFixed(2)}; with ${(typicalUs / 3).toFixed(0)} µs added ${found.toFixed(2)} (a leak is beyond ±${LEAK_Z})\n`,
  )
  expect(Math.abs(found)).toBeGreaterThan(LEAK_Z)
  for (const value of Object.values(z)) expect(Math.abs(value)).toBeLessThan(LEAK_Z)
}, 60_000)

test('the answers are the same, too', async () => {
  const answers = await Promise.all(
    Object.values(kinds).map(async (make) => {
      const { status, body } = await server.request('GET /v1/me', { key: make() })
      return { status, ...body, request_id: undefined }
    }),
  )
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(answers[0]).toMatchObject({ status: 401, code: 'invalid_api_key', details: { reason: 'unknown' } })
})
