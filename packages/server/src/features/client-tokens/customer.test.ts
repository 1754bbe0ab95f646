/** What a customer's page may write and see with its client token: the customer's words, and nothing of the team's own. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Customer, openShop, type Shop, TEAM_ONLY } from './testing/shop.ts'

let shop: Shop
let ada: Customer

beforeAll(async () => {
  shop = await openShop()
  const content = 'We are open from 9 am to 6 pm on weekdays.'
  await shop.make('/knowledge/sources', { type: 'text', title: 'Handbook', content })
})
beforeEach(async () => {
  ada = await shop.welcome('Ada')
})
afterAll(() => shop.close())

const tokensOf = (customer: Customer) => [customer.contactToken, customer.conversationToken]
const messagesPath = () => `/conversations/${ada.conversationId}/messages`
/** Everything that was ever written in the conversation, as the team sees it. */
const allMessages = async () => (await shop.ask(`GET ${messagesPath()}?order=asc`, shop.key)).body.data

describe('a message', () => {
  test('is the customer’s, said or not', async () => {
    for (const token of tokensOf(ada)) {
      for (const body of [{ content: 'hi' }, { content: 'hi', sender: 'customer', visibility: 'public' }]) {
        const sent = await shop.ask(`POST ${messagesPath()}`, token, { ...body, reply: 'none' })
        expect(sent).toMatchObject({ status: 201, body: { data: { sender: 'customer', content: 'hi' } } })
      }
    }
    expect((await shop.ask(`GET /conversations/${ada.conversationId}`, shop.key)).body.data.unread).toBe(true)
  })

  test('of a key is the assistant’s unless it says otherwise', async () => {
    const sent = await shop.ask(`POST ${messagesPath()}`, shop.key, { content: 'hi' })
    expect(sent.body.data.sender).toBe('assistant')
    const start = { channel: 'web', message: 'hi' }
    const { id = '' } = await shop.make('/conversations', start)
    const { body } = await shop.ask(`GET /conversations/${id}`, shop.key)
    expect(body.data.messages[0].sender).toBe('assistant')
  })

  test.each([
    [{ sender: 'assistant' }, 'sender'],
    [{ sender: 'human' }, 'sender'],
    [{ visibility: 'internal' }, 'visibility'],
    [{ visibility: 'internal', sender: 'human' }, 'sender'],
    [{ metadata: {} }, 'metadata'],
  ])('with %j is 403, names the field and leaves nothing behind', async (fields, param) => {
    const before = await allMessages()
    for (const token of tokensOf(ada)) {
      const sent = { content: 'x', ...fields }
      const { status, body, headers } = await shop.ask(`POST ${messagesPath()}`, token, sent)
      expect(status).toBe(403)
      expect(headers['www-authenticate']).toMatch(/error="insufficient_scope"$/)
      expect(body).toMatchObject({ code: 'insufficient_permissions', param, hint: expect.any(String) })
    }
    expect(await allMessages()).toEqual(before)
  })

  test('is answered by Clara in the same call when the page waits', async () => {
    await shop.make(`/conversations/${ada.conversationId}/return_to_clara`, {})
    const body = { content: 'When are you open?', reply: 'wait' }
    const { status, body: answer } = await shop.ask(`POST ${messagesPath()}`, ada.conversationToken, body)
    expect(status).toBe(201)
    expect(answer.data).toMatchObject({
      sender: 'customer',
      turn: { status: 'succeeded' },
      reply: { sender: 'assistant', content: expect.stringContaining('9 am to 6 pm'), metadata: {} },
    })
  })

  test('is answered soon after when it doesn’t', async () => {
    await shop.make(`/conversations/${ada.conversationId}/return_to_clara`, {})
    const body = { content: 'When are you open?' }
    const sent = await shop.ask(`POST ${messagesPath()}`, ada.contactToken, body)
    expect(sent.body.data).toMatchObject({ turn: { status: 'running' }, reply: null })
    const latest = async () =>
      (await shop.ask(`GET ${messagesPath()}?limit=1`, ada.contactToken)).body.data[0].sender
    await expect.poll(latest).toBe('assistant')
  })
})

describe('a conversation', () => {
  test('that a page starts is with the token’s contact, and Clara answers in it', async () => {
    const body = { channel: 'web', subject: 'Hours', message: 'When are you open?', reply: 'wait' }
    const { status, body: answer } = await shop.ask('POST /conversations', ada.contactToken, body)
    expect(status).toBe(201)
    expect(answer.data).toMatchObject({
      customer_id: ada.contactId,
      customer_name: 'Ada',
      channel: 'web',
      subject: 'Hours',
      handled_by: 'clara',
      unread: true,
      reply: { content: expect.stringContaining('9 am to 6 pm') },
    })
    const { messages } = (await shop.ask(`GET /conversations/${answer.data.id}`, ada.contactToken)).body.data
    expect(messages.map(({ sender }: { sender: string }) => sender)).toEqual(['customer', 'assistant'])
  })

  test.each([
    [{ customer_email: 'ada@example.com' }, 'customer_email'],
    [{ customer_phone: '+14155552671' }, 'customer_phone'],
    [{ customer_name: 'Eve' }, 'customer_name'],
    [{ tags: [] }, 'tags'],
    [{ metadata: {} }, 'metadata'],
    [{ channel: 'sms' }, 'channel'],
    [{ channel: 'email' }, 'channel'],
    [{ sender: 'assistant' }, 'sender'],
    [{ sender: 'human', message: 'x' }, 'sender'],
  ])('started with %j is 403, names the field and isn’t there', async (fields, param) => {
    await refuseStart(fields, param)
  })

  test('can’t be started in the name of any contact, not even the token’s own', async () => {
    const bob = await shop.welcome('Bob')
    for (const id of [bob.contactId, ada.contactId, 'cust_none'])
      await refuseStart({ customer_id: id }, 'customer_id')
  })

  async function refuseStart(fields: object, param: string): Promise<void> {
    const count = async () => (await shop.server.db.selectFrom('conversations').select('id').execute()).length
    const before = await count()
    const sent = { channel: 'web', ...fields }
    const { status, body } = await shop.ask('POST /conversations', ada.contactToken, sent)
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'insufficient_permissions', param, hint: expect.any(String) })
    expect(await count()).toBe(before)
  }

  test('can’t be started with a token for one conversation', async () => {
    expect(await shop.ask('POST /conversations', ada.conversationToken, { channel: 'web' })).toMatchObject({
      status: 403,
      body: { code: 'insufficient_permissions' },
    })
  })

  test('is given to a person on the page’s wish, whose words the team reads', async () => {
    const path = `/conversations/${ada.conversationId}`
    await shop.make(`${path}/return_to_clara`, {})
    const asked = await shop.ask(`POST ${path}/handoff`, ada.conversationToken, { reason: 'a refund' })
    expect(asked.status).toBe(200)
    expect(asked.body.data).toMatchObject({ handled_by: 'human', handoff: { reason: null } })
    expect((await shop.ask(`GET ${path}`, shop.key)).body.data.handoff.reason).toBe('a refund')
  })
})

describe('what the team keeps to itself', () => {
  test('is in the conversation for a key to see', async () => {
    const { text, body } = await shop.ask(`GET /conversations/${ada.conversationId}`, shop.key)
    for (const trace of TEAM_ONLY) expect(text).toContain(trace)
    expect(body.data.timestamp).toBe(body.data.messages.at(-1).timestamp)
    expect(body.data.messages.at(-1).visibility).toBe('internal')
  })

  test('is in no answer to a page', async () => {
    const path = `/conversations/${ada.conversationId}`
    const calls: [string, unknown][] = [
      ['GET /conversations', undefined],
      ['GET /conversations?sort=updated', undefined],
      [`GET ${path}`, undefined],
      [`GET ${path}/messages`, undefined],
      [`GET ${path}/messages?order=asc`, undefined],
      [`POST ${path}/messages`, { content: 'hi', reply: 'none' }],
      [`POST ${path}/messages`, { content: 'hi again', reply: 'wait' }],
      [`POST ${path}/handoff`, {}],
    ]
    for (const token of tokensOf(ada)) {
      for (const [route, body] of calls) {
        const { status, text } = await shop.ask(route, token, body)
        expect([200, 201, 409], route).toContain(status)
        for (const trace of TEAM_ONLY) expect(text, route).not.toContain(trace)
      }
    }
  })

  test('leaves fields of the same form, empty', async () => {
    for (const token of tokensOf(ada)) {
      const { data } = (await shop.ask(`GET /conversations/${ada.conversationId}`, token)).body
      expect(data).toMatchObject({
        tags: [],
        metadata: {},
        handoff: { reason: null },
        last_message: 'welcome Ada',
      })
      expect(data.timestamp).toBe(data.messages.at(-1).timestamp)
      expect(data.messages).toMatchObject([
        { content: 'hello from Ada', metadata: {}, visibility: 'public' },
        { content: 'welcome Ada', metadata: {}, visibility: 'public' },
      ])
    }
  })

  test('never is the last message, not even of a conversation with nothing else in it', async () => {
    const { id = '' } = await shop.make('/conversations', { channel: 'web', customer_id: ada.contactId })
    await shop.make(`/conversations/${id}/messages`, {
      content: 'NOTE-OF-THE-TEAM',
      sender: 'human',
      visibility: 'internal',
    })
    const { data } = (await shop.ask(`GET /conversations/${id}`, ada.contactToken)).body
    expect(data).toMatchObject({ last_message: null, messages: [], has_more_messages: false })
    expect(data.timestamp).toBe(data.created_at)
  })

  test('doesn’t count: pages of messages are full without notes, and “more” means more to see', async () => {
    const { id = '' } = await shop.make('/conversations', { channel: 'web', customer_id: ada.contactId })
    const path = `/conversations/${id}/messages`
    const expected: string[] = []
    for (let i = 0; i < 100; i++) {
      const content = `m${i}`
      await shop.make(path, { content })
      expected.push(content)
      if (i % 10 === 0) await shop.make(path, { content: 'n', sender: 'human', visibility: 'internal' })
    }
    const get = async (token: string) => (await shop.ask(`GET /conversations/${id}`, token)).body.data
    expect(await get(ada.contactToken)).toMatchObject({
      messages: expected.map((content) => ({ content })),
      has_more_messages: false,
    })
    expect((await get(shop.key)).has_more_messages).toBe(true)
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await shop.ask(`GET ${path}?order=asc&limit=10${cursor}`, ada.contactToken)
      expect(body.data).toHaveLength(10)
      seen.push(...body.data.map(({ content }: { content: string }) => content))
      cursor = body.pagination.has_more ? `&cursor=${body.pagination.next_cursor}` : ''
    } while (cursor !== '')
    expect(seen).toEqual(expected)
    const skipped = await shop.ask(`GET ${path}?order=asc&limit=2&offset=5`, ada.contactToken)
    expect(skipped.body.data.map(({ content }: { content: string }) => content)).toEqual(['m5', 'm6'])
    await shop.make(path, { content: 'm100' })
    expect((await get(ada.contactToken)).has_more_messages).toBe(true)
  })
})
