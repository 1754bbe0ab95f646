/** API keys over HTTP: what each state of a secret is answered, who may make which key, when a change takes effect. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'

let server: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  server = await createTestApp({ clock })
  key = await server.createKey()
})
afterAll(() => server.close())

async function createKey(body: Record<string, unknown> = {}) {
  const response = await server.request('POST /v1/api_keys', { key, body: { name: 'x', ...body } })
  expect(response.status).toBe(201)
  return response.body.data as { id: string; secret: string; hint: string }
}

describe('a secret is answered for what it is', () => {
  test('valid: who the key is', async () => {
    const { status, body } = await server.request('GET /v1/me', { key })
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      data: {
        type: 'api_key',
        id: expect.stringMatching(/^key_/),
        name: 'test',
        environment: 'test',
        workspace: { id: server.workspaceId, name: 'Acme' },
        permissions: ['*'],
        rate_limit_per_minute: 1000,
        expires_at: null,
        secret_last_four: key.slice(-4),
      },
    })
  })

  test.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['the scheme alone', { authorization: 'Bearer' }],
  ])('%s: 401 Unauthorized without an error attribute', async (_name, headers) => {
    const {
      status,
      body,
      headers: answer,
    } = await server.request('GET /v1/me', { headers: headers as Record<string, string> })
    expect(status).toBe(401)
    expect(body).toMatchObject({ success: false, error: 'Unauthorized', code: 'unauthorized' })
    expect(answer['www-authenticate']).toBe('Bearer realm="agentclara"')
  })

  test('the scheme is read in any case', async () => {
    const { status } = await server.request('GET /v1/me', { headers: { authorization: `bearer ${key}` } })
    expect(status).toBe(200)
  })

  test.each([
    ['truncated', (secret: string) => secret.slice(0, -1)],
    [
      'checksum_mismatch',
      (secret: string) => secret.slice(0, 20) + (secret[20] === 'a' ? 'b' : 'a') + secret.slice(21),
    ],
    ['wrong_prefix', () => 'YOUR_API_KEY'],
    ['whitespace', (secret: string) => `${secret.slice(0, 15)} ${secret.slice(15)}`],
    ['checksum_mismatch', (secret: string) => secret.replace('test', 'live')],
  ])('%s: 401 Invalid API key with that reason', async (reason, damage) => {
    const { status, body, headers } = await server.request('GET /v1/me', { key: damage(key) })
    expect(status).toBe(401)
    expect(body).toMatchObject({
      success: false,
      error: 'Invalid API key',
      code: 'invalid_api_key',
      details: { reason },
    })
    expect(body.hint).not.toBe('')
    expect(headers['www-authenticate']).toContain('error="invalid_token"')
  })

  test('unknown: well-formed, but of another installation', async () => {
    const { createSecret } = await import('./secret.ts')
    const { body } = await server.request('GET /v1/me', { key: createSecret('test') })
    expect(body).toMatchObject({ code: 'invalid_api_key', details: { reason: 'unknown' } })
  })

  test('revoked: 401 with the date, at the first request after the answer', async () => {
    const { id, secret } = await createKey()
    expect((await server.request('GET /v1/me', { key: secret })).status).toBe(200)
    const revoked = await server.request(`POST /v1/api_keys/${id}/revoke`, { key })
    expect(revoked.status).toBe(200)
    const { revoked_at: revokedAt, took_ms: tookMs, nodes, status } = revoked.body.data
    expect(status).toBe('revoked')
    expect(tookMs).toBeGreaterThan(0)
    expect(nodes).toHaveLength(1)
    const refused = await server.request('GET /v1/me', { key: secret })
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject({ error: 'Invalid API key', code: 'api_key_revoked' })
    expect(refused.body.hint).toContain(revokedAt)
  })

  test('expired: 401 with the date, from that instant on', async () => {
    const expiresAt = new Date(clock.nowMs() + 60_000).toISOString()
    const { id, secret } = await createKey({ expires_at: expiresAt })
    clock.advance(59_999)
    expect((await server.request('GET /v1/me', { key: secret })).status).toBe(200)
    clock.advance(1)
    const refused = await server.request('GET /v1/me', { key: secret })
    expect(refused.body).toMatchObject({ error: 'Invalid API key', code: 'api_key_expired' })
    expect(refused.body.hint).toContain(expiresAt)
    const seen = await server.request(`GET /v1/api_keys/${id}`, { key })
    expect(seen.body.data.status).toBe('expired')
  })

  test('lacking a permission: 403 that names it, before the body is looked at', async () => {
    const { secret } = await createKey({ permissions: ['contacts:read'] })
    const { status, body } = await server.request('POST /v1/contacts', { key: secret, body: '{nonsense' })
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'insufficient_permissions', details: { required: 'contacts:write' } })
    expect(body.hint).toContain('contacts:write')
  })
})

test('write implies read, and nothing else', async () => {
  const { secret } = await createKey({ permissions: ['contacts:write'] })
  expect((await server.request('GET /v1/contacts', { key: secret })).status).toBe(200)
  expect((await server.request('GET /v1/conversations', { key: secret })).status).toBe(403)
})

test('a key can’t make a key that may do more than itself, nor change one that may', async () => {
  const { secret: limited } = await createKey({ permissions: ['api_keys:write', 'contacts:read'] })
  const wider = { name: 'y', permissions: ['contacts:write'] }
  const refused = await server.request('POST /v1/api_keys', { key: limited, body: wider })
  expect(refused.status).toBe(403)
  expect(refused.body.details).toMatchObject({ required: 'contacts:write' })
  expect((await server.request('POST /v1/api_keys', { key: limited, body: { name: 'z' } })).status).toBe(403)
  const narrower = { name: 'y', permissions: ['contacts:read', 'api_keys:read'] }
  expect((await server.request('POST /v1/api_keys', { key: limited, body: narrower })).status).toBe(201)

  const { id: strongId } = await createKey()
  const change = { expires_at: null, name: 'mine' }
  expect(
    (await server.request(`PATCH /v1/api_keys/${strongId}`, { key: limited, body: change })).status,
  ).toBe(403)
})

test('a change of permissions holds at the next request', async () => {
  const { id, secret } = await createKey({ permissions: ['contacts:read'] })
  expect((await server.request('GET /v1/conversations', { key: secret })).status).toBe(403)
  for (const method of ['PATCH', 'PUT']) {
    const permissions = method === 'PATCH' ? ['conversations:read'] : ['events:read']
    const changed = await server.request(`${method} /v1/api_keys/${id}`, { key, body: { permissions } })
    expect(changed.body.data.permissions).toEqual(permissions)
  }
  expect((await server.request('GET /v1/conversations', { key: secret })).status).toBe(403)
  expect((await server.request('GET /v1/events', { key: secret })).status).toBe(200)
})

test('revoking twice answers the same, and a revoked key stays as it is', async () => {
  const { id } = await createKey()
  const first = await server.request(`DELETE /v1/api_keys/${id}`, { key })
  clock.advance(5_000)
  const second = await server.request(`POST /v1/api_keys/${id}/revoke`, { key })
  expect(second.status).toBe(200)
  expect(second.body.data.revoked_at).toBe(first.body.data.revoked_at)
  expect((await server.request(`PATCH /v1/api_keys/${id}`, { key, body: { name: 'z' } })).status).toBe(409)
})

test('the secret is in the answer that makes it and in no other', async () => {
  const { id, secret, hint } = await createKey()
  expect(hint).toBe(`sk_test_…${secret.slice(-4)}`)
  await server.request('GET /v1/me', { key: secret })
  for (const route of ['GET /v1/api_keys', `GET /v1/api_keys/${id}`, 'GET /v1/events']) {
    expect((await server.request(route, { key })).text).not.toContain(secret)
  }
  expect(server.logLines.join('')).not.toContain(secret)
})

test.each([
  [{}, 'name', 'validation_failed'],
  [{ name: '' }, 'name', 'validation_failed'],
  [{ name: '   ' }, 'name', 'validation_failed'],
  [{ name: 'x'.repeat(101) }, 'name', 'validation_failed'],
  [{ name: 5 }, 'name', 'validation_failed'],
  [{ name: 'x', permissions: [] }, 'permissions', 'validation_failed'],
  [{ name: 'x', permissions: ['contacts:admin'] }, 'permissions[0]', 'validation_failed'],
  [{ name: 'x', expires_at: 'tomorrow' }, 'expires_at', 'validation_failed'],
  [{ name: 'x', expires_at: '2001-01-01T00:00:00Z' }, 'expires_at', 'validation_failed'],
  [{ name: 'x', permision: ['*'] }, 'permision', 'unknown_field'],
])('%j is refused naming %s', async (body, param, code) => {
  const before = (await server.request('GET /v1/api_keys?limit=100', { key })).body.data.length
  const { status, body: answer } = await server.request('POST /v1/api_keys', { key, body })
  expect(status).toBe(400)
  expect(answer).toMatchObject({ success: false, code, param })
  expect((await server.request('GET /v1/api_keys?limit=100', { key })).body.data.length).toBe(before)
})

test('pages by cursor show every key once, newest first', async () => {
  const all = (await server.request('GET /v1/api_keys?limit=100', { key })).body.data.map(
    (item: { id: string }) => item.id,
  )
  const seen: string[] = []
  let cursor = ''
  do {
    const page = await server.request(`GET /v1/api_keys?limit=2${cursor}`, { key })
    seen.push(...page.body.data.map((item: { id: string }) => item.id))
    cursor = page.body.pagination.has_more ? `&cursor=${page.body.pagination.next_cursor}` : ''
  } while (cursor !== '')
  expect(seen).toEqual(all)
  expect(all).toEqual(all.toSorted().reverse())
})

test('the latest use is known within moments', async () => {
  const { id, secret } = await createKey()
  await server.request('GET /v1/me', { key: secret })
  await expect
    .poll(async () => (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data.last_used_at, {
      timeout: 5_000,
    })
    .toBe(new Date(clock.nowMs()).toISOString())
})

test('a key can’t revoke a key that may do more', async () => {
  const { secret: limited } = await createKey({ permissions: ['api_keys:write'] })
  const { id } = await createKey()
  expect((await server.request(`POST /v1/api_keys/${id}/revoke`, { key: limited })).status).toBe(403)
  expect((await server.request(`DELETE /v1/api_keys/${id}`, { key: limited })).status).toBe(403)
})

test('a key that ends can’t make or keep anything that outlives it', async () => {
  const endsAt = new Date(clock.nowMs() + 3_600_000).toISOString()
  const { id, secret } = await createKey({ expires_at: endsAt })
  const later = new Date(clock.nowMs() + 7_200_000).toISOString()
  for (const expires_at of [later, null]) {
    const made = await server.request('POST /v1/api_keys', { key: secret, body: { name: 'x', expires_at } })
    expect(made.status).toBe(403)
    expect(made.body.param).toBe('expires_at')
    expect(
      (await server.request(`PATCH /v1/api_keys/${id}`, { key: secret, body: { expires_at } })).status,
    ).toBe(403)
  }
  const made = await server.request('POST /v1/api_keys', { key: secret, body: { name: 'x' } })
  expect(made.body.data.expires_at).toBe(endsAt)
})

test('revoked keys don’t count towards the number that an environment may have', async () => {
  const other = await server.createWorkspace('Many keys')
  const first = await server.createKey('test', ['*'], other.id)
  const { environmentId } = await server.app.workspaces.getScope(other.id, 'test')
  const now = new Date()
  const rows = Array.from({ length: 998 }, (_, index) => ({
    id: `key_filler${index}` as const,
    environment_id: environmentId,
    name: 'filler',
    permissions: ['contacts:read'],
    created_by: 'admin',
    created_at: now,
    updated_at: now,
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
  }))
  await server.db.insertInto('api_keys').values(rows).execute()
  const make = () =>
    server.request('POST /v1/api_keys', { key: first, body: { name: 'x', permissions: ['contacts:read'] } })
  const answers = await Promise.all([make(), make(), make(), make()])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  const made = answers.find(({ status }) => status === 201)?.body.data
  await server.request(`POST /v1/api_keys/${made.id}/revoke`, { key: first })
  expect((await make()).status).toBe(201)
})

test('a request that was under way when its key was revoked is finished', async () => {
  const { id, secret } = await createKey()
  const made = await server.request('POST /v1/conversations', { key, body: { channel: 'web' } })
  const messages = `/v1/conversations/${made.body.data.id}/messages`
  const underWay = server.request(`POST ${messages}`, {
    key: secret,
    body: { content: '[[slow 500ms]] [[say Here I am]]', sender: 'customer', reply: 'wait' },
  })
  // Once its message is there, the request has been let in and waits for Clara.
  await expect.poll(async () => (await server.request(`GET ${messages}`, { key })).body.data.length).toBe(1)
  expect((await server.request(`POST /v1/api_keys/${id}/revoke`, { key })).status).toBe(200)
  expect((await server.request('GET /v1/me', { key: secret })).status).toBe(401)
  const { status, body } = await underWay
  expect(status).toBe(201)
  expect(body.data.reply.content).toContain('Here I am')
})

test.each([
  [{ name: 'x', permissions: ['contact:read'] }, 'permissions[0]', /; did you mean contacts:read\?$/],
  [{ name: 'x', preset: 'readonly' }, 'preset', /; did you mean read_only\?$/],
  [{ name: 'x', preset: 'sk_test_secret' }, 'preset', /ci$/],
  [{ name: 'x', expires_at: 1_893_456_000 }, 'expires_at', /must be a time in ISO 8601, such as .* or null$/],
])('%j is refused with the field and what was meant', async (body, param, sentence) => {
  const answer = await server.request('POST /v1/api_keys', { key, body })
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ param, error: expect.stringMatching(sentence) })
})

test('who may not change something is told so in its own words, and what is over says what to do instead', async () => {
  const { secret } = await createKey({ permissions: ['api_keys:write'] })
  const strong = await createKey()
  const settings = { key: secret, body: { leak_response: 'revoke' } }
  expect((await server.request('PATCH /v1/api_keys/settings', settings)).body).toMatchObject({
    error: 'Only a key with all permissions may change this',
    details: { required: '*' },
  })
  const refused = await server.request(`POST /v1/api_keys/${strong.id}/revoke`, { key: secret })
  expect(refused.body.error).toBe('A key can’t change a key that may do more than it')
  await server.request(`POST /v1/api_keys/${strong.id}/revoke`, { key })
  for (const [route, body] of [
    [`PATCH /v1/api_keys/${strong.id}`, { name: 'z' }],
    [`POST /v1/api_keys/${strong.id}/quarantine`, undefined],
    [`POST /v1/api_keys/${strong.id}/rotate`, undefined],
  ] as const) {
    expect((await server.request(route, { key, ...(body && { body }) })).body.hint, route).toMatch(
      /create a new key/i,
    )
  }
  const nothing = await server.request(`PATCH /v1/api_keys/${strong.id}`, { key, body: {} })
  expect(nothing.body.error).toBe('The body must have at least one field')
})
