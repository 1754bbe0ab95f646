/** What tests of conversations ask again and again. */
import { expect } from 'vitest'
import type { TestApp } from '../../../testing/app.ts'

/** Asks whom `asked` names by then: tests start their server after this. */
export function conversationCalls(asked: () => { server: TestApp; key: string }) {
  const request = (route: string, body?: unknown) => {
    const { server, key } = asked()
    return server.request(route, { key, body })
  }
  const post = (path: string, body?: unknown) => request(`POST /v1${path}`, body)
  const get = (path: string) => request(`GET /v1${path}`)

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

  return { post, get, start, eventsOf, eventTypesOf }
}
