/** Conversations over HTTP: the published calls and fields, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { conversationCalls } from './testing/calls.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
})
afterAll(() => server.close())

const { post, get, start, eventsOf, eventTypesOf } = conversationCalls(() => ({ server, key }))

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

  test('metadata that is there already is no change, in whatever order its fields come', async () => {
    const id = await start({ metadata: { plan: 'pro', seats: [1, 2] } })
    const change = (metadata: unknown) =>
      server.request(`PATCH /v1/conversations/${id}`, { key, body: { metadata } })
    const before = (await get(`/conversations/${id}`)).body.data.updated_at
    expect((await change({ seats: [1, 2], plan: 'pro', gone: null })).body.data.updated_at).toBe(before)
    expect(await eventTypesOf(id)).toEqual(['conversation.created'])
    expect((await change({ seats: [2, 1] })).body.data.metadata).toEqual({ plan: 'pro', seats: [2, 1] })
    expect(await eventTypesOf(id)).toEqual(['conversation.created', 'conversation.updated'])
  })

  test('a full list of tags takes a new one for one that goes, and no other', async () => {
    const id = await start({ tags: Array.from({ length: 50 }, (_, i) => `t${i}`) })
    const change = (body: unknown) => server.request(`PATCH /v1/conversations/${id}`, { key, body })
    expect(await change({ tags: ['new'] })).toMatchObject({ status: 400, body: { param: 'tags' } })
    const { status, body } = await change({ tags: ['new'], remove_tags: ['t0'] })
    expect(status).toBe(200)
    expect(body.data.tags).toHaveLength(50)
    expect(body.data.tags).toContain('new')
    expect(body.data.tags).not.toContain('t0')
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
    expect((await get(`/conversations?tag=%20${tag}%20`)).body.data).toHaveLength(3)
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

  test('a customer’s internal message', async () => {
    const id = await start()
    const note = { content: 'x', sender: 'customer', visibility: 'internal' }
    const { status, body } = await post(`/conversations/${id}/messages`, note)
    expect(status).toBe(400)
    expect(body.param).toBe('visibility')
    expect((await get(`/conversations/${id}/messages`)).body.data).toEqual([])
  })

  test.each([
    ['tag', 51],
    ['customer_id', 101],
  ])('a filter by %s of %i characters', async (param, length) => {
    const { status, body } = await get(`/conversations?${param}=${'x'.repeat(length)}`)
    expect(status).toBe(400)
    expect(body.param).toBe(param)
  })

  test('messages of a conversation that isn’t there are 404', async () => {
    expect((await get('/conversations/conv_x/messages')).status).toBe(404)
  })

  test('an unknown contact is 404', async () => {
    expect((await post('/conversations', { channel: 'web', customer_id: 'cust_x' })).status).toBe(404)
  })
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

test('messages written while the clock stands still each get a time of their own, in the order of writing', async () => {
  const frozen = await createTestApp({ clock: new TestClock() })
  try {
    const frozenKey = await frozen.createKey()
    const send = (route: string, body: unknown) => frozen.request(route, { key: frozenKey, body })
    const { id } = (await send('POST /v1/conversations', { channel: 'web' })).body.data
    const sent: string[] = []
    for (const content of ['one', 'two', 'three', 'four']) {
      sent.push((await send(`POST /v1/conversations/${id}/messages`, { content })).body.data.timestamp)
    }
    expect(new Set(sent).size).toBe(4)
    expect(sent.toSorted()).toEqual(sent)
    const { messages } = (await send(`GET /v1/conversations/${id}`, undefined)).body.data
    expect(messages.map((message: { content: string }) => message.content)).toEqual([
      'one',
      'two',
      'three',
      'four',
    ])
  } finally {
    await frozen.close()
  }
})
