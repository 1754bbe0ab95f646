import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '../../lib/json.ts'
import { createTestApp, type TestApp, type TestResponse } from '../../testing/app.ts'

const PARALLEL = 20

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp({ env: { AGENTCLARA_DATABASE_POOL_SIZE: String(PARALLEL + 5) } })
  key = await server.createKey()
})
afterAll(() => server.close())

const send = (route: string, body?: unknown) => server.request(route, { key, body })

function statuses(answers: TestResponse[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

test('of 20 parallel creates with one e-mail exactly one succeeds, and the others learn of its contact', async () => {
  for (let round = 0; round < 10; round++) {
    const body = { name: 'Ann', email: `ann${round}@race.example` }
    const answers = await Promise.all(Array.from({ length: PARALLEL }, () => send('POST /v1/contacts', body)))
    expect(statuses(answers)).toEqual({ 201: 1, 409: PARALLEL - 1 })
    const created = answers.find(({ status }) => status === 201)
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(answer.body).toMatchObject({ param: 'email', details: { contact_id: created?.body.data.id } })
    }
  }
})

test('of 20 parallel updates that want one address exactly one gets it', async () => {
  const made = await Promise.all(
    Array.from({ length: PARALLEL }, (_, i) =>
      send('POST /v1/contacts', { name: `C${i}`, email: `c${i}@want.example` }),
    ),
  )
  const answers = await Promise.all(
    made.map(({ body }) => send(`PATCH /v1/contacts/${body.data.id}`, { email: 'wanted@want.example' })),
  )
  expect(statuses(answers)).toEqual({ 200: 1, 409: PARALLEL - 1 })
})

test('20 parallel changes to one contact all count', async () => {
  const { id } = (await send('POST /v1/contacts', { name: 'Sum' })).body.data
  await Promise.all(
    Array.from({ length: PARALLEL }, (_, i) =>
      send(`PATCH /v1/contacts/${id}`, { custom_fields: { [`f${i}`]: i } }),
    ),
  )
  const { custom_fields: fields } = (await send(`GET /v1/contacts/${id}`)).body.data
  expect(Object.keys(fields)).toHaveLength(PARALLEL)
})

test('of 20 parallel deletes one deletes', async () => {
  const { id } = (await send('POST /v1/contacts', { name: 'Gone' })).body.data
  const answers = await Promise.all(Array.from({ length: PARALLEL }, () => send(`DELETE /v1/contacts/${id}`)))
  expect(statuses(answers)).toEqual({ 200: 1, 404: PARALLEL - 1 })
})

test('whatever happens at once, no call fails for it, and the events tell what the contacts became', async () => {
  const emails = Array.from({ length: 6 }, (_, i) => `e${i}@chaos.example`)
  const phones = Array.from({ length: 6 }, (_, i) => `+1555400000${i}`)
  const random = numbersFrom(20261124)
  const some = <T>(from: T[]): T[] => from.filter(() => random() < 0.3)
  const one = <T>(from: T[]): T | undefined => from[Math.floor(random() * from.length)]
  const ids: string[] = []
  const conversationIds: string[] = []

  async function step(): Promise<TestResponse> {
    const dice = random()
    const body = { name: `Name ${Math.floor(random() * 5)}`, emails: some(emails), phones: some(phones) }
    const customer = { customer_name: body.name, customer_email: one(emails), customer_phone: one(phones) }
    if (dice < 0.2) return remember(ids, await send('POST /v1/contacts', body))
    if (dice < 0.5) {
      const channel = random() < 0.5 ? 'sms' : 'email'
      const answer = await send('POST /v1/conversations', { channel, ...customer })
      if (answer.status === 201) ids.push(answer.body.data.customer_id)
      return remember(conversationIds, answer)
    }
    if (dice < 0.75) return send(`PATCH /v1/contacts/${one(ids) ?? 'cust_none'}`, body)
    if (dice < 0.9) return send(`DELETE /v1/contacts/${one(ids) ?? 'cust_none'}`)
    return send(`PATCH /v1/conversations/${one(conversationIds) ?? 'conv_none'}`, {
      customer_name: body.name,
    })
  }

  const answers: TestResponse[] = []
  const worker = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) answers.push(await step())
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))

  // The log tells more of a failure than the answer does.
  expect(server.logLines.filter((line) => line.includes('request failed'))).toEqual([])
  const expected = [200, 201, 400, 404, 409]
  expect(Object.keys(statuses(answers)).filter((status) => !expected.includes(Number(status)))).toEqual([])
  const { contacts, positions } = await stored()
  expect(positions).toEqual([])
  expect(await replayed()).toEqual(contacts)
}, 60_000)

function remember(into: string[], answer: TestResponse): TestResponse {
  if (answer.status === 201) into.push(answer.body.data.id)
  return answer
}

/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const fields = ['name', 'email', 'phone', 'emails', 'phones', 'tags', 'custom_fields'] as const

/** Every contact as the API shows it, and those addresses that are not numbered from 0 without a gap. */
async function stored() {
  const contacts: Record<string, JsonObject> = {}
  let query = 'limit=100'
  for (;;) {
    const { body } = await send(`GET /v1/contacts?${query}`)
    for (const contact of body.data) {
      contacts[contact.id] = Object.fromEntries(fields.map((field) => [field, contact[field]]))
    }
    if (!body.pagination.has_more) break
    query = `limit=100&cursor=${body.pagination.next_cursor}`
  }
  const positions = await server.db
    .selectFrom('contact_addresses')
    .select(['contact_id', 'kind'])
    .groupBy(['contact_id', 'kind'])
    .having((eb) => eb(eb.fn.max('position'), '<>', eb(eb.fn.countAll<number>(), '-', 1)))
    .execute()
  return { contacts, positions }
}

/** The contacts as somebody knows them who heard of every event and asked for nothing. */
async function replayed() {
  const contacts: Record<string, JsonObject> = {}
  let query = 'limit=100&order=asc'
  for (;;) {
    const { body } = await send(`GET /v1/events?${query}`)
    for (const { type, data } of body.data) {
      const { contact_id: id, ...changed } = data
      if (type === 'contact.created' || type === 'contact.updated')
        contacts[id] = { ...contacts[id], ...changed }
      if (type === 'contact.deleted') delete contacts[id]
    }
    if (!body.pagination.has_more) return contacts
    query = `limit=100&order=asc&cursor=${body.pagination.next_cursor}`
  }
}
