import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp({ env: { AGENTCLARA_DEFAULT_COUNTRY: 'GB' } })
  key = await server.createKey()
})
afterAll(() => server.close())

const create = (body: unknown) => server.request('POST /v1/contacts', { key, body })

test('a contact of nothing but a name has every field', async () => {
  const { status, body } = await create({ name: 'Ann' })
  expect(status).toBe(201)
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(body).toEqual({
    success: true,
    data: {
      id: expect.stringMatching(/^cust_[0-9a-z]{26}$/),
      name: 'Ann',
      email: null,
      phone: null,
      emails: [],
      phones: [],
      tags: [],
      custom_fields: {},
      created_at: time,
      updated_at: time,
      conversation_count: 0,
      last_conversation: null,
    },
  })
  expect(await server.request(`GET /v1/contacts/${body.data.id}`, { key })).toMatchObject({
    status: 200,
    body,
  })
})

test('what is given is normalised, a phone without + as one of the configured country, and comes back', async () => {
  const { status, body } = await create({
    name: '  Zoë 🌷 Ångström-李  ',
    email: ' Zoe@Example.COM ',
    phone: '(020) 7946 0000',
    tags: ['vip', ' vip ', 'Größe L', 'VIP'],
    custom_fields: { plan: 'gold', seats: 3, nested: { list: [1, null, 'ü'], yes: true }, none: null },
  })
  expect(status).toBe(201)
  expect(body.data).toMatchObject({
    name: 'Zoë 🌷 Ångström-李',
    email: 'zoe@example.com',
    phone: '+442079460000',
    emails: ['zoe@example.com'],
    phones: ['+442079460000'],
    tags: ['vip', 'Größe L', 'VIP'],
  })
  expect(body.data.custom_fields).toEqual({
    plan: 'gold',
    seats: 3,
    nested: { list: [1, null, 'ü'], yes: true },
  })
})

test('the fictional numbers of the published examples are taken', async () => {
  expect((await create({ name: 'John Smith', phone: '+15551234567' })).body.data.phone).toBe('+15551234567')
  expect((await create({ name: 'Jo', phone: '+1 555 987 6543' })).body.data.phone).toBe('+15559876543')
})

test('a single address is put first among several, and none is there twice', async () => {
  const { body } = await create({
    name: 'Many',
    email: 'second@many.example',
    emails: ['first@many.example', 'SECOND@many.example', 'first@many.example'],
    phone: '+442079460001',
    phones: ['+442079460002', '+44 20 7946 0001'],
  })
  expect(body.data).toMatchObject({
    email: 'second@many.example',
    emails: ['second@many.example', 'first@many.example'],
    phone: '+442079460001',
    phones: ['+442079460001', '+442079460002'],
  })
})

test('null for an address that is optional is none', async () => {
  const { status, body } = await create({ name: 'Nobody', email: null, phone: null, emails: [] })
  expect(status).toBe(201)
  expect(body.data).toMatchObject({ email: null, phone: null })
})

describe('what can’t be is refused by the field’s name', () => {
  const twentyOne = Array.from({ length: 21 }, (_, i) => `a${i}@many.example`)
  const fieldsOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]))
  test.each<[body: Record<string, unknown>, param: string]>([
    [{}, 'name'],
    [{ name: null }, 'name'],
    [{ name: '' }, 'name'],
    [{ name: ' \t' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'A\0' }, 'name'],
    [{ name: 'A', email: 'ann' }, 'email'],
    [{ name: 'A', email: 5 }, 'email'],
    [{ name: 'A', email: '' }, 'email'],
    [{ name: 'A', phone: '12345' }, 'phone'],
    [{ name: 'A', phone: 14155552671 }, 'phone'],
    [{ name: 'A', emails: ['a@b.example', 'nope'] }, 'emails[1]'],
    [{ name: 'A', phones: ['nope'] }, 'phones[0]'],
    [{ name: 'A', emails: 'a@b.example' }, 'emails'],
    [{ name: 'A', emails: twentyOne }, 'emails'],
    [{ name: 'A', email: 'one@more.example', emails: twentyOne.slice(1) }, 'emails'],
    [{ name: 'A', email: null, emails: ['a@b.example'] }, 'email'],
    [{ name: 'A', tags: ['ok', ' '] }, 'tags[1]'],
    [{ name: 'A', tags: ['x'.repeat(51)] }, 'tags[0]'],
    [{ name: 'A', tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, 'tags'],
    [{ name: 'A', tags: 'vip' }, 'tags'],
    [{ name: 'A', custom_fields: [] }, 'custom_fields'],
    [{ name: 'A', custom_fields: fieldsOf(51) }, 'custom_fields'],
    [{ name: 'A', custom_fields: { ['k'.repeat(65)]: 1 } }, 'custom_fields'],
    [{ name: 'A', custom_fields: { '': 1 } }, 'custom_fields'],
    [{ name: 'A', custom_fields: { text: 'x'.repeat(16 * 1024) } }, 'custom_fields'],
  ])('%o', async (body, param) => {
    const answer = await create(body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', param } })
    expect(answer.body.error).toContain(`\`${param}\``)
  })

  test('and with the limits themselves it is taken', async () => {
    const { status } = await create({
      name: '🌷'.repeat(200),
      emails: twentyOne.slice(1),
      tags: Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(50, 'x')),
      custom_fields: { ...fieldsOf(49), ['k'.repeat(64)]: 1 },
    })
    expect(status).toBe(201)
  })

  test('every wrong address is listed, with how one looks', async () => {
    const { body } = await create({ name: 'A', email: 'ann', phones: ['+14155552671', '1'] })
    expect(body.error).toBe(
      '`email` must be an e-mail address such as jane@example.com (and 1 more in details.issues)',
    )
    expect(body.details.issues).toEqual([
      expect.objectContaining({ param: 'email' }),
      expect.objectContaining({
        param: 'phones[1]',
        message: '`phones[1]` must be a phone number such as +14155552671',
      }),
    ])
  })

  test.each([
    [{ name: 'A', customFields: {} }, 'customFields', 'did you mean `custom_fields`?'],
    [{ name: 'A', id: 'cust_1' }, 'id', ''],
  ])('an unknown field is refused: %o', async (body, param, text) => {
    const answer = await create(body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'unknown_field', param } })
    expect(answer.body.error).toContain(text)
  })
})

test('an address that another contact has is refused with the way to that contact', async () => {
  const owner = await create({
    name: 'Owner',
    emails: ['o1@owner.example', 'o2@owner.example'],
    phone: '+442079460010',
  })
  const id = owner.body.data.id
  for (const [fields, param] of [
    [{ email: 'O1@OWNER.example' }, 'email'],
    [{ emails: ['free@owner.example', 'o2@owner.example'] }, 'emails[1]'],
    [{ email: 'free@owner.example', phone: '+44 20 7946 0010', phones: ['+442079460010'] }, 'phone'],
    [{ phones: ['+44 (0)20 7946 0010'] }, 'phones[0]'],
  ] as const) {
    const answer = await create({ name: 'Other', ...fields })
    const body = { code: 'conflict', param, details: { contact_id: id } }
    expect(answer).toMatchObject({ status: 409, body })
    expect(answer.body.hint).toContain(id)
  }
  const found = await server.request('GET /v1/contacts?search=free@owner.example', { key })
  expect(found.body.data).toEqual([])
})
