/** `GET /v1/overview`: what it counts, and whose. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'

const MINUTE_MS = 60_000

let server: TestApp
let key: string
let workspace: string
const clock = new TestClock()

beforeAll(async () => {
  server = await createTestApp({ clock })
  workspace = (await server.createWorkspace('Reports')).id
  key = await server.createKey('test', ['*'], workspace)
})
afterAll(() => server.close())

async function post(path: string, body: Record<string, unknown> = {}) {
  const answer = await server.request(`POST /v1/${path}`, { key, body })
  expect(answer.status).toBeLessThan(300)
  return answer.body.data
}
const overview = (query = '', by = key) => server.request(`GET /v1/overview${query}`, { key: by })
const begin = (email: string, message: string) =>
  post('conversations', {
    channel: 'web',
    customer_email: email,
    message,
    sender: 'customer',
    reply: 'none',
  })

test('nothing yet is zero and null, over every day and hour', async () => {
  const { status, body } = await overview('?time_zone=Europe/Berlin')
  expect(status).toBe(200)
  expect(body.data).toMatchObject({
    needs_person: 0,
    open: 0,
    conversations: 0,
    resolution_rate: null,
    median_first_response_ms: null,
    time_zone: 'Europe/Berlin',
  })
  expect(body.data.days.length).toBeGreaterThanOrEqual(7)
  expect(body.data.hours).toHaveLength(24)
})

test('who needed a person, how fast the first answer came, and when customers wrote', async () => {
  const alone = await begin('one@example.com', 'When do you open?')
  const byPerson = await begin('two@example.com', 'I want to complain')
  const waiting = await begin('three@example.com', 'Let me talk to someone')
  await begin('four@example.com', 'Hello?')
  clock.advance(2 * MINUTE_MS)
  await post(`conversations/${alone.id}/messages`, { content: 'At nine.', sender: 'assistant' })
  clock.advance(4 * MINUTE_MS)
  await post(`conversations/${byPerson.id}/messages`, { content: 'We are sorry.', sender: 'human' })
  await post(`conversations/${byPerson.id}/messages`, {
    content: 'A note',
    sender: 'human',
    visibility: 'internal',
  })
  await post(`conversations/${byPerson.id}/resolve`)
  await post(`conversations/${waiting.id}/handoff`, { reason: 'asked for a person' })
  clock.advance(MINUTE_MS)

  const { data } = (await overview()).body
  expect(data).toMatchObject({
    needs_person: 1,
    open: 3,
    conversations: 4,
    new_contacts: 4,
    customer_messages: 4,
    asked: 4,
    without_person: 2,
    resolution_rate: 0.5,
    answered: 2,
    // Messages of one conversation are at least a millisecond apart.
    median_first_response_ms: expect.closeTo(4 * MINUTE_MS, -2),
  })
  const total = (rows: Record<string, number>[], field: string) =>
    rows.reduce((sum, row) => sum + (row[field] ?? 0), 0)
  expect(total(data.days, 'conversations')).toBe(4)
  expect(total(data.hours, 'customer_messages')).toBe(4)

  const before = new Date(clock.nowMs() - 60 * MINUTE_MS).toISOString()
  expect((await overview(`?until=${before}`)).body.data).toMatchObject({ conversations: 0, asked: 0 })
})

test('nobody sees another workspace’s or environment’s figures', async () => {
  for (const other of [await server.createKey(), await server.createKey('live', ['*'], workspace)])
    expect((await overview('', other)).body.data).toMatchObject({
      open: 0,
      conversations: 0,
      new_contacts: 0,
    })
  const without = await server.createKey('test', ['contacts:read'], workspace)
  expect((await overview('', without)).status).toBe(403)
})

test('a range that is empty or too long and a zone that doesn’t exist are refused by name', async () => {
  const param = async (query: string) => {
    const { status, body } = await overview(query)
    return [status, body.param]
  }
  expect(await param('?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z')).toEqual([400, 'since'])
  expect(await param('?since=2026-01-01T00:00:00Z&until=2026-02-02T00:00:00Z')).toEqual([400, 'since'])
  expect(await param('?time_zone=Mars/Olympus')).toEqual([400, 'time_zone'])
})
