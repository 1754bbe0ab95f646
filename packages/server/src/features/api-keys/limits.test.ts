/** What confines a key — addresses, end, rate, permissions: how it is read, that it holds, and that no key gets beyond its own. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AddressList } from '../../lib/cidr.ts'
import { allows, permissions, presetNames, presets } from '../../principal.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { assertWithin, type Limits, parseAllowlist } from './rules.ts'

let server: TestApp
/** Believes X-Forwarded-For of what connects from 10.0.0.0/8 or ::1. */
let behindProxy: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  server = await createTestApp({ clock })
  behindProxy = await createTestApp({ env: { TRUSTED_PROXIES: '10.0.0.0/8, ::1' } })
  key = await server.createKey()
})
afterAll(async () => {
  await server.close()
  await behindProxy.close()
})

const inOneHour = () => new Date(clock.nowMs() + 3_600_000).toISOString()
const inTwoHours = () => new Date(clock.nowMs() + 7_200_000).toISOString()
const create = (body: Record<string, unknown>, by = key) =>
  server.request('POST /v1/api_keys', { key: by, body: { name: 'x', ...body } })
async function createKey(body: Record<string, unknown> = {}) {
  const made = await create(body)
  expect(made.status).toBe(201)
  return made.body.data as { id: string; secret: string; ip_allowlist: string[]; permissions: string[] }
}
const update = (id: string, body: Record<string, unknown>, by = key) =>
  server.request(`PATCH /v1/api_keys/${id}`, { key: by, body })
const get = async (id: string) => (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data

describe('an allowlist', () => {
  test.each([
    '',
    ' ',
    'localhost',
    '203.0.113.0/33',
    '203.0.113.1/24',
    '203.0.113',
    '203.0.113.007',
    '0xCB007107',
    '3405803783',
    '203.0.113.7/',
    '203.0.113.7/-1',
    '203.0.113.7/+8',
    '203.0.113.7/024 ',
    '2001:db8::/129',
    '2001:db8::1/32',
    'fe80::1%eth0',
    '::ffff:203.0.113.0/95',
    '[::1]',
    '203.0.113.7:80',
    '*',
  ])('with %j is refused naming its index, and no key is made', async (bad) => {
    const { id } = await createKey()
    for (const refused of [
      await create({ ip_allowlist: ['203.0.113.7', bad] }),
      await update(id, { ip_allowlist: ['203.0.113.7', bad] }),
    ]) {
      expect(refused.status).toBe(400)
      expect(refused.body).toMatchObject({ code: 'validation_failed', param: 'ip_allowlist[1]' })
    }
    expect((await get(id)).ip_allowlist).toEqual([])
  })

  test('is kept in canonical form, each network once', async () => {
    const { id, ip_allowlist: made } = await createKey({
      ip_allowlist: [
        '203.0.113.7',
        '::ffff:203.0.113.7',
        '2001:DB8:0:0::/32',
        '2001:db8::/32',
        '::ffff:10.0.0.0/104',
      ],
    })
    expect(made).toEqual(['203.0.113.7/32', '2001:db8::/32', '10.0.0.0/8'])
    expect((await get(id)).ip_allowlist).toEqual(made)
  })

  test('has up to 50 entries', async () => {
    const some = (count: number) => Array.from({ length: count }, (_, index) => `203.0.113.${index}`)
    expect((await createKey({ ip_allowlist: some(50) })).ip_allowlist).toHaveLength(50)
    expect((await create({ ip_allowlist: some(51) })).body).toMatchObject({ param: 'ip_allowlist' })
  })

  test('lets in what is on it, and refuses everything else by name', async () => {
    const { id, secret } = await createKey({ ip_allowlist: ['203.0.113.0/24', '2001:db8::/64'] })
    const from = (address: string) => server.request('GET /v1/me', { key: secret, address })
    for (const address of ['203.0.113.0', '203.0.113.255', '::ffff:203.0.113.7', '2001:db8::ffff']) {
      expect((await from(address)).status).toBe(200)
    }
    for (const address of [
      '203.0.112.255',
      '203.0.114.0',
      '::ffff:127.0.0.1',
      '2001:db8:0:1::',
      '::cb00:7107',
    ]) {
      const refused = await from(address)
      expect(refused.status).toBe(403)
      expect(refused.body.code).toBe('ip_not_allowed')
    }
    expect((await from('::ffff:192.0.2.1')).body.details).toEqual({ address: '192.0.2.1' })
    // A change holds at the next request.
    await update(id, { ip_allowlist: ['192.0.2.1'] })
    expect([(await from('203.0.113.0')).status, (await from('192.0.2.1')).status]).toEqual([403, 200])
    await update(id, { ip_allowlist: [] })
    expect((await from('198.51.100.1')).status).toBe(200)
  })

  test('is asked before the body is read, and the refused request has no effect', async () => {
    const { secret } = await createKey({ ip_allowlist: ['203.0.113.7'] })
    for (const body of ['{nonsense', { name: 'Eve' }]) {
      expect((await server.request('POST /v1/contacts', { key: secret, body })).body.code).toBe(
        'ip_not_allowed',
      )
    }
    expect((await server.request('GET /v1/contacts', { key })).body.data).toEqual([])
  })

  test('without TRUSTED_PROXIES no header says where a request comes from', async () => {
    const { secret } = await createKey({ ip_allowlist: ['203.0.113.7'] })
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip']) {
      const value = name === 'forwarded' ? 'for=203.0.113.7' : '203.0.113.7'
      const refused = await server.request('GET /v1/me', { key: secret, headers: { [name]: value } })
      expect(refused.body).toMatchObject({ code: 'ip_not_allowed', details: { address: '127.0.0.1' } })
    }
  })
})

describe('behind a trusted proxy', () => {
  let secret: string
  beforeAll(async () => {
    const admin = await behindProxy.createKey()
    const made = await behindProxy.request('POST /v1/api_keys', {
      key: admin,
      body: { name: 'x', ip_allowlist: ['203.0.113.7', '2001:db8::/32'] },
    })
    secret = made.body.data.secret
  })
  const chain = (forwarded: string, address = '10.0.0.1') =>
    behindProxy.request('GET /v1/me', { key: secret, address, headers: { 'x-forwarded-for': forwarded } })

  test.each([
    ['203.0.113.7'],
    ['  203.0.113.7  '],
    ['198.51.100.9, 203.0.113.7'],
    ['not an address, 203.0.113.7'],
    ['203.0.113.7, 10.9.9.9'],
    ['203.0.113.7, 10.9.9.9, 10.1.1.1'],
    ['::ffff:203.0.113.7'],
    ['2001:db8::1'],
    ['203.0.113.7, ::1, ::ffff:10.2.2.2'],
  ])('%s is allowed', async (forwarded) => {
    expect((await chain(forwarded)).status).toBe(200)
    expect((await chain(forwarded, '::1')).status).toBe(200)
  })

  test.each([
    ['203.0.113.7, 198.51.100.9', '198.51.100.9'],
    ['203.0.113.7, 198.51.100.9, 10.1.1.1', '198.51.100.9'],
    ['203.0.113.7,,198.51.100.9', '198.51.100.9'],
    ['203.0.113.7, unknown', 'unknown'],
    ['203.0.113.7, _hidden, 10.1.1.1', '_hidden'],
    ['203.0.113.7:4711', '203.0.113.7:4711'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ["203.0.113.7'; DROP TABLE api_keys; --", "203.0.113.7'; DROP TABLE api_keys; --"],
    [`203.0.113.7, ${'9'.repeat(5_000)}`, '9'.repeat(64)],
    ['', '10.0.0.1'],
    [' , ', '10.0.0.1'],
    ['10.1.1.1, 10.2.2.2', '10.1.1.1'],
  ])('%s is refused as %s', async (forwarded, address) => {
    const refused = await chain(forwarded)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ code: 'ip_not_allowed', details: { address } })
  })

  test('the header of whoever is no trusted proxy counts for nothing', async () => {
    const refused = await chain('203.0.113.7', '192.0.2.66')
    expect(refused.body).toMatchObject({ code: 'ip_not_allowed', details: { address: '192.0.2.66' } })
    expect((await chain('198.51.100.9', '203.0.113.7')).status).toBe(200)
  })
})

describe('no key gets beyond its own limits', () => {
  const limits = () => ({
    permissions: ['api_keys:write', 'contacts:read'],
    ip_allowlist: ['127.0.0.0/24', '2001:db8::/32'],
    expires_at: inOneHour(),
    rate_limit_per_minute: 100,
  })

  test.each([
    ['permissions', { permissions: ['*'] }],
    ['permissions', { permissions: ['api_keys:write', 'contacts:write'] }],
    ['permissions', { preset: 'full' }],
    ['permissions', { preset: 'read_only' }],
    ['expires_at', { expires_at: null }],
    ['expires_at', { expires_at: inTwoHours() }],
    ['ip_allowlist', { ip_allowlist: [] }],
    ['ip_allowlist', { ip_allowlist: ['127.0.0.0/23'] }],
    ['ip_allowlist', { ip_allowlist: ['127.0.0.1', '127.0.1.1'] }],
    ['ip_allowlist', { ip_allowlist: ['0.0.0.0/0'] }],
    ['ip_allowlist', { ip_allowlist: ['::/0'] }],
    ['ip_allowlist', { ip_allowlist: ['::ffff:0.0.0.0/96'] }],
    ['ip_allowlist', { ip_allowlist: ['2001:db8::/31'] }],
    ['rate_limit_per_minute', { rate_limit_per_minute: null }],
    ['rate_limit_per_minute', { rate_limit_per_minute: 101 }],
  ])('in %s: %j is refused for a new key, for another one and for itself', async (param, beyond) => {
    const own = limits()
    const { id, secret } = await createKey(own)
    const { permissions: grants, ...rest } = own
    const other = await createKey({ ...rest, permissions: ['contacts:read'] })
    const answers = [
      await create({ ...('preset' in beyond ? rest : { permissions: grants }), ...beyond }, secret),
      await update(id, beyond, secret),
      await update(other.id, beyond, secret),
    ]
    for (const refused of answers) {
      expect(refused.status).toBe(403)
      expect(refused.body).toMatchObject({ code: 'insufficient_permissions', param })
    }
    expect(await get(id)).toMatchObject({ ...rest, permissions: grants })
    expect(await get(other.id)).toMatchObject({ ...rest, permissions: ['contacts:read'] })
  })

  test('what a new key isn’t given it takes from its maker', async () => {
    const own = limits()
    const { secret } = await createKey(own)
    const made = await create({ permissions: ['contacts:read'] }, secret)
    expect(made.body.data).toMatchObject({ ...own, permissions: ['contacts:read'] })
  })

  test('a key that works from one place can’t take over one that works from anywhere by renaming or narrowing it half-way', async () => {
    const { secret } = await createKey(limits())
    const { id } = await createKey({ permissions: ['contacts:read'] })
    for (const body of [{ name: 'mine' }, { ip_allowlist: ['127.0.0.1'] }, { expires_at: inOneHour() }]) {
      expect((await update(id, body, secret)).status).toBe(403)
    }
    expect((await get(id)).name).toBe('x')
  })

  const cidr = fc
    .tuple(
      fc.constantFrom('10.0.0.0', '10.128.0.0', '10.64.0.0', '0.0.0.0', '::', 'fd00::', '::ffff:10.0.0.0'),
      fc.nat(128),
    )
    .map(([address, prefix]) => `${address}/${prefix}`)
    .filter((text) => {
      try {
        return parseAllowlist([text]).length === 1
      } catch {
        return false
      }
    })
  const someLimits: fc.Arbitrary<Limits> = fc.record({
    grants: fc.uniqueArray(fc.constantFrom('*' as const, ...permissions.slice(0, 4)), { minLength: 1 }),
    expiresAt: fc.option(fc.constantFrom(1, 2, 3).map((ms) => new Date(ms))),
    ipAllowlist: fc.array(cidr, { maxLength: 3 }).map(parseAllowlist),
    rateLimitPerMinute: fc.option(fc.constantFrom(1, 2, 3)),
  })
  const addresses = [
    '10.0.0.0',
    '10.128.0.1',
    '10.64.0.9',
    '0.0.0.1',
    '192.0.2.1',
    '::',
    '::1',
    'fd00::1',
    'fdff::',
  ]

  test('whatever passes may do nothing that its maker may not, and nothing is within more than itself', () => {
    fc.assert(
      fc.property(someLimits, someLimits, (held, wanted) => {
        expect(() => assertWithin(held, held)).not.toThrow()
        try {
          assertWithin(held, wanted)
        } catch {
          return
        }
        for (const permission of permissions) {
          if (allows(wanted.grants, permission)) expect(allows(held.grants, permission)).toBe(true)
        }
        const works = ({ ipAllowlist }: Limits, address: string) =>
          ipAllowlist.length === 0 || new AddressList(ipAllowlist).includes(address)
        for (const address of addresses) if (works(wanted, address)) expect(works(held, address)).toBe(true)
        const forever = Number.POSITIVE_INFINITY
        expect(wanted.expiresAt?.getTime() ?? forever).toBeLessThanOrEqual(
          held.expiresAt?.getTime() ?? forever,
        )
        expect(wanted.rateLimitPerMinute ?? forever).toBeLessThanOrEqual(held.rateLimitPerMinute ?? forever)
      }),
      { numRuns: 500 },
    )
  })
})

describe('rate and permissions', () => {
  test.each([1_001, 10_000, 10_001, 0, -1, 1.5, '10'])('a rate of %j is refused by name', async (rate) => {
    const { id } = await createKey()
    for (const refused of [
      await create({ rate_limit_per_minute: rate }),
      await update(id, { rate_limit_per_minute: rate }),
    ]) {
      expect(refused.status).toBe(400)
      expect(refused.body.param).toBe('rate_limit_per_minute')
    }
  })

  test('what holds is the lower one of key and plan', async () => {
    const { id, secret } = await createKey({ rate_limit_per_minute: 5 })
    const limit = async () =>
      (await server.request('GET /v1/me', { key: secret })).body.data.rate_limit_per_minute
    expect(await limit()).toBe(5)
    await update(id, { rate_limit_per_minute: 1_000 })
    expect(await limit()).toBe(1_000)
    await update(id, { rate_limit_per_minute: null })
    expect(await limit()).toBe(1_000)
  })

  test.each(presetNames)('the preset %s stands for its permissions', async (preset) => {
    const { id, permissions: given } = await createKey({ preset })
    expect(given).toEqual(presets[preset].permissions)
    await update(id, { permissions: ['events:read'] })
    expect((await update(id, { preset })).body.data.permissions).toEqual(given)
  })

  test.each([
    [{ preset: 'full', permissions: ['*'] }, 'preset'],
    [{ preset: 'none' }, 'preset'],
    [{ permissions: [] }, 'permissions'],
    [{ permissions: ['contacts:read', 'contacts:read'] }, 'permissions'],
    [{ permissions: ['contacts:*'] }, 'permissions[0]'],
    [{ permissions: ['events:read', 'Contacts:read'] }, 'permissions[1]'],
    [{ permissions: '*' }, 'permissions'],
    [{ expires_at: '2026-02-30T00:00:00' }, 'expires_at'],
    [{ expires_at: 1_900_000_000 }, 'expires_at'],
  ])('%j is refused naming %s', async (body, param) => {
    const { id } = await createKey()
    for (const refused of [await create(body), await update(id, body)]) {
      expect(refused.status).toBe(400)
      expect(refused.body.param).toBe(param)
    }
  })

  test('an end at this very instant is in the past, and the last instant that can be written is none', async () => {
    expect((await create({ expires_at: new Date(clock.nowMs()).toISOString() })).body.param).toBe(
      'expires_at',
    )
    const late = await create({ expires_at: '9999-12-31T23:59:59.999Z' })
    expect(late.body.data.expires_at).toBe('9999-12-31T23:59:59.999Z')
    const tooLate = await create({ expires_at: '9999-12-31T23:59:59-23:59' })
    expect([tooLate.status, tooLate.body.param]).toEqual([400, 'expires_at'])
  })
})
