/** Who handles a conversation: Clara, a person, and what brings it back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { conversationCalls } from './testing/calls.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
})
afterAll(() => server.close())

const { post, get, start, eventsOf, eventTypesOf } = conversationCalls(() => ({ server, key }))

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

test('a handoff without a reason shows the same one wherever it is told', async () => {
  const id = await start()
  const { body } = await post(`/conversations/${id}/handoff`)
  expect(body.data.handoff.reason).toBe('A person was asked for.')
  const told = (await eventsOf(id)).find(({ type }) => type === 'conversation.handoff_requested')
  expect(told?.data.reason).toBe(body.data.handoff.reason)
})
