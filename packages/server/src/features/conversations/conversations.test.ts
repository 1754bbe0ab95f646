/** Conversations over HTTP: the published calls and fields, control between Clara and people, turns. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
  const content = 'We are open from 9 am to 6 pm on weekdays. Parking is free behind the building.'
  await post('/knowledge/sources', { type: 'text', title: 'Handbook', content })
})
afterAll(() => server.close())

const post = (path: string, body?: unknown) => server.request(`POST /v1${path}`, { key, body })
const get = (path: string) => server.request(`GET /v1${path}`, { key })

async function start(body: Record<string, unknown> = {}): Promise<string> {
  const { status, body: answer } = await post('/conversations', { channel: 'web', ...body })
  expect(status).toBe(201)
  return answer.data.id
}

const eventsOf = async (id: string) =>
  (await get(`/events?order=asc&conversation_id=${id}`)).body.data as {
    type: string
    data: Record<string, unknown>
  }[]
const eventTypesOf = async (id: string) => (await eventsOf(id)).map((event) => event.type)

describe('the published calls', () => {
  test('create answers 201 with every published field', async () => {
    const { status, body } = await post('/conversations', {
      channel: 'sms',
      customer_phone: '+1 (555) 123-4567',
      customer_name: 'John Smith',
      subject: 'Appointment',
      message: 'Hello John',
    })
    expect(status).toBe(201)
    expect(body.data).toMatchObject({
      id: expect.stringMatching(/^conv_/),
      customer_id: expect.stringMatching(/^cust_/),
      customer_name: 'John Smith',
      customer_email: null,
      customer_phone: '+15551234567',
      channel: 'sms',
      subject: 'Appointment',
      last_message: 'Hello John',
      status: 'open',
      unread: false,
      handled_by: 'clara',
    })
    expect(body.data.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('the same customer is found again by the same phone or e-mail, written otherwise', async () => {
    const ids = new Set<string>()
    for (const customer_phone of ['+14155552671', '(415) 555-2671', '+1 415 555 2671']) {
      const { body } = await post('/conversations', { channel: 'sms', customer_phone })
      ids.add(body.data.customer_id)
    }
    expect(ids.size).toBe(1)
    const first = await post('/conversations', { channel: 'email', customer_email: 'Ada@Example.com' })
    const second = await post('/conversations', { channel: 'email', customer_email: ' ada@example.COM ' })
    expect(second.body.data.customer_id).toBe(first.body.data.customer_id)
  })

  test('twenty conversations of one new customer at once make one contact', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        post('/conversations', { channel: 'email', customer_email: 'race@example.com' }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201))
    expect(new Set(answers.map(({ body }) => body.data.customer_id)).size).toBe(1)
  })

  test('get has the messages in the order they were written', async () => {
    const id = await start()
    for (const content of ['one', 'two', 'three']) await post(`/conversations/${id}/messages`, { content })
    const { body } = await get(`/conversations/${id}`)
    expect(body.data.messages.map((message: { content: string }) => message.content)).toEqual([
      'one',
      'two',
      'three',
    ])
    expect(body.data.messages[0]).toMatchObject({ id: expect.stringMatching(/^msg_/), sender: 'assistant' })
    expect(body.data).toMatchObject({ last_message: 'three', has_more_messages: false })
  })

  test('get shows the last hundred messages and says that there are more', async () => {
    const id = await start()
    for (let i = 0; i < 103; i++) await post(`/conversations/${id}/messages`, { content: `m${i}` })
    const { body } = await get(`/conversations/${id}`)
    expect(body.data.messages).toHaveLength(100)
    expect(body.data.messages[0].content).toBe('m3')
    expect(body.data.has_more_messages).toBe(true)
    const older = await get(`/conversations/${id}/messages?order=asc&limit=4`)
    expect(older.body.data.map((message: { content: string }) => message.content)).toEqual([
      'm0',
      'm1',
      'm2',
      'm3',
    ])
    const next = await get(
      `/conversations/${id}/messages?order=asc&limit=2&cursor=${older.body.pagination.next_cursor}`,
    )
    expect(next.body.data[0].content).toBe('m4')
  })

  test.each(['PATCH', 'PUT'])('%s adds tags, renames the customer and sets the status', async (method) => {
    const id = await start({ customer_name: 'Old Name', tags: ['a'] })
    const body = { tags: ['b', 'a'], customer_name: 'New Name', status: 'resolved' }
    const changed = await server.request(`${method} /v1/conversations/${id}`, { key, body })
    expect(changed.status).toBe(200)
    expect(changed.body.data).toMatchObject({
      tags: ['a', 'b'],
      customer_name: 'New Name',
      status: 'resolved',
    })
    const removed = await server.request(`${method} /v1/conversations/${id}`, {
      key,
      body: { remove_tags: ['a'] },
    })
    expect(removed.body.data.tags).toEqual(['b'])
    const events = await eventsOf(id)
    expect(events.map((event) => event.type)).toEqual([
      'conversation.created',
      'conversation.updated',
      'conversation.resolved',
      'conversation.updated',
      'conversation.updated',
    ])
    expect(events[1]?.data).toEqual({ conversation_id: id, status: 'resolved' })
    expect(events[3]?.data).toEqual({ conversation_id: id, tags: ['a', 'b'] })
  })

  test('an update that changes nothing is told to nobody', async () => {
    const id = await start({ tags: ['a'] })
    await server.request(`PATCH /v1/conversations/${id}`, { key, body: { tags: ['a'], status: 'open' } })
    expect(await eventTypesOf(id)).toEqual(['conversation.created'])
  })

  test('close marks it closed; closing it again is 409 with the state', async () => {
    const id = await start()
    const closed = await post(`/conversations/${id}/close`)
    expect(closed.status).toBe(200)
    expect(closed.body.data.status).toBe('closed')
    const again = await post(`/conversations/${id}/close`)
    expect(again.status).toBe(409)
    expect(again.body.details).toEqual({ status: 'closed', handled_by: 'clara' })
    expect(await eventTypesOf(id)).toEqual([
      'conversation.created',
      'conversation.updated',
      'conversation.closed',
    ])
  })

  test('list filters by channel, status, customer, tag and handler, newest first', async () => {
    const tag = 'list-test'
    const a = await start({ channel: 'whatsapp', tags: [tag] })
    const b = await start({ channel: 'facebook', tags: [tag] })
    const c = await start({ channel: 'whatsapp', tags: [tag] })
    await post(`/conversations/${a}/resolve`)
    await post(`/conversations/${c}/handoff`)
    const ids = async (query: string) =>
      (await get(`/conversations?tag=${tag}${query}`)).body.data.map((row: { id: string }) => row.id)
    expect(await ids('')).toEqual([c, b, a])
    expect(await ids('&channel=whatsapp')).toEqual([c, a])
    expect(await ids('&status=resolved')).toEqual([a])
    expect(await ids('&handled_by=human')).toEqual([c])
    expect(await ids('&limit=1&offset=1')).toEqual([b])
    expect(await ids('&sort=updated')).toEqual([c, a, b])
    const { body } = await get(`/conversations/${b}`)
    expect(await ids(`&customer_id=${body.data.customer_id}`)).toEqual([b])
    const ofContact = await get(`/contacts/${body.data.customer_id}/conversations`)
    expect(ofContact.body.data.map((row: { id: string }) => row.id)).toEqual([b])
  })

  test.each(['created', 'updated'])(
    'pages by cursor, sorted by %s, show each once while others are inserted',
    async (sort) => {
      const tag = `page-${sort}`
      const ids: string[] = []
      for (let i = 0; i < 7; i++) ids.push(await start({ tags: [tag] }))
      const seen: string[] = []
      let cursor = ''
      do {
        const { body } = await get(`/conversations?tag=${tag}&sort=${sort}&limit=2${cursor}`)
        seen.push(...body.data.map((row: { id: string }) => row.id))
        cursor = body.pagination.has_more ? `&cursor=${body.pagination.next_cursor}` : ''
        await start({ tags: [tag] })
      } while (cursor !== '')
      expect(seen).toEqual(ids.toReversed())
    },
  )

  test('delete removes it with its messages, for good', async () => {
    const id = await start({ message: 'hi' })
    expect((await server.request(`DELETE /v1/conversations/${id}`, { key })).body.data).toEqual({
      id,
      deleted: true,
    })
    expect((await get(`/conversations/${id}`)).status).toBe(404)
    expect((await server.request(`DELETE /v1/conversations/${id}`, { key })).status).toBe(404)
    expect((await eventTypesOf(id)).at(-1)).toBe('conversation.deleted')
  })

  test('a conversation outlives its deleted contact', async () => {
    const id = await start({ customer_name: 'Gone' })
    const { body } = await get(`/conversations/${id}`)
    await server.request(`DELETE /v1/contacts/${body.data.customer_id}`, { key })
    expect((await get(`/conversations/${id}`)).body.data).toMatchObject({
      customer_id: null,
      customer_name: null,
    })
  })
})

describe('bad input is refused naming the field, and nothing is half-written', () => {
  test.each([
    [{}, 'channel'],
    [{ channel: 'fax' }, 'channel'],
    [{ channel: 'sms' }, 'customer_phone'],
    [{ channel: 'voice', customer_phone: 'abc' }, 'customer_phone'],
    [{ channel: 'email' }, 'customer_email'],
    [{ channel: 'email', customer_email: 'nobody' }, 'customer_email'],
    [{ channel: 'web', message: '' }, 'message'],
    [{ channel: 'web', message: 'x', reply: 'wait' }, 'reply'],
    [{ channel: 'web', sender: 'customer', reply: 'wait' }, 'reply'],
    [{ channel: 'web', sender: 'robot' }, 'sender'],
    [{ channel: 'web', customer_id: 'cust_1', customer_phone: '+14155552671' }, 'customer_phone'],
    [{ channel: 'web', metadata: { a: 'x'.repeat(17_000) } }, 'metadata'],
    [{ channel: 'web', tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, 'tags'],
  ])('%j', async (body, param) => {
    const count = async () => (await server.db.selectFrom('contacts').select('id').execute()).length
    const before = await count()
    const { status, body: answer } = await post('/conversations', body)
    expect(status).toBe(400)
    expect(answer).toMatchObject({ param, success: false })
    expect(await count()).toBe(before)
  })

  test('an unknown contact is 404', async () => {
    expect((await post('/conversations', { channel: 'web', customer_id: 'cust_x' })).status).toBe(404)
  })
})

describe('Clara', () => {
  const question = 'When are you open?'

  test('answers in the same call with a cited quote when asked to wait', async () => {
    const { status, body } = await post('/conversations', {
      channel: 'web',
      sender: 'customer',
      message: question,
      reply: 'wait',
    })
    expect(status).toBe(201)
    const { reply, turn, id, unread } = body.data
    expect(turn.status).toBe('succeeded')
    expect(unread).toBe(true)
    expect(reply).toMatchObject({ sender: 'assistant', content: expect.stringContaining('9 am to 6 pm') })
    const [citation] = reply.citations
    const source = await get(`/knowledge/sources/${citation.source_id}`)
    expect(source.body.data.content.slice(citation.start, citation.end)).toBe(citation.quote)
    const { body: after } = await get(`/conversations/${id}`)
    expect(after.data.messages.map((message: { sender: string }) => message.sender)).toEqual([
      'customer',
      'assistant',
    ])
    expect(await eventTypesOf(id)).toEqual(['conversation.created', 'message.received', 'message.sent'])
  })

  test('answers soon after when nobody waits', async () => {
    const id = await start({ sender: 'customer', message: question })
    await expect.poll(async () => (await get(`/conversations/${id}`)).body.data.messages.length).toBe(2)
  })

  test('stays silent with reply none', async () => {
    const id = await start()
    const { body } = await post(`/conversations/${id}/messages`, {
      content: question,
      sender: 'customer',
      reply: 'none',
    })
    expect(body.data).not.toHaveProperty('turn')
    expect(
      await server.db
        .selectFrom('turns')
        .selectAll()
        .where('conversation_id', '=', id as never)
        .execute(),
    ).toEqual([])
  })

  test('says that she gets a person when she doesn’t know, and hands over', async () => {
    const { body } = await post('/conversations', {
      channel: 'web',
      sender: 'customer',
      message: 'Do you sell helicopters made of chocolate?',
      reply: 'wait',
    })
    expect(body.data.turn.status).toBe('handed_off')
    expect(body.data.reply).toMatchObject({ sender: 'assistant', citations: [] })
    expect(body.data).toMatchObject({ handled_by: 'human', handoff: { reason: expect.any(String) } })
    const types = await eventTypesOf(body.data.id)
    expect(types).toContain('conversation.handoff_requested')
    const next = await post(`/conversations/${body.data.id}/messages`, {
      content: question,
      sender: 'customer',
      reply: 'wait',
    })
    expect(next.body.data).toMatchObject({ turn: null, reply: null })
  })

  test('an engine that fails leaves the customer with a person, not without an answer', async () => {
    const { body } = await post('/conversations', {
      channel: 'web',
      sender: 'customer',
      message: '[[error]]',
      reply: 'wait',
    })
    expect(body.data.turn.status).toBe('failed')
    expect(body.data.handled_by).toBe('human')
    expect(body.data.reply.content).toMatch(/person/)
  })

  test('never talks over a person who took over while she wrote', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await start()
      const waiting = post(`/conversations/${id}/messages`, {
        content: `[[slow ${20 + round}ms]] ${question}`,
        sender: 'customer',
        reply: 'wait',
      })
      await expect
        .poll(async () => (await get(`/conversations/${id}`)).body.data.messages.length, { interval: 2 })
        .toBe(1)
      await post(`/conversations/${id}/messages`, { content: 'I’ll take it.', sender: 'human' })
      const { body } = await waiting
      const { body: after } = await get(`/conversations/${id}`)
      const senders = after.data.messages.map((message: { sender: string }) => message.sender)
      if (body.data.turn.status === 'superseded') expect(senders).toEqual(['customer', 'human'])
      else expect(senders).toEqual(['customer', 'assistant', 'human'])
      expect(after.data.handled_by).toBe('human')
    }
  })

  test('a second message of the customer supersedes the turn: one answer, to both', async () => {
    const id = await start()
    const send = (content: string) =>
      post(`/conversations/${id}/messages`, { content, sender: 'customer', reply: 'wait' })
    const first = send('[[slow 500ms]] When are you')
    await expect
      .poll(async () => (await get(`/conversations/${id}`)).body.data.messages.length, { interval: 2 })
      .toBe(1)
    const second = await send(question)
    expect(second.body.data.turn.status).toBe('succeeded')
    expect((await first).body.data).toMatchObject({ turn: { status: 'superseded' }, reply: null })
    const { body } = await get(`/conversations/${id}`)
    expect(body.data.messages.map((message: { sender: string }) => message.sender)).toEqual([
      'customer',
      'customer',
      'assistant',
    ])
  })

  test('does not reply into a conversation that was closed meanwhile', async () => {
    const id = await start()
    const waiting = post(`/conversations/${id}/messages`, {
      content: `[[slow 200ms]] ${question}`,
      sender: 'customer',
      reply: 'wait',
    })
    await expect
      .poll(async () => (await get(`/conversations/${id}`)).body.data.messages.length, { interval: 2 })
      .toBe(1)
    await post(`/conversations/${id}/close`)
    expect((await waiting).body.data.turn.status).toBe('superseded')
    expect((await get(`/conversations/${id}`)).body.data.messages).toHaveLength(1)
  })

  test('a turn whose node died is taken up and finished', async () => {
    const id = await start()
    const sent = await post(`/conversations/${id}/messages`, {
      content: question,
      sender: 'customer',
      reply: 'none',
    })
    const { environment_id } = await server.db
      .selectFrom('conversations')
      .select('environment_id')
      .where('id', '=', id as never)
      .executeTakeFirstOrThrow()
    await server.db
      .insertInto('turns')
      .values({
        id: 'turn_abandoned',
        environment_id,
        conversation_id: id as never,
        message_id: sent.body.data.id,
        status: 'running',
        control_version: 0,
        attempts: 1,
        lease_expires_at: new Date(0),
        created_at: new Date(),
        finished_at: null,
      })
      .execute()
    await expect
      .poll(async () => (await get(`/conversations/${id}`)).body.data.messages.length, { timeout: 15_000 })
      .toBe(2)
    const turn = await server.db
      .selectFrom('turns')
      .selectAll()
      .where('id', '=', 'turn_abandoned')
      .executeTakeFirstOrThrow()
    expect(turn).toMatchObject({ status: 'succeeded', attempts: 2 })
  })
})

test('a person’s message takes control; returning gives it back', async () => {
  const id = await start({ sender: 'customer', message: 'hi', reply: 'none' })
  await post(`/conversations/${id}/messages`, { content: 'a note', sender: 'human', visibility: 'internal' })
  expect((await get(`/conversations/${id}`)).body.data).toMatchObject({
    handled_by: 'clara',
    unread: true,
    last_message: 'hi',
  })
  await post(`/conversations/${id}/messages`, { content: 'Hello', sender: 'human' })
  expect((await get(`/conversations/${id}`)).body.data).toMatchObject({ handled_by: 'human', unread: false })
  const returned = await post(`/conversations/${id}/return_to_clara`)
  expect(returned.body.data).toMatchObject({ handled_by: 'clara', handoff: null })
  expect((await post(`/conversations/${id}/return_to_clara`)).status).toBe(409)
})

test('a customer’s message reopens what was closed', async () => {
  const id = await start()
  await post(`/conversations/${id}/close`)
  await post(`/conversations/${id}/messages`, {
    content: 'One more thing',
    sender: 'customer',
    reply: 'none',
  })
  const { body } = await get(`/conversations/${id}`)
  expect(body.data).toMatchObject({ status: 'open', unread: true })
  expect(await eventTypesOf(id)).toContain('conversation.reopened')
  const read = await post(`/conversations/${id}/read`)
  expect(read.body.data.unread).toBe(false)
})

test('messages written at once are kept in one order by everything that shows them', async () => {
  const id = await start()
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      post(`/conversations/${id}/messages`, { content: `m${i}`, sender: 'assistant' }),
    ),
  )
  const { body } = await get(`/conversations/${id}`)
  const shown = body.data.messages.map((message: { content: string }) => message.content)
  const told = (await get(`/events?order=asc&limit=100&conversation_id=${id}&type=message.sent`)).body.data
  expect(told.map((event: { data: { content: string } }) => event.data.content)).toEqual(shown)
  expect(shown).toHaveLength(30)
})

test('a conversation of a contact that is deleted at the same moment is made or refused, never a failure', async () => {
  for (let round = 0; round < 30; round++) {
    const contact = await post('/contacts', { name: 'Brief' })
    const { id } = contact.body.data
    const [created, deleted] = await Promise.all([
      post('/conversations', { channel: 'web', customer_id: id }),
      server.request(`DELETE /v1/contacts/${id}`, { key }),
    ])
    expect([201, 404]).toContain(created.status)
    expect(deleted.status).toBe(200)
  }
})
