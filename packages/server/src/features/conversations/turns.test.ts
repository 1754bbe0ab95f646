/** Clara’s turns over HTTP: what she answers, and when she keeps silent. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { conversationCalls } from './testing/calls.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
  const content = 'We are open from 9 am to 6 pm on weekdays. Parking is free behind the building.'
  await post('/knowledge/sources', { type: 'text', title: 'Handbook', content })
})
afterAll(() => server.close())

const { post, get, start, eventTypesOf } = conversationCalls(() => ({ server, key }))

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

test('a second message before the reply takes nothing from the first: both are answered', async () => {
  const id = await start()
  const send = (content: string) =>
    post(`/conversations/${id}/messages`, { content, sender: 'customer', reply: 'wait' })
  const first = send(`[[slow 20s]] ${question}`)
  await expect
    .poll(async () => (await get(`/conversations/${id}`)).body.data.messages.length, { interval: 2 })
    .toBe(1)
  const { body } = await send('Hello?')
  expect(body.data.turn.status).toBe('succeeded')
  expect(body.data.reply.content).toContain('9 am to 6 pm')
  expect((await first).body.data.turn.status).toBe('superseded')
})
