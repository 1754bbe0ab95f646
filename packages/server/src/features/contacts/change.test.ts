import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'

const clock = new TestClock()
let server: TestApp
let key: string
let id: string
let count = 0

beforeAll(async () => {
  server = await createTestApp({ clock })
  key = await server.createKey()
})
afterAll(() => server.close())

beforeEach(async () => {
  count += 1
  id = await create({
    name: 'Ann',
    emails: [`a${count}@example.com`, `b${count}@example.com`],
    phone: `+1415555${String(count).padStart(4, '0')}`,
    tags: ['vip', 'new'],
    custom_fields: { plan: 'gold', seats: 3 },
  })
  clock.advance(1_000)
})

async function create(body: object): Promise<string> {
  return (await server.request('POST /v1/contacts', { key, body })).body.data.id
}
const update = (body: unknown, method = 'PATCH') =>
  server.request(`${method} /v1/contacts/${id}`, { key, body })

/** Type and data of what happened to the contact since it was made. */
async function eventsSince(): Promise<[type: string, data: object][]> {
  const { body } = await server.request('GET /v1/events?order=asc&limit=100', { key })
  // biome-ignore lint/suspicious/noExplicitAny: events are read as any client of the API reads them
  const events = body.data.filter((event: any) => event.data.contact_id === id).slice(1)
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return events.map(({ type, data: { contact_id: _id, ...data } }: any) => [type, data])
}

describe.each(['PATCH', 'PUT'])('with %s', (method) => {
  test('each field that is sent changes, and the others stay', async () => {
    const before = (await server.request(`GET /v1/contacts/${id}`, { key })).body.data
    const { status, body } = await update({ name: ' Anna ' }, method)
    expect(status).toBe(200)
    expect(body.data).toEqual({ ...before, name: 'Anna', updated_at: new Date(clock.nowMs()).toISOString() })
    expect(await eventsSince()).toEqual([['contact.updated', { name: 'Anna' }]])
  })

  test('tags are replaced and custom fields merged', async () => {
    const change = {
      tags: ['old', ' old '],
      custom_fields: { seats: null, plan: { name: 'silver' }, more: [] },
    }
    const { body } = await update(change, method)
    const after = { tags: ['old'], custom_fields: { plan: { name: 'silver' }, more: [] } }
    expect(body.data).toMatchObject(after)
    expect(body.data.custom_fields).not.toHaveProperty('seats')
    expect(await eventsSince()).toEqual([['contact.updated', after]])
  })

  test('what is no change keeps updated_at and tells nobody', async () => {
    const before = (await server.request(`GET /v1/contacts/${id}`, { key })).body
    const { name, emails, phones, tags, custom_fields } = before.data
    expect((await update({ name, emails, phones, tags, custom_fields }, method)).body).toEqual(before)
    expect((await update({ custom_fields: { seats: 3, nothing: null } }, method)).body).toEqual(before)
    expect((await update({ email: emails[0].toUpperCase() }, method)).body).toEqual(before)
    expect(await eventsSince()).toEqual([])
  })
})

test('a single e-mail replaces the first one, null removes it and the next moves up', async () => {
  const second = `b${count}@example.com`
  expect((await update({ email: 'New@example.com' })).body.data.emails).toEqual(['new@example.com', second])
  expect((await update({ email: null })).body.data).toMatchObject({ email: second, emails: [second] })
  expect((await update({ email: null })).body.data).toMatchObject({ email: null, emails: [] })
  expect((await update({ email: null })).status).toBe(200)
  expect((await update({ email: second })).body.data.emails).toEqual([second])
  const changes = (await eventsSince()).map(([, data]) => data)
  expect(changes).toEqual([
    { email: 'new@example.com', emails: ['new@example.com', second] },
    { email: second, emails: [second] },
    { email: null, emails: [] },
    { email: second, emails: [second] },
  ])
  await update({ email: null })
})

test('a later address that is named becomes the first', async () => {
  const [first, second] = [`a${count}@example.com`, `b${count}@example.com`]
  expect((await update({ email: second })).body.data.emails).toEqual([second])
  const swapped = await update({ emails: [first, second] })
  expect(swapped.body.data.emails).toEqual([first, second])
  expect((await update({ emails: [second, first] })).body.data.email).toBe(second)
})

test('lists of addresses replace, with the single one first', async () => {
  const { body } = await update({
    email: `a${count}@example.com`,
    emails: [`c${count}@example.com`, `a${count}@example.com`],
    phones: [],
  })
  expect(body.data).toMatchObject({
    emails: [`a${count}@example.com`, `c${count}@example.com`],
    phone: null,
    phones: [],
  })
})

test('twenty addresses can be turned around', async () => {
  const emails = Array.from({ length: 20 }, (_, i) => `turn${i}@${count}.example`)
  await update({ emails })
  expect((await update({ emails: emails.toReversed() })).body.data.emails).toEqual(emails.toReversed())
})

test('an address of another contact is refused, nothing changes, and once it is free it is given', async () => {
  const other = await create({ name: 'Other', email: `other${count}@example.com` })
  const refused = await update({
    name: 'Changed',
    emails: [`new${count}@example.com`, `other${count}@example.com`],
  })
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'conflict', param: 'emails[1]', details: { contact_id: other } },
  })
  expect((await server.request(`GET /v1/contacts/${id}`, { key })).body.data.name).toBe('Ann')
  expect(await eventsSince()).toEqual([])
  await server.request(`DELETE /v1/contacts/${other}`, { key })
  expect((await update({ email: `other${count}@example.com` })).status).toBe(200)
})

test.each([
  [{}, 'body'],
  [undefined, 'body'],
  [{ name: null }, 'name'],
  [{ name: '  ' }, 'name'],
  [{ email: 'nope' }, 'email'],
  [{ phone: 'nope' }, 'phone'],
  [{ email: null, emails: ['a@b.example'] }, 'email'],
  [{ tags: null }, 'tags'],
  [{ custom_fields: null }, 'custom_fields'],
  [
    { custom_fields: Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`f${i}`, 1])) },
    'custom_fields',
  ],
])('%o is refused as a change', async (body, param) => {
  expect(await update(body)).toMatchObject({ status: 400, body: { code: 'validation_failed', param } })
})

test('an unknown field is refused and named', async () => {
  expect(await update({ nmae: 'X' })).toMatchObject({
    status: 400,
    body: { code: 'unknown_field', param: 'nmae' },
  })
})

test('a deleted contact is gone, its addresses are free, its conversations stay without it', async () => {
  const conversation = await server.request('POST /v1/conversations', {
    key,
    body: { channel: 'web', customer_id: id },
  })
  expect(conversation.status).toBe(201)
  const contact = (await server.request(`GET /v1/contacts/${id}`, { key })).body.data
  expect(contact.conversation_count).toBe(1)
  expect(contact.last_conversation).toBe(new Date(clock.nowMs()).toISOString())
  expect(await server.request(`DELETE /v1/contacts/${id}`, { key })).toMatchObject({
    status: 200,
    body: { success: true, data: { id, deleted: true } },
  })
  for (const method of ['GET', 'DELETE']) {
    expect((await server.request(`${method} /v1/contacts/${id}`, { key })).status).toBe(404)
  }
  expect((await update({ name: 'X' })).status).toBe(404)
  const left = await server.request(`GET /v1/conversations/${conversation.body.data.id}`, { key })
  expect(left.body.data.customer_id).toBeNull()
  expect((await eventsSince()).at(-1)).toEqual(['contact.deleted', {}])
  const again = await server.request('POST /v1/contacts', {
    key,
    body: { name: 'B', email: `a${count}@example.com` },
  })
  expect(again.status).toBe(201)
})

test('another environment and another workspace have no such contact', async () => {
  const live = await server.createKey('live')
  const stranger = await server.createKey('test', ['*'], (await server.createWorkspace(`Other ${count}`)).id)
  const calls = [
    `GET /v1/contacts/${id}`,
    `PATCH /v1/contacts/${id}`,
    `PUT /v1/contacts/${id}`,
    `DELETE /v1/contacts/${id}`,
  ]
  for (const call of calls) {
    const body = /^P/.test(call) ? { name: 'Mine' } : undefined
    const inLive = await server.request(call, { key: live, body })
    expect(inLive).toMatchObject({
      status: 404,
      body: { code: 'not_found', details: { environment: 'test' } },
    })
    const elsewhere = await server.request(call, { key: stranger, body })
    expect(elsewhere).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(elsewhere.body.details).toBeUndefined()
  }
  const sameAddress = { name: 'Mine', email: `a${count}@example.com` }
  for (const other of [live, stranger]) {
    expect((await server.request('POST /v1/contacts', { key: other, body: sameAddress })).status).toBe(201)
  }
  expect((await server.request(`GET /v1/contacts/${id}`, { key })).body.data.name).toBe('Ann')
})

test.each([
  ['GET /v1/contacts', 'contacts:read'],
  ['GET /v1/contacts/search?q=x', 'contacts:read'],
  ['GET /v1/contacts/cust_1', 'contacts:read'],
  ['POST /v1/contacts', 'contacts:write'],
  ['PATCH /v1/contacts/cust_1', 'contacts:write'],
  ['PUT /v1/contacts/cust_1', 'contacts:write'],
  ['DELETE /v1/contacts/cust_1', 'contacts:write'],
])('%s needs %s', async (call, required) => {
  const lesser = await server.createKey(
    'test',
    required === 'contacts:read' ? ['agent:write'] : ['contacts:read'],
  )
  expect(await server.request(call, { key: lesser })).toMatchObject({
    status: 403,
    body: { details: { required } },
  })
})
