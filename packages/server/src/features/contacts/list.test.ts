import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'

const clock = new TestClock()
let server: TestApp

beforeAll(async () => {
  server = await createTestApp({ clock })
})
afterAll(() => server.close())

/** A key of a workspace of its own, so that a test sees its own contacts only. */
async function newKey(name: string): Promise<string> {
  return server.createKey('test', ['*'], (await server.createWorkspace(name)).id)
}

async function create(key: string, body: object): Promise<string> {
  return (await server.request('POST /v1/contacts', { key, body })).body.data.id
}

async function names(key: string, query: string): Promise<string[]> {
  const { body } = await server.request(`GET /v1/contacts${query}`, { key })
  return body.data.map(({ name }: { name: string }) => name)
}

const contains = (text: string) => `?sort=name&search=${encodeURIComponent(text)}`

test('newest first by default, by last change, or by name', async () => {
  const key = await newKey('sorts')
  for (const name of ['beta', 'Álpha', 'Zoe', 'alpha', 'émile', 'Emil', 'Ωmega', '李']) {
    await create(key, { name })
    clock.advance(1_000)
  }
  const [oldest] = (await server.request('GET /v1/contacts?offset=7', { key })).body.data
  await server.request(`PATCH /v1/contacts/${oldest.id}`, { key, body: { tags: ['x'] } })
  const newest = ['李', 'Ωmega', 'Emil', 'émile', 'alpha', 'Zoe', 'Álpha', 'beta']
  expect(await names(key, '')).toEqual(newest)
  expect(await names(key, '?sort=created')).toEqual(newest)
  expect(await names(key, '?sort=updated')).toEqual(['beta', ...newest.slice(0, -1)])
  expect(await names(key, '?sort=name')).toEqual([
    'alpha',
    'Álpha',
    'beta',
    'Emil',
    'émile',
    'Zoe',
    'Ωmega',
    '李',
  ])
})

test('names that differ in case only are in the order in which they were made', async () => {
  const key = await newKey('ties')
  const ids: string[] = []
  for (const name of ['bob', 'Bob', 'BOB', 'bob']) ids.push(await create(key, { name }))
  const { body } = await server.request('GET /v1/contacts?sort=name', { key })
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual(ids)
})

describe.each(['created', 'updated', 'name'])('sorted by %s', (sort) => {
  test('pages have every contact once, while others are inserted', async () => {
    const key = await newKey(`pages by ${sort}`)
    const expected: string[] = []
    // Three of each instant and name: only the id tells them apart.
    for (let i = 0; i < 21; i++) {
      if (i % 3 === 0) clock.advance(1_000)
      expected.push(await create(key, { name: `${i % 2 === 0 ? 'N' : 'n'}ame ${Math.floor(i / 3)}` }))
    }
    const seen: string[] = []
    let cursor = ''
    for (;;) {
      const url = `GET /v1/contacts?sort=${sort}&limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`
      const { body } = await server.request(url, { key })
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      expect(body.pagination.has_more).toBe(body.pagination.next_cursor !== null)
      if (!body.pagination.has_more) break
      cursor = body.pagination.next_cursor
      clock.advance(1_000)
      await create(key, { name: 'A newcomer, before all others by name and time' })
    }
    expect(seen).toEqual(sort === 'name' ? expected : expected.toReversed())
  })
})

test('a cursor is good for its own list, filters and order only', async () => {
  const key = await newKey('cursors')
  for (const name of ['a', 'b', 'c']) await create(key, { name, tags: ['t'] })
  const { body } = await server.request('GET /v1/contacts?limit=1&sort=name&tag=t', { key })
  const cursor = body.pagination.next_cursor
  expect(await names(key, `?limit=1&sort=name&tag=t&cursor=${cursor}`)).toEqual(['b'])
  for (const query of ['sort=name', 'sort=created&tag=t', 'sort=name&tag=u', 'sort=name&tag=t&search=a']) {
    const answer = await server.request(`GET /v1/contacts?${query}&cursor=${cursor}`, { key })
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_cursor', param: 'cursor' } })
  }
  const other = await server.request(`GET /v1/contacts?sort=name&tag=t&cursor=${cursor}`, {
    key: await newKey('cursors elsewhere'),
  })
  expect(other.body.code).toBe('invalid_cursor')
})

test('limit and offset page as published', async () => {
  const key = await newKey('offsets')
  for (const name of ['a', 'b', 'c', 'd']) await create(key, { name })
  expect(await names(key, '?sort=name&limit=2&offset=1')).toEqual(['b', 'c'])
  expect(await names(key, '?sort=name&offset=4')).toEqual([])
  for (const [query, param] of [
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=10001', 'offset'],
    ['sort=age', 'sort'],
    ['tag=', 'tag'],
    ['tags=x', 'tags'],
  ]) {
    const answer = await server.request(`GET /v1/contacts?${query}`, { key })
    expect(answer).toMatchObject({ status: 400, body: { param } })
  }
})

test('a tag finds exactly the contacts that have it', async () => {
  const key = await newKey('tags')
  await create(key, { name: 'a', tags: ['vip', 'new'] })
  await create(key, { name: 'b', tags: ['VIP'] })
  await create(key, { name: 'c', tags: ['vip2'] })
  expect(await names(key, '?tag=vip')).toEqual(['a'])
  expect(await names(key, '?tag=%20vip%20')).toEqual(['a'])
  expect(await names(key, '?tag=v%25')).toEqual([])
})

test('each entry carries addresses and what its conversations add up to', async () => {
  const key = await newKey('details')
  const id = await create(key, {
    name: 'Ann',
    emails: ['b@details.example', 'a@details.example'],
    phone: '+15551230001',
  })
  await create(key, { name: 'Bob' })
  for (let i = 0; i < 3; i++) {
    clock.advance(1_000)
    await server.request('POST /v1/conversations', { key, body: { channel: 'web', customer_id: id } })
  }
  const { body } = await server.request('GET /v1/contacts?sort=name', { key })
  expect(body.data).toMatchObject([
    {
      id,
      email: 'b@details.example',
      emails: ['b@details.example', 'a@details.example'],
      phones: ['+15551230001'],
      conversation_count: 3,
      last_conversation: new Date(clock.nowMs()).toISOString(),
    },
    { email: null, emails: [], conversation_count: 0, last_conversation: null },
  ])
})

describe('search', () => {
  let key: string
  beforeAll(async () => {
    key = await newKey('search')
    await create(key, { name: 'Ann Smith', email: 'ann.smith@work.example', phone: '(415) 555-2671' })
    await create(key, { name: '100% Juice_Bar\\Shop', email: 'under_score@x.example' })
    await create(key, { name: '1000 Juices', phones: ['+442079460100', '+491712345678'] })
    await create(key, { name: 'Élodie ÇELİK', email: 'MÜLLER@x.example' })
    await create(key, { name: 'Jose\u0301 Smithson', tags: ['vip'] })
    await create(key, { name: 'Annabel', emails: ['x@x.example', 'smith@home.example'] })
  })

  test.each([
    ['ann', ['Ann Smith', 'Annabel']],
    ['SMITH', ['Ann Smith', 'Annabel', 'Jose\u0301 Smithson']],
    [' smith ', ['Ann Smith', 'Annabel', 'Jose\u0301 Smithson']],
    ['élodie ç', ['Élodie ÇELİK']],
    ['müller@', ['Élodie ÇELİK']],
    ['jos\u00e9', ['Jose\u0301 Smithson']],
    ['0%', ['100% Juice_Bar\\Shop']],
    ['_', ['100% Juice_Bar\\Shop']],
    ['\\', ['100% Juice_Bar\\Shop']],
    ['%', ['100% Juice_Bar\\Shop']],
    ['r_s', ['100% Juice_Bar\\Shop']],
    ['+1415', ['Ann Smith']],
    ['415-555', ['Ann Smith']],
    ['0171 234', ['1000 Juices']],
    ['+49 (0)171 2345678', ['1000 Juices']],
    ['nobody', []],
    ["'; DROP TABLE contacts; --", []],
  ])('for %j finds names and addresses that contain it', async (text, found) => {
    expect(await names(key, contains(text))).toEqual(found)
  })

  test('for nothing finds everybody', async () => {
    expect(await names(key, contains(''))).toHaveLength(6)
    expect(await names(key, contains('  '))).toHaveLength(6)
  })

  test('and a tag narrow together', async () => {
    expect(await names(key, '?search=smith&tag=vip')).toEqual(['Jose\u0301 Smithson'])
  })
})

describe('GET /v1/contacts/search', () => {
  let key: string
  const found = (query: string) => names(key, `/search?${query}`)
  beforeAll(async () => {
    key = await newKey('best matches')
    await create(key, { name: 'Zed', email: 'ann@x.example', phone: '+14155552671' })
    await create(key, { name: 'Joann' })
    await create(key, { name: 'anna' })
    await create(key, { name: 'Ann' })
    await create(key, { name: 'ann@x.example is what I am called' })
  })

  test('gives the exact address first, then names that begin with it, then the rest', async () => {
    expect(await found('q=ANN@x.example')).toEqual(['Zed', 'ann@x.example is what I am called'])
    expect(await found('q=ann')).toEqual(['Ann', 'ann@x.example is what I am called', 'anna', 'Joann', 'Zed'])
    expect(await found('q=4155552671')).toEqual(['Zed'])
    expect(await found('q=%25')).toEqual([])
  })

  test('gives ten, or as many as asked for, and goes on by cursor', async () => {
    const first = await server.request('GET /v1/contacts/search?q=ann&limit=2', { key })
    expect(first.body.pagination).toMatchObject({ limit: 2, has_more: true })
    const cursor = first.body.pagination.next_cursor
    expect(await found(`q=ann&limit=2&cursor=${cursor}`)).toEqual(['anna', 'Joann'])
    const whole = await server.request('GET /v1/contacts/search?q=ann', { key })
    expect(whole.body.pagination).toEqual({ limit: 10, has_more: false, next_cursor: null })
  })

  test.each([
    ['', 'q'],
    ['q=', 'q'],
    ['q=%20', 'q'],
    ['q=a&limit=101', 'limit'],
    ['q=a&sort=name', 'sort'],
    ['q=a%00b', 'q'],
  ])('refuses ?%s', async (query, param) => {
    expect(await server.request(`GET /v1/contacts/search?${query}`, { key })).toMatchObject({
      status: 400,
      body: { param },
    })
  })
})
