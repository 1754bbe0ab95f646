import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventLog } from '../../events/log.ts'
import { systemClock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import type { CustomerReference } from './input.ts'
import { ContactService } from './service.ts'

const PARALLEL = 20

let server: TestApp
let key: string
let contacts: ContactService
let environmentId: Id<'env'>

beforeAll(async () => {
  // A connection for each of the parallel transactions.
  server = await createTestApp({ env: { AGENTCLARA_DATABASE_POOL_SIZE: String(PARALLEL + 5) } })
  key = await server.createKey()
  environmentId = (await server.app.workspaces.getScope(server.workspaceId, 'test')).environmentId
  const events = new EventLog(systemClock)
  contacts = new ContactService({ db: server.db, clock: systemClock, events, defaultCountry: 'US' })
})
afterAll(() => server.close())

function find(customer: CustomerReference) {
  return server.db.transaction().execute((tx) => contacts.findOrCreateContact(tx, environmentId, customer))
}

async function get(id: string) {
  return (await server.request(`GET /v1/contacts/${id}`, { key })).body.data
}

async function create(body: object): Promise<string> {
  return (await server.request('POST /v1/contacts', { key, body })).body.data.id
}

/** Types of the events about a contact, in order. */
async function eventsOf(id: string): Promise<string[]> {
  const events = await server.db
    .selectFrom('events')
    .select(['type', 'data'])
    .where('environment_id', '=', environmentId)
    .orderBy('sequence')
    .execute()
  return events.filter(({ data }) => data.contact_id === id).map(({ type }) => type)
}

describe('a customer nobody knows becomes a contact', () => {
  test.each<[customer: CustomerReference, name: string]>([
    [{ name: 'Ann', email: 'ann@new.example', phone: '+15550010001' }, 'Ann'],
    [{ email: 'bob@new.example', phone: '+15550010002' }, 'bob@new.example'],
    [{ phone: '+15550010003' }, '+15550010003'],
    [{ name: 'Cid' }, 'Cid'],
    [{}, 'Visitor'],
  ])('%o is called %s', async (customer, name) => {
    const { id, isNew } = await find(customer)
    expect(isNew).toBe(true)
    expect(await get(id)).toMatchObject({
      name,
      email: customer.email ?? null,
      phone: customer.phone ?? null,
    })
    expect(await eventsOf(id)).toEqual(['contact.created'])
  })
})

test('visitors without an address are somebody new each time', async () => {
  expect((await find({})).id).not.toBe((await find({})).id)
})

test('a contact is found by any of its phones, and by any of its e-mails', async () => {
  const id = await create({
    name: 'Dee',
    emails: ['d1@find.example', 'd2@find.example'],
    phones: ['+15550020001', '+15550020002'],
  })
  for (const customer of [
    { phone: '+15550020002' },
    { email: 'd2@find.example' },
    { email: 'd1@find.example' },
  ]) {
    expect(await find(customer)).toEqual({ id, isNew: false })
  }
  expect(await eventsOf(id)).toEqual(['contact.created'])
})

test('the phone counts more than the e-mail, and an address of another contact stays there', async () => {
  const byPhone = await create({ name: 'P', phone: '+15550030001' })
  const byEmail = await create({ name: 'E', email: 'e@both.example' })
  expect((await find({ phone: '+15550030001', email: 'e@both.example' })).id).toBe(byPhone)
  expect((await get(byPhone)).emails).toEqual([])
  expect((await get(byEmail)).emails).toEqual(['e@both.example'])
  expect(await eventsOf(byPhone)).toEqual(['contact.created'])
})

test('an address that nobody has is added to the contact that was found, at the end', async () => {
  const id = await create({ name: 'Fay', email: 'f1@add.example', phone: '+15550040001' })
  await find({ phone: '+15550040001', email: 'f2@add.example' })
  expect((await get(id)).emails).toEqual(['f1@add.example', 'f2@add.example'])
  await find({ phone: '+15550040002', email: 'f2@add.example' })
  expect((await get(id)).phones).toEqual(['+15550040001', '+15550040002'])
  expect(await eventsOf(id)).toEqual(['contact.created', 'contact.updated', 'contact.updated'])
})

test('a contact with twenty addresses is found and gets no more', async () => {
  const emails = Array.from({ length: 20 }, (_, i) => `g${i}@full.example`)
  const id = await create({ name: 'Gil', emails, phone: '+15550050001' })
  expect(await find({ phone: '+15550050001', email: 'g20@full.example' })).toEqual({ id, isNew: false })
  expect((await get(id)).emails).toEqual(emails)
})

test('a name takes the place of an address or of Visitor, and of nothing else', async () => {
  const { id } = await find({ email: 'hal@name.example' })
  await find({ email: 'hal@name.example', name: 'Hal' })
  expect((await get(id)).name).toBe('Hal')
  await find({ email: 'hal@name.example', name: 'Henry' })
  expect((await get(id)).name).toBe('Hal')
  const visitor = (await find({})).id
  await server.request(`PATCH /v1/contacts/${visitor}`, { key, body: { phone: '+15550060001' } })
  await find({ phone: '+15550060001', name: 'Ida' })
  expect((await get(visitor)).name).toBe('Ida')
})

test('contacts of another environment are not found', async () => {
  const { id } = await find({ email: 'jo@env.example' })
  const live = (await server.app.workspaces.getScope(server.workspaceId, 'live')).environmentId
  const found = await server.db
    .transaction()
    .execute((tx) => contacts.findOrCreateContact(tx, live, { email: 'jo@env.example' }))
  expect(found.isNew).toBe(true)
  expect(found.id).not.toBe(id)
})

test('addresses are read as they are written, and a wrong one is refused by its name', () => {
  expect(
    contacts.readReference({
      customer_name: ' Kim ',
      customer_email: 'KIM@x.example',
      customer_phone: '(415) 555-2671',
    }),
  ).toEqual({ name: 'Kim', email: 'kim@x.example', phone: '+14155552671' })
  expect(() => contacts.readReference({ customer_phone: '12' })).toThrow(
    '`customer_phone` must be a phone number such as +14155552671',
  )
  expect(() => contacts.readReference({ customer_email: 'kim' })).toThrow('`customer_email` must be')
})

describe(`${PARALLEL} transactions at once`, () => {
  const rounds = Array.from({ length: 10 }, (_, round) => round)

  test.each(rounds)('with the same new customer end with one contact (%i)', async (round) => {
    const customer = {
      email: `race${round}@many.example`,
      phone: `+1555100${String(round).padStart(4, '0')}`,
    }
    const found = await Promise.all(Array.from({ length: PARALLEL }, () => find(customer)))
    expect(new Set(found.map(({ id }) => id)).size).toBe(1)
    expect(found.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await eventsOf(found[0]?.id ?? '')).toEqual(['contact.created'])
  })

  test.each(rounds)(
    'that know different addresses of one customer end with one contact each (%i)',
    async (round) => {
      const email = `mixed${round}@many.example`
      const phone = `+1555200${String(round).padStart(4, '0')}`
      const known = [{ email, phone }, { email }, { phone }, { email, phone, name: 'Mix' }]
      await Promise.all(Array.from({ length: PARALLEL }, (_, i) => find({ ...known[i % known.length] })))
      const owners = [(await find({ email })).id, (await find({ phone })).id]
      // Who brought one address only may have become a contact of its own before anybody knew that they belong together.
      const { body } = await server.request(`GET /v1/contacts?search=${encodeURIComponent(email)}`, { key })
      const others = await server.request(`GET /v1/contacts?search=${encodeURIComponent(phone)}`, { key })
      expect([...body.data, ...others.body.data].map(({ id }) => id)).toEqual(owners)
    },
  )

  test('of which every other rolls back end with one contact, made by one that committed', async () => {
    for (const round of rounds) {
      const customer = {
        email: `rollback${round}@many.example`,
        phone: `+1555300${String(round).padStart(4, '0')}`,
      }
      const outcomes = await Promise.allSettled(
        Array.from({ length: PARALLEL }, (_, i) =>
          server.db.transaction().execute(async (tx) => {
            const found = await contacts.findOrCreateContact(tx, environmentId, customer)
            if (i % 2 === 0) throw new Error('rolled back')
            return found
          }),
        ),
      )
      const found = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(found).toHaveLength(PARALLEL / 2)
      expect(new Set(found.map(({ id }) => id)).size).toBe(1)
      expect(found.filter(({ isNew }) => isNew)).toHaveLength(1)
      expect(await eventsOf(found[0]?.id ?? '')).toEqual(['contact.created'])
    }
  })
})
