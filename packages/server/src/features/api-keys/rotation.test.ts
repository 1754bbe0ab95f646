/** Rotation over HTTP: until when each secret works, what its answers say of that, and who may rotate which key. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'

let server: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  server = await createTestApp({ clock })
  key = await server.createKey()
})
afterAll(() => server.close())
// To a whole second: headers know no smaller unit.
beforeEach(() => clock.advance(1_000 - (clock.nowMs() % 1_000)))

interface Made {
  id: string
  secret: string
}

async function createKey(body: Record<string, unknown> = {}): Promise<Made> {
  const made = await server.request('POST /v1/api_keys', { key, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data
}

const post = (id: string, call: string, body?: unknown, by = key) =>
  server.request(`POST /v1/api_keys/${id}/${call}`, { key: by, body })

async function rotate(id: string, body?: unknown) {
  const rotated = await post(id, 'rotate', body)
  expect(rotated.status).toBe(200)
  return rotated.body.data
}

const me = (secret: string) => server.request('GET /v1/me', { key: secret })
const statusOf = async (secret: string) => (await me(secret)).status
const auditOf = async (id: string) =>
  (await server.request(`GET /v1/api_keys/${id}/audit`, { key })).body.data as {
    action: string
    changes: Record<string, unknown>
  }[]
const eventsOf = async (id: string) =>
  (await server.request('GET /v1/events?limit=100', { key })).body.data.filter(
    (event: { data: { api_key_id?: string } }) => event.data.api_key_id === id,
  ) as { type: string; data: Record<string, unknown> }[]

describe('two secrets', () => {
  test.each([
    [undefined, 900],
    [{}, 900],
    [null, 900],
    [{ overlap_seconds: 1 }, 1],
    [{ overlap_seconds: 604_800 }, 604_800],
  ])(
    'rotated with %j the new one works at once, and the old one for %i seconds to the millisecond',
    async (body, seconds) => {
      const { id, secret: old } = await createKey()
      const { secret, rotation, status } = await rotate(id, body)
      const endsMs = clock.nowMs() + seconds * 1_000
      expect(status).toBe('rotating')
      expect(rotation.old_secret_ends_at).toBe(new Date(endsMs).toISOString())
      expect(await statusOf(secret)).toBe(200)
      clock.advance(seconds * 1_000 - 1)
      expect(await statusOf(old)).toBe(200)
      clock.advance(1)
      const refused = await me(old)
      expect(refused.status).toBe(401)
      expect(refused.body).toMatchObject({
        error: 'Invalid API key',
        code: 'api_key_expired',
        details: { reason: 'rotated' },
      })
      expect(refused.body.hint).toContain(new Date(endsMs).toISOString())
      expect(await statusOf(secret)).toBe(200)
      expect((await server.request(`GET /v1/api_keys/${id}`, { key })).body.data).toMatchObject({
        status: 'active',
        rotation: null,
      })
    },
  )

  test('without overlap the old one is refused at the answer', async () => {
    const { id, secret: old } = await createKey()
    expect(await statusOf(old)).toBe(200)
    const { secret, status } = await rotate(id, { overlap_seconds: 0 })
    expect(status).toBe('active')
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200])
  })

  test.each([604_801, -1, 1.5, '900', null])(
    'an overlap of %j is refused naming it, and changes nothing',
    async (overlap) => {
      const { id, secret } = await createKey()
      const refused = await post(id, 'rotate', { overlap_seconds: overlap })
      expect(refused.status).toBe(400)
      expect(refused.body).toMatchObject({ code: 'validation_failed', param: 'overlap_seconds' })
      expect((await auditOf(id)).map(({ action }) => action)).toEqual(['created'])
      expect(await statusOf(secret)).toBe(200)
    },
  )

  test('every answer to the old one says since when and until when, and none to the new one', async () => {
    const { id, secret: old } = await createKey({ permissions: ['contacts:write', 'api_keys:read'] })
    const startMs = clock.nowMs()
    const { secret } = await rotate(id, { overlap_seconds: 60 })
    const requests: [number, string, unknown?][] = [
      [200, 'GET /v1/me'],
      [200, 'HEAD /v1/contacts'],
      [400, 'GET /v1/contacts?limit=0'],
      [400, 'POST /v1/contacts', '{nonsense'],
      [400, 'POST /v1/contacts', { nonsense: 1 }],
      [404, 'GET /v1/contacts/cust_01h455vb4pex5vsknk084sn02q'],
      [403, 'GET /v1/conversations'],
      [403, 'POST /v1/api_keys', { name: 'y' }],
    ]
    for (const [status, route, body] of requests) {
      const answers = [
        await server.request(route, { key: old, body }),
        await server.request(route, { key: secret, body }),
      ]
      expect(answers.map((answer) => answer.status)).toEqual([status, status])
      expect(answers[0]?.headers).toMatchObject({
        deprecation: `@${startMs / 1_000}`,
        sunset: new Date(startMs + 60_000).toUTCString(),
      })
      expect(answers[1]?.headers).not.toHaveProperty('deprecation')
      expect(answers[1]?.headers).not.toHaveProperty('sunset')
    }
  })

  test('both obey a change of the key at once, and both die with it', async () => {
    const { id, secret: old } = await createKey()
    const { secret } = await rotate(id)
    await server.request(`PATCH /v1/api_keys/${id}`, { key, body: { permissions: ['events:read'] } })
    for (const each of [old, secret]) {
      expect((await server.request('GET /v1/contacts', { key: each })).status).toBe(403)
      expect((await server.request('GET /v1/events', { key: each })).status).toBe(200)
    }
    const revoked = await post(id, 'revoke')
    expect(revoked.body.data).toMatchObject({ status: 'revoked', rotation: null })
    for (const each of [old, secret]) expect((await me(each)).body.code).toBe('api_key_revoked')
    expect((await post(id, 'rotate/cancel')).status).toBe(409)
  })

  test('id, name, limits and history stay', async () => {
    const limits = {
      name: 'Nightly job',
      permissions: ['contacts:read'],
      ip_allowlist: ['127.0.0.0/8'],
      rate_limit_per_minute: 7,
      expires_at: new Date(clock.nowMs() + 86_400_000).toISOString(),
    }
    const { id, secret: old } = await createKey(limits)
    await me(old)
    const { secret, hint, ...rotated } = await rotate(id)
    expect(rotated).toMatchObject({ id, ...limits, rotation: { old_hint: `sk_test_…${old.slice(-4)}` } })
    expect(hint).toBe(`sk_test_…${secret.slice(-4)}`)
    expect((await me(secret)).body.data).toMatchObject({ id, secret_last_four: secret.slice(-4) })
    const { secrets } = (await server.request(`GET /v1/api_keys/${id}/usage`, { key })).body.data
    expect(secrets).toMatchObject([
      { status: 'current', clients: [{ requests: 1 }] },
      { status: 'old', clients: [{ requests: 1 }] },
    ])
  })
})

describe('ending a rotation', () => {
  test('a key that rotates can’t be rotated again until the overlap ends', async () => {
    const { id } = await createKey()
    await rotate(id, { overlap_seconds: 10 })
    clock.advance(9_999)
    const refused = await post(id, 'rotate')
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'conflict', details: { status: 'rotating' } })
    clock.advance(1)
    await rotate(id)
  })

  test('finished, the old secret is refused at the answer, and finishing again changes nothing', async () => {
    const { id, secret: old } = await createKey()
    const { secret } = await rotate(id)
    expect(await statusOf(old)).toBe(200)
    const finished = await post(id, 'rotate/finish')
    expect(finished.status).toBe(200)
    expect(finished.body.data).toMatchObject({ status: 'active', rotation: null, nodes: [{}] })
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200])
    const before = await auditOf(id)
    expect((await post(id, 'rotate/finish')).status).toBe(200)
    expect(await auditOf(id)).toEqual(before)
    await rotate(id)
  })

  test('cancelled, the old secret goes on as if nothing had been, and the new one is refused at the answer', async () => {
    const { id, secret: old } = await createKey()
    const { secret } = await rotate(id, { overlap_seconds: 60 })
    expect(await statusOf(secret)).toBe(200)
    expect((await post(id, 'rotate/cancel')).body.data).toMatchObject({
      status: 'active',
      rotation: null,
      hint: `sk_test_…${old.slice(-4)}`,
    })
    expect((await me(secret)).body.code).toBe('api_key_expired')
    clock.advance(120_000)
    const answer = await me(old)
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('sunset')
  })

  test('once the overlap has ended there is no way back', async () => {
    const { id, secret: old } = await createKey()
    const { secret } = await rotate(id, { overlap_seconds: 1 })
    clock.advance(1_000)
    expect((await post(id, 'rotate/cancel')).status).toBe(409)
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200])
  })

  test('a key that was never rotated has nothing to finish or to cancel, and a key that is over can’t be rotated', async () => {
    const { id } = await createKey({ expires_at: new Date(clock.nowMs() + 1_000).toISOString() })
    expect((await post(id, 'rotate/finish')).status).toBe(409)
    expect((await post(id, 'rotate/cancel')).status).toBe(409)
    clock.advance(1_000)
    expect((await post(id, 'rotate')).body).toMatchObject({
      code: 'conflict',
      details: { status: 'expired' },
    })
    await post(id, 'revoke')
    expect((await post(id, 'rotate')).body).toMatchObject({
      code: 'conflict',
      details: { status: 'revoked' },
    })
  })

  test('of secrets that were replaced at one instant, it is the working one that is ended or gone back to', async () => {
    const { id, secret: first } = await createKey()
    const { secret: lost } = await rotate(id)
    await post(id, 'rotate/cancel')
    const { secret: second, status } = await rotate(id)
    expect(status).toBe('rotating')
    expect([await statusOf(first), await statusOf(lost), await statusOf(second)]).toEqual([200, 401, 200])
    await post(id, 'rotate/finish')
    expect([await statusOf(first), await statusOf(lost), await statusOf(second)]).toEqual([401, 401, 200])
    await rotate(id)
    expect((await post(id, 'rotate/cancel')).body.data.hint).toBe(`sk_test_…${second.slice(-4)}`)
    expect(await statusOf(second)).toBe(200)
  })
})

test('of rotations at one time exactly one wins, and its secret is the one that works', async () => {
  for (let round = 0; round < 8; round++) {
    const { id, secret: old } = await createKey()
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(id, 'rotate')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409])
    const won = answers.find(({ status }) => status === 200)?.body.data.secret
    expect([await statusOf(old), await statusOf(won)]).toEqual([200, 200])
  }
})

test('when one finishes and another cancels, exactly one secret is left', async () => {
  for (let round = 0; round < 8; round++) {
    const { id, secret: old } = await createKey()
    const { secret } = await rotate(id)
    const calls = round % 2 === 0 ? ['finish', 'cancel'] : ['cancel', 'finish']
    await Promise.all(calls.map((call) => post(id, `rotate/${call}`)))
    expect([await statusOf(old), await statusOf(secret)].toSorted()).toEqual([200, 401])
  }
})

describe('who may rotate', () => {
  test.each([
    ['may do more', { permissions: ['*'] }],
    ['outlives it', { expires_at: null }],
    ['works from more addresses', { ip_allowlist: [] }],
    ['works from other addresses', { ip_allowlist: ['10.0.0.0/8'] }],
    ['may call more often', { rate_limit_per_minute: null }],
  ])('a key can’t rotate, finish or cancel the rotation of a key that %s', async (_how, more) => {
    const limits = {
      permissions: ['api_keys:write'],
      expires_at: new Date(clock.nowMs() + 3_600_000).toISOString(),
      ip_allowlist: ['127.0.0.1'],
      rate_limit_per_minute: 10,
    }
    const { secret: lesser } = await createKey(limits)
    const { id, secret: old } = await createKey({ ...limits, ...more })
    expect((await post(id, 'rotate', undefined, lesser)).status).toBe(403)
    const { secret } = await rotate(id)
    for (const call of ['rotate/finish', 'rotate/cancel']) {
      expect((await post(id, call, undefined, lesser)).body.code).toBe('insufficient_permissions')
    }
    if (!('ip_allowlist' in more)) expect([await statusOf(old), await statusOf(secret)]).toEqual([200, 200])
    const { id: equalId } = await createKey(limits)
    expect((await post(equalId, 'rotate', undefined, lesser)).status).toBe(200)
  })

  test('a key may rotate itself, but not without the permission for keys', async () => {
    const limited = await createKey({ permissions: ['api_keys:write'], rate_limit_per_minute: 5 })
    const rotated = await post(limited.id, 'rotate', { overlap_seconds: 0 }, limited.secret)
    expect(rotated.status).toBe(200)
    expect(await statusOf(rotated.body.data.secret)).toBe(200)
    const reader = await createKey({ permissions: ['api_keys:read'] })
    expect((await post(reader.id, 'rotate', undefined, reader.secret)).status).toBe(403)
  })

  test('a key of the other environment or of another workspace is not there', async () => {
    const { id } = await createKey()
    const other = await server.createWorkspace(`Rotators ${id}`)
    for (const stranger of [
      await server.createKey('live'),
      await server.createKey('test', ['*'], other.id),
    ]) {
      for (const call of ['rotate', 'rotate/finish', 'rotate/cancel']) {
        expect((await post(id, call, undefined, stranger)).status).toBe(404)
      }
    }
  })
})

test('what was done is in the audit trail and in the events, in order, and a secret is in neither', async () => {
  const { id, secret: first } = await createKey()
  const secrets = [first]
  for (const end of ['finish', 'cancel']) {
    secrets.push((await rotate(id)).secret)
    await post(id, `rotate/${end}`)
  }
  const actions = ['created', 'rotated', 'rotation_finished', 'rotated', 'rotation_cancelled']
  const trail = await auditOf(id)
  expect(trail.map(({ action }) => action).toReversed()).toEqual(actions)
  expect(trail[1]?.changes).toEqual({
    overlap_seconds: 900,
    old_secret_ends_at: new Date(clock.nowMs() + 900_000).toISOString(),
  })
  expect((await eventsOf(id)).map(({ type }) => type).toReversed()).toEqual(
    actions.map((action) => `api_key.${action}`),
  )
  const routes = ['', `/${id}`, `/${id}/usage`, `/${id}/audit`, `/${id}/suggested_permissions`, '/audit']
  const texts = [server.logLines.join('')]
  for (const route of [...routes.map((rest) => `GET /v1/api_keys${rest}`), 'GET /v1/events?limit=100']) {
    texts.push((await server.request(route, { key })).text)
  }
  for (const text of texts) for (const secret of secrets) expect(text).not.toContain(secret)
})
