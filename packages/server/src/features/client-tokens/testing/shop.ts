/** A server with two customers who each have a conversation, and tokens for their browsers. */
import { createTestApp, TestClock, type TestResponse } from '../../../testing/app.ts'

/** What the team alone may see: a test looks for these texts in everything that a page is answered. */
export const TEAM_ONLY = ['NOTE-OF-THE-TEAM', 'tag-of-the-team', 'metadata-of-the-team', 'reason-of-the-team']

export interface Customer {
  contactId: string
  conversationId: string
  /** Tokens for the contact and for the conversation. */
  contactToken: string
  conversationToken: string
}

export type Shop = Awaited<ReturnType<typeof openShop>>

export async function openShop(env: Record<string, string> = {}) {
  const clock = new TestClock()
  const server = await createTestApp({ clock, env })
  const key = await server.createKey()
  const ask = async (route: string, caller: string, body?: unknown): Promise<TestResponse> =>
    server.request(route.replace(' /', ' /v1/'), { key: caller, ...(body === undefined ? {} : { body }) })

  /** With the key, or another one. Fails unless it is answered 2xx. */
  const make = async (path: string, body: unknown, caller = key): Promise<Record<string, string>> => {
    const { status, body: answer } = await ask(`POST ${path}`, caller, body)
    if (status > 299) throw new Error(`POST ${path}: ${JSON.stringify(answer)}`)
    return answer.data
  }
  const mint = async (subject: object, caller = key): Promise<string> =>
    (await make('/client_tokens', subject, caller)).token ?? ''

  /** A contact with a conversation in which the team has left traces of its own. */
  const welcome = async (name: string, caller = key): Promise<Customer> => {
    const { id: contactId = '' } = await make('/contacts', { name }, caller)
    const start = {
      channel: 'web',
      customer_id: contactId,
      sender: 'customer',
      message: `hello from ${name}`,
      reply: 'none',
      tags: ['tag-of-the-team'],
      metadata: { note: 'metadata-of-the-team' },
    }
    const { id: conversationId = '' } = await make('/conversations', start, caller)
    const path = `/conversations/${conversationId}`
    const metadata = { note: 'metadata-of-the-team' }
    await make(`${path}/messages`, { content: `welcome ${name}`, metadata }, caller)
    await make(
      `${path}/messages`,
      { content: 'NOTE-OF-THE-TEAM', sender: 'human', visibility: 'internal' },
      caller,
    )
    await make(`${path}/handoff`, { reason: 'reason-of-the-team' }, caller)
    const contactToken = await mint({ contact_id: contactId }, caller)
    const conversationToken = await mint({ conversation_id: conversationId }, caller)
    return { contactId, conversationId, contactToken, conversationToken }
  }

  return { server, clock, key, ask, make, mint, welcome, close: () => server.close() }
}
