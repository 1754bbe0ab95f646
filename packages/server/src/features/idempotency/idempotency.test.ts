/** A request that is sent again under its Idempotency-Key has one effect and one answer, whatever went wrong between. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock, type TestResponse } from '../../testing/app.ts'

let server: TestApp
const clock = new TestClock()
let key: string
let count = 0

beforeAll(async () => {
  // A webhook that fails is left alone for the rest of the test.
  server = await createTestApp({ clock, env: { WEBHOOK_RETRY_SECONDS: '3600' } })
  key = await server.createKey()
})
afterAll(() => server.close())

/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:9/hook'

const newName = () => `name-${++count}`
const send = (route: string, idempotencyKey: string, body?: unknown, using = key): Promise<TestResponse> =>
  server.request(route, { key: using, body, headers: { 'idempotency-key': idempotencyKey } })
const make = async (path: string, body: unknown): Promise<Record<string, string>> =>
  (await server.request(`POST /v1${path}`, { key, body })).body.data
const contactsNamed = async (name: string) =>
  (await server.db.selectFrom('contacts').select('id').where('name', '=', name).execute()).length

/** The answer of the work isn't kept, as if the server had died after the effect and before it. */
async function losingItsAnswer<T>(work: () => Promise<T>): Promise<T> {
  await sql`
    CREATE OR REPLACE FUNCTION lose_answer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.answer IS NOT NULL THEN RAISE EXCEPTION 'lost'; END IF;
      RETURN NEW;
    END $$`.execute(server.db)
  await sql`
    CREATE TRIGGER lose_answer BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION lose_answer()`.execute(
    server.db,
  )
  const result = await work()
  await sql`DROP TRIGGER lose_answer ON idempotency_keys`.execute(server.db)
  return result
}

/** All that requests can change, without what is merely counted. */
async function snapshot(): Promise<string> {
  const tables = [
    'contacts',
    'contact_addresses',
    'conversations',
    'messages',
    'turns',
    'knowledge_sources',
    'knowledge_versions',
    'events',
    'api_key_secrets',
    'api_key_audit',
    'environments',
    'webhooks',
    'members',
    'invitations',
  ]
  const { rows: keys } = await sql`
    SELECT to_jsonb(api_keys) - 'last_used_at' - 'revocation' AS row FROM api_keys ORDER BY id`.execute(
    server.db,
  )
  const parts = [JSON.stringify(keys)]
  for (const table of tables) {
    const { rows } = await sql`
      SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') AS rows FROM ${sql.table(table)} AS t`.execute(
      server.db,
    )
    parts.push(`${table} ${JSON.stringify(rows)}`)
  }
  // Of others the server writes what comes of its attempts.
  const { rows: deliveries } = await sql`
    SELECT to_jsonb(d) AS row FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
     WHERE w.status = 'paused' ORDER BY d.id`.execute(server.db)
  const { rows: recoveries } = await sql`SELECT id FROM webhook_recoveries ORDER BY id`.execute(server.db)
  parts.push(JSON.stringify([deliveries, recoveries]))
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

describe('every write that there is', () => {
  /** What each call is sent, and which it is sent to. Calls that change nothing are marked. A new write must be added here. */
  const calls: Record<
    string,
    { changes: boolean; prepare: () => Promise<{ path: string; body?: unknown }> }
  > = {
    createApiKey: changing(async () => ({ path: '/api_keys', body: { name: newName() } })),
    updateApiKey: changing(async () => ({ path: `/api_keys/${await keyId()}`, body: { name: newName() } })),
    revokeApiKey: changing(async () => ({ path: `/api_keys/${await keyId()}/revoke` })),
    deleteApiKey: changing(async () => ({ path: `/api_keys/${await keyId()}` })),
    rotateApiKey: changing(async () => ({
      path: `/api_keys/${await keyId()}/rotate`,
      body: { overlap_seconds: 60 },
    })),
    finishApiKeyRotation: changing(async () => ({ path: `/api_keys/${await rotatingId()}/rotate/finish` })),
    cancelApiKeyRotation: changing(async () => ({ path: `/api_keys/${await rotatingId()}/rotate/cancel` })),
    quarantineApiKey: changing(async () => ({ path: `/api_keys/${await keyId()}/quarantine` })),
    releaseApiKey: changing(async () => {
      const id = await keyId()
      await make(`/api_keys/${id}/quarantine`, {})
      return { path: `/api_keys/${id}/release` }
    }),
    updateApiKeySettings: changing(async () => {
      const { body } = await server.request('GET /v1/api_keys/settings', { key })
      const other = body.data.leak_response === 'revoke' ? 'quarantine' : 'revoke'
      return { path: '/api_keys/settings', body: { leak_response: other } }
    }),
    createClientToken: reading(async () => ({
      path: '/client_tokens',
      body: { contact_id: await contactId() },
    })),
    createContact: changing(async () => ({ path: '/contacts', body: { name: newName() } })),
    updateContact: changing(async () => ({
      path: `/contacts/${await contactId()}`,
      body: { name: newName() },
    })),
    deleteContact: changing(async () => ({ path: `/contacts/${await contactId()}` })),
    createConversation: changing(async () => ({
      path: '/conversations',
      body: { channel: 'web', message: 'Hello', sender: 'assistant' },
    })),
    updateConversation: changing(async () => ({
      path: `/conversations/${await conversationId()}`,
      body: { subject: newName() },
    })),
    deleteConversation: changing(async () => ({ path: `/conversations/${await conversationId()}` })),
    sendMessage: changing(async () => ({
      path: `/conversations/${await conversationId()}/messages`,
      body: { content: newName(), sender: 'human' },
    })),
    closeConversation: changing(async () => ({ path: `/conversations/${await conversationId()}/close` })),
    resolveConversation: changing(async () => ({ path: `/conversations/${await conversationId()}/resolve` })),
    reopenConversation: changing(async () => {
      const id = await conversationId()
      await make(`/conversations/${id}/close`, {})
      return { path: `/conversations/${id}/reopen` }
    }),
    handOffConversation: changing(async () => ({
      path: `/conversations/${await conversationId()}/handoff`,
      body: { reason: 'x' },
    })),
    returnConversationToClara: changing(async () => {
      const id = await conversationId()
      await make(`/conversations/${id}/handoff`, {})
      return { path: `/conversations/${id}/return_to_clara` }
    }),
    readConversation: changing(async () => ({ path: `/conversations/${await conversationId(true)}/read` })),
    createKnowledgeSource: changing(async () => ({
      path: '/knowledge/sources',
      body: { type: 'text', title: newName(), content: 'x' },
    })),
    updateKnowledgeSource: changing(async () => ({
      path: `/knowledge/sources/${await sourceId()}`,
      body: { title: newName() },
    })),
    deleteKnowledgeSource: changing(async () => ({ path: `/knowledge/sources/${await sourceId()}` })),
    createWebhook: changing(async () => ({ path: '/webhooks', body: { url: NOBODY, events: ['*'] } })),
    updateWebhook: changing(async () => ({
      path: `/webhooks/${(await webhook()).id}`,
      body: { description: newName() },
    })),
    deleteWebhook: changing(async () => ({ path: `/webhooks/${(await webhook()).id}` })),
    testWebhook: changing(async () => ({ path: `/webhooks/${(await webhook()).id}/test` })),
    rotateWebhookSecret: changing(async () => ({ path: `/webhooks/${(await webhook()).id}/rotate_secret` })),
    pauseWebhook: changing(async () => ({ path: `/webhooks/${(await webhook()).id}/pause` })),
    resumeWebhook: changing(async () => ({ path: `/webhooks/${(await pausedWebhook()).id}/resume` })),
    redeliver: changing(async () => ({
      path: `/deliveries/${(await pausedWebhook()).test_delivery_id}/redeliver`,
    })),
    recoverWebhook: changing(async () => ({
      path: `/webhooks/${(await pausedWebhook()).id}/recover`,
      body: { since: new Date(clock.nowMs() - 60_000).toISOString(), status: 'failed' },
    })),
    updateMember: changing(async () => ({ path: `/members/${await memberId()}`, body: { role: 'agent' } })),
    deleteMember: changing(async () => ({ path: `/members/${await memberId()}` })),
    createInvitation: changing(async () => ({
      path: '/invitations',
      body: { email: `${newName()}@example.com`, role: 'viewer' },
    })),
    resendInvitation: changing(async () => ({ path: `/invitations/${await invitationId()}/resend` })),
    deleteInvitation: changing(async () => ({ path: `/invitations/${await invitationId()}` })),
    checkWebhookUrl: reading(async () => ({ path: '/webhooks/check_url', body: { url: NOBODY } })),
    searchKnowledge: reading(async () => ({ path: '/knowledge/search', body: { query: 'opening' } })),
    askAgent: reading(async () => ({ path: '/agent/ask', body: { question: 'When do you open?' } })),
  }
  function changing(prepare: () => Promise<{ path: string; body?: unknown }>) {
    return { changes: true, prepare }
  }
  function reading(prepare: () => Promise<{ path: string; body?: unknown }>) {
    return { changes: false, prepare }
  }
  /** Whose test event was tried, and is tried again in an hour. */
  const webhook = async () => {
    const made = await make('/webhooks', { url: NOBODY, events: ['webhook.disabled'] })
    const attempts = async () =>
      (await server.request(`GET /v1/deliveries/${made.test_delivery_id}`, { key })).body.data?.attempts
    await expect.poll(attempts).toBe(1)
    return made
  }
  const pausedWebhook = async () => {
    const made = await webhook()
    await make(`/webhooks/${made.id}/pause`, {})
    return made
  }
  const memberId = async () => {
    const id = newId('mem')
    const userId = newId('user')
    const email = `${newName()}@example.com`
    const user = { id: userId, name: 'x', email, email_verified: false, two_factor_enabled: false }
    await server.db.insertInto('auth.users').values(user).execute()
    const member = { id, workspace_id: server.workspaceId, user_id: userId, joined_at: new Date() }
    await server.db
      .insertInto('members')
      .values({ ...member, role: 'viewer' })
      .execute()
    return id
  }
  const invitationId = async () =>
    (await make('/invitations', { email: `${newName()}@example.com`, role: 'viewer' })).id
  const keyId = async () => (await make('/api_keys', { name: newName() })).id
  const rotatingId = async () => {
    const id = await keyId()
    await make(`/api_keys/${id}/rotate`, {})
    return id
  }
  const contactId = async () => (await make('/contacts', { name: newName() })).id
  const sourceId = async () =>
    (await make('/knowledge/sources', { type: 'text', title: newName(), content: 'x' })).id
  const conversationId = async (isUnread = false) =>
    (
      await make('/conversations', {
        channel: 'web',
        ...(isUnread ? { message: 'Hi', sender: 'customer', reply: 'none' } : {}),
      })
    ).id

  const writes = () =>
    server.app.http.routeTable.filter(
      // What is for people alone belongs to no environment, in which keys are remembered: there the header says nothing.
      ({ method, access }) => !['public', 'person'].includes(access) && !['GET', 'HEAD'].includes(method),
    )

  test('is known to this test', () => {
    expect([...new Set(writes().map((route) => route.operationId))].toSorted()).toEqual(
      Object.keys(calls).toSorted(),
    )
  })

  test('has its effect once, and gives the same answer byte for byte, also when the first was never given', async () => {
    for (const { method, operationId } of writes()) {
      const call = calls[operationId]
      if (call === undefined) throw new Error(`add ${operationId}`)
      const { path, body } = await call.prepare()
      const before = await snapshot()
      const idempotencyKey = newName()
      const sent = method === 'DELETE' ? undefined : body
      const ask = () => send(`${method} /v1${path}`, idempotencyKey, sent)
      const first = await (call.changes ? losingItsAnswer(ask) : ask())
      expect(first.status, operationId).toBeLessThan(300)
      expect(first.headers['idempotent-replayed']).toBeUndefined()
      const after = await snapshot()
      expect(after === before, `${operationId} changes something`).toBe(!call.changes)

      // Without a recorded outcome, the effect would have been in another transaction than its key.
      const second = await ask()
      expect(second.status, operationId).toBe(first.status)
      expect(await snapshot(), operationId).toBe(after)
      if (call.changes) expect(withoutReceipt(second.body), operationId).toEqual(withoutReceipt(first.body))
      else expect(second.text, operationId).toBe(first.text)

      const third = await ask()
      expect(third.text, operationId).toBe(second.text)
      expect(third.status).toBe(first.status)
      expect(third.headers).toMatchObject({
        'idempotent-replayed': 'true',
        'content-type': first.headers['content-type'],
      })
      expect(await snapshot(), operationId).toBe(after)
      clock.advance(1)
    }
  })

  /** How long nodes took is measured anew. */
  function withoutReceipt({
    data: { took_ms: _t, nodes: _n, requests_since_click: _r, ...data },
  }: TestResponse['body']) {
    return data
  }
})

describe('the key', () => {
  test('is taken with quotes and without', async () => {
    const name = newName()
    const first = await send('POST /v1/contacts', `"${name}"`, { name })
    const second = await send('POST /v1/contacts', name, { name })
    expect(second.text).toBe(first.text)
    expect(await contactsNamed(name)).toBe(1)
  })

  test.each([
    ['empty', '', 400],
    ['with a space', 'a b', 400],
    ['of 256 characters', 'x'.repeat(256), 400],
    ['with one quote', '"unclosed', 201],
    ['of 255 characters', 'x'.repeat(255), 201],
  ])('that is %s is answered as it must be', async (_name, header, status) => {
    const { body, status: got } = await send('POST /v1/contacts', header, { name: newName() })
    expect(got).toBe(status)
    if (status === 400) expect(body).toMatchObject({ code: 'validation_failed', param: 'Idempotency-Key' })
  })

  test('with another body, query or method is 422, also when the body isn’t valid', async () => {
    const name = newName()
    const idempotencyKey = newName()
    expect((await send('POST /v1/contacts', idempotencyKey, { name })).status).toBe(201)
    for (const body of [{ name: newName() }, { name, tags: [] }, { nonsense: true }]) {
      expect(await send('POST /v1/contacts', idempotencyKey, body)).toMatchObject({
        status: 422,
        body: { code: 'idempotency_key_reused', param: 'Idempotency-Key' },
      })
    }
    const { id } = await make('/contacts', { name: newName() })
    expect((await send(`PATCH /v1/contacts/${id}`, idempotencyKey, { name })).status).toBe(200)
    expect((await send(`DELETE /v1/contacts/${id}`, idempotencyKey)).status).toBe(422)
    expect((await send(`PUT /v1/contacts/${id}`, idempotencyKey, { name })).status).toBe(200)
  })

  test('with the same body in another order, or other white space, is the same request', async () => {
    const name = newName()
    const idempotencyKey = newName()
    const first = await send('POST /v1/contacts', idempotencyKey, { name, tags: ['a'] })
    const second = await send(
      'POST /v1/contacts',
      idempotencyKey,
      `{"tags": ["a"],\n "name": ${JSON.stringify(name)}}`,
    )
    expect(second.text).toBe(first.text)
  })

  test('means nothing to another key, another path, a read, and a day later', async () => {
    const idempotencyKey = newName()
    const name = newName()
    const other = await server.createKey()
    await send('POST /v1/contacts', idempotencyKey, { name })
    await send('POST /v1/contacts', idempotencyKey, { name }, other)
    expect(await contactsNamed(name)).toBe(2)
    const list = await send('GET /v1/contacts', idempotencyKey)
    expect(list.headers['idempotent-replayed']).toBeUndefined()
    clock.advance(86_400_000 - 1)
    await send('POST /v1/contacts', idempotencyKey, { name })
    expect(await contactsNamed(name)).toBe(2)
    clock.advance(1)
    const late = await send('POST /v1/contacts', idempotencyKey, { name })
    expect(late.headers['idempotent-replayed']).toBeUndefined()
    expect(await contactsNamed(name)).toBe(3)
    expect((await send('POST /v1/contacts', idempotencyKey, { name })).text).toBe(late.text)
  })

  test('is forgotten after a day', async () => {
    await send('POST /v1/contacts', newName(), { name: newName() })
    const rows = async () =>
      (await server.db.selectFrom('idempotency_keys').select('node_id').execute()).length
    expect(await rows()).toBeGreaterThan(0)
    clock.advance(86_400_000)
    await server.app.idempotency.prune()
    expect(await rows()).toBe(0)
  })
})

describe('an answer', () => {
  test('of a failure of the work is given again, and counted as what it is', async () => {
    const email = `${newName()}@example.com`
    await make('/contacts', { name: newName(), email })
    const idempotencyKey = newName()
    const first = await send('POST /v1/contacts', idempotencyKey, { name: 'x', email })
    expect(first.status).toBe(409)
    const second = await send('POST /v1/contacts', idempotencyKey, { name: 'x', email })
    expect(second.text).toBe(first.text)
    expect(second.headers['idempotent-replayed']).toBe('true')
  })

  test('of a request that was refused or wasn’t valid isn’t kept', async () => {
    const idempotencyKey = newName()
    expect((await send('POST /v1/contacts', idempotencyKey, { nam: 'x' })).status).toBe(400)
    expect((await send('POST /v1/contacts', idempotencyKey, { name: newName() })).status).toBe(201)
    const other = newName()
    const reader = await server.createKey('test', ['contacts:read'])
    expect((await send('POST /v1/contacts', other, { name: 'x' }, reader)).status).toBe(403)
    const { rows } = await sql`SELECT FROM idempotency_keys WHERE status IN (400, 403)`.execute(server.db)
    expect(rows).toEqual([])
  })

  test('of the server’s own failure isn’t kept, and nothing of the try is left', async () => {
    const name = newName()
    const idempotencyKey = newName()
    await sql`ALTER TABLE events RENAME TO events_elsewhere`.execute(server.db)
    expect((await send('POST /v1/contacts', idempotencyKey, { name })).status).toBe(500)
    await sql`ALTER TABLE events_elsewhere RENAME TO events`.execute(server.db)
    expect(await contactsNamed(name)).toBe(0)
    expect((await send('POST /v1/contacts', idempotencyKey, { name })).status).toBe(201)
    expect(await contactsNamed(name)).toBe(1)
  })

  test('that holds a secret is given again to the same secret only, and lies nowhere in clear', async () => {
    const idempotencyKey = newName()
    const minter = (await make('/api_keys', { name: newName() })) as { id: string; secret: string }
    const body = { name: newName() }
    const first = await send('POST /v1/api_keys', idempotencyKey, body, minter.secret)
    expect((await send('POST /v1/api_keys', idempotencyKey, body, minter.secret)).text).toBe(first.text)
    const { secret: rotated } = await make(`/api_keys/${minter.id}/rotate`, {})
    expect(await send('POST /v1/api_keys', idempotencyKey, body, rotated)).toMatchObject({
      status: 409,
      body: { code: 'conflict', param: 'Idempotency-Key' },
    })
    const plain = { name: newName() }
    const contact = await send('POST /v1/contacts', idempotencyKey, plain, minter.secret)
    expect((await send('POST /v1/contacts', idempotencyKey, plain, rotated)).text).toBe(contact.text)
    const { rows } = await sql<{
      text: string
    }>`SELECT coalesce(encode(outcome, 'escape'), '') || encode(answer, 'escape') AS text FROM idempotency_keys`.execute(
      server.db,
    )
    const stored = rows.map((row) => row.text).join('\n')
    for (const trace of [first.body.data.secret, plain.name, body.name, idempotencyKey])
      expect(stored).not.toContain(trace)
  })

  test('that waits for Clara is given again with her reply, also when the first try never got it', async () => {
    const idempotencyKey = newName()
    const body = { channel: 'web', message: '[[say Good day]]', sender: 'customer', reply: 'wait' }
    const ask = () => send('POST /v1/conversations', idempotencyKey, body)
    const first = await losingItsAnswer(ask)
    expect(first.body.data.reply.content).toBe('Good day')
    const second = await ask()
    expect(second.status).toBe(201)
    expect(second.body.data.reply).toEqual(first.body.data.reply)
    expect((await ask()).text).toBe(second.text)
    const { body: list } = await server.request(`GET /v1/conversations/${first.body.data.id}/messages`, {
      key,
    })
    expect(list.data).toHaveLength(2)
  })
})

describe('tries at the same time', () => {
  test('have one effect, and all that aren’t told to come back get its answer: 20 rounds of 10', async () => {
    for (let round = 0; round < 20; round++) {
      const name = newName()
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => send('POST /v1/contacts', name, { name })),
      )
      expect(await contactsNamed(name)).toBe(1)
      expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
      expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === undefined)).toHaveLength(1)
    }
  })

  test('wait briefly for a try that takes long, then are told to come back', async () => {
    const idempotencyKey = newName()
    const body = { channel: 'web', message: '[[slow 4s]] [[say Done]]', sender: 'customer', reply: 'wait' }
    const slow = send('POST /v1/conversations', idempotencyKey, body)
    const turns = async () =>
      (await server.db.selectFrom('turns').select('id').where('status', '=', 'running').execute()).length
    await expect.poll(turns).toBe(1)
    const impatient = await send('POST /v1/conversations', idempotencyKey, body)
    expect(impatient).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } })
    expect(impatient.headers['retry-after']).toBe('1')
    expect((await send('POST /v1/conversations', idempotencyKey, { ...body, message: 'x' })).status).toBe(422)
    const first = await slow
    expect((await send('POST /v1/conversations', idempotencyKey, body)).text).toBe(first.text)
  })

  test('that wait are told nothing once their key is revoked', async () => {
    const { id, secret } = (await make('/api_keys', { name: newName() })) as { id: string; secret: string }
    const idempotencyKey = newName()
    const body = {
      channel: 'web',
      message: '[[slow 1500ms]] [[say Done]]',
      sender: 'customer',
      reply: 'wait',
    }
    const ask = () => send('POST /v1/conversations', idempotencyKey, body, secret)
    const running = () => server.db.selectFrom('turns').select('id').where('status', '=', 'running').execute()
    const slow = ask()
    await expect.poll(async () => (await running()).length).toBe(1)
    const waiting = ask()
    await make(`/api_keys/${id}/revoke`, {})
    expect((await waiting).status).toBe(401)
    await slow
  })
})
