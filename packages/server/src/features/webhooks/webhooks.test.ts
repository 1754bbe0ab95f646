/** Webhooks over the API and to real receivers: what is told to whom, how it is signed, and what becomes of it. */
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'

let server: TestApp
let key: string
const receivers: Receiver[] = []

beforeAll(async () => {
  server = await createTestApp({ env: { WEBHOOK_RETRY_SECONDS: '1,1,1' } })
  key = await server.createKey()
})
afterAll(() => server.close())
afterEach(async () => {
  const { body } = await server.request('GET /v1/webhooks?limit=100', { key })
  for (const { id } of body.data) await server.request(`DELETE /v1/webhooks/${id}`, { key })
  for (const receiver of receivers.splice(0)) await receiver.stop()
})

async function receive(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  receivers.push(receiver)
  return receiver
}
const post = (path: string, body?: unknown) => server.request(`POST /v1${path}`, { key, body })
const get = async (path: string) => (await server.request(`GET /v1${path}`, { key })).body.data
async function createWebhook(receiver: Receiver, fields: object = {}) {
  const made = await post('/webhooks', { url: receiver.url, events: ['*'], ...fields })
  expect(made.status, made.text).toBe(201)
  return made.body.data as Record<string, string> & {
    id: string
    signing_secret: string
    test_delivery_id: string
  }
}
const startConversation = async () =>
  (await post('/conversations', { channel: 'web' })).body.data.id as string
const say = (conversation: string, content: string) =>
  post(`/conversations/${conversation}/messages`, { content, sender: 'assistant' })
const deliveryOf = async (id: string) => get(`/deliveries/${id}`)

describe('a new webhook', () => {
  test('is told where its URL leads, gets a test event, and signs as the official library verifies', async () => {
    const receiver = await receive()
    const webhook = await createWebhook(receiver)
    expect(webhook).toMatchObject({
      id: expect.stringMatching(/^we_/),
      status: 'enabled',
      signing_secret: expect.stringMatching(/^whsec_/),
      url_check: { verdict: 'allowed', addresses: [{ address: '127.0.0.1', verdict: 'allowed' }] },
    })
    await expect.poll(() => receiver.received.length).toBe(1)
    const [first] = receiver.received
    expect(first?.event).toMatchObject({
      event: 'webhook.test',
      type: 'webhook.test',
      data: { webhook_id: webhook.id },
    })
    const headers = first?.headers as Record<string, string>
    expect(() => new Webhook(webhook.signing_secret).verify(first?.body ?? '', headers)).not.toThrow()
    expect(() => new Webhook(webhook.signing_secret).verify(`${first?.body} `, headers)).toThrow()
    await expect
      .poll(
        async () =>
          (await server.request(`GET /v1/deliveries/${webhook.test_delivery_id}`, { key })).body.data?.status,
      )
      .toBe('succeeded')
    const delivery = await deliveryOf(webhook.test_delivery_id)
    expect(delivery.attempt_log).toMatchObject([{ number: 1, cause: 'event', status: 200, ip: '127.0.0.1' }])
    expect(first?.headers['webhook-id']).toBe(delivery.event_id)
  })

  test.each([
    ['http://169.254.169.254/latest', /metadata|link-local/i],
    ['http://10.0.0.8/hook', /private/i],
    ['ftp://example.com/hook', /must begin with https/],
    ['https://user:pw@example.com', /no user or password/],
  ])('for %s is refused, naming the field and why', async (url, sentence) => {
    const { status, body } = await post('/webhooks', { url, events: ['*'] })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'validation_failed',
      param: 'url',
      error: expect.stringMatching(sentence),
    })
  })

  test('takes no header that this server sets, and none that would break the request', async () => {
    const receiver = await receive()
    for (const name of ['webhook-signature', 'Host', 'Content-Length', 'AgentClara-Attempt']) {
      const { status, body } = await post('/webhooks', {
        url: receiver.url,
        events: ['*'],
        headers: { [name]: 'x' },
      })
      expect(status, name).toBe(400)
      expect(body.param).toBe(`headers.${name}`)
    }
  })

  test('is not told of what happened before, and its secret is in no later answer', async () => {
    await startConversation()
    const receiver = await receive()
    const { id, signing_secret: secret } = await createWebhook(receiver)
    await expect.poll(() => receiver.received.length).toBe(1)
    expect(receiver.received[0]?.event.event).toBe('webhook.test')
    for (const path of ['/webhooks', `/webhooks/${id}`]) {
      const { text } = await server.request(`GET /v1${path}`, { key })
      expect(text).not.toContain(secret)
    }
  })
})

describe('events', () => {
  test('reach every webhook that wants them, once, in the order of their conversation', async () => {
    const all = await receive()
    const some = await receive()
    await createWebhook(all, { headers: { Authorization: 'Bearer mine' } })
    await createWebhook(some, { events: ['message.sent'] })
    const conversations = await Promise.all(Array.from({ length: 5 }, startConversation))
    for (let round = 0; round < 10; round++)
      await Promise.all(conversations.map((id) => say(id, `message ${round}`)))
    // A test event each; conversation.created of each, contact.created of each; ten messages of each.
    const messages = (receiver: Receiver) =>
      receiver.received.filter((one) => one.event.event === 'message.sent')
    await expect.poll(() => messages(all).length).toBe(50)
    await expect.poll(() => messages(some).length).toBe(50)
    for (const receiver of [all, some]) {
      expect(new Set(receiver.ids()).size).toBe(receiver.received.length)
      for (const id of conversations) {
        const own = messages(receiver).filter((one) => one.event.data.conversation_id === id)
        const sequences = own.map((one) => one.event.sequence)
        expect(sequences).toEqual(sequences.toSorted((a: number, b: number) => a - b))
      }
    }
    expect(some.received.every((one) => ['message.sent', 'webhook.test'].includes(one.event.event))).toBe(
      true,
    )
    expect(all.received.every((one) => one.headers.authorization === 'Bearer mine')).toBe(true)
  })

  test('wait behind one of their conversation that fails, and only behind that', async () => {
    const poisoned = await startConversation()
    const healthy = await startConversation()
    const receiver = await receive(({ event }, count) =>
      event.data.conversation_id === poisoned && event.data.content === 'bad' && count < 100
        ? {
            status:
              receiver.received.filter((one) => one.event.data.content === 'bad').length < 3 ? 500 : 200,
          }
        : { status: 200 },
    )
    await createWebhook(receiver, { events: ['message.sent'] })
    await say(poisoned, 'bad')
    await say(poisoned, 'behind')
    for (let number = 0; number < 5; number++) await say(healthy, `fine ${number}`)
    const contents = () =>
      receiver.received.map((one) => one.event.data.content).filter((content) => content !== undefined)
    await expect.poll(() => contents().filter((content) => content.startsWith('fine')).length).toBe(5)
    expect(contents()).not.toContain('behind')
    await expect.poll(() => contents().includes('behind'), { timeout: 10_000 }).toBe(true)
    expect(contents().filter((content) => content === 'bad')).toHaveLength(3)
    expect(contents().lastIndexOf('bad')).toBeLessThan(contents().indexOf('behind'))
  })

  test('are given up when all retries have failed; redelivering sends them again', async () => {
    const receiver = await receive(() => ({ status: 500, body: 'no' }))
    const { test_delivery_id: id } = await createWebhook(receiver)
    await expect.poll(async () => (await deliveryOf(id))?.status, { timeout: 15_000 }).toBe('failed')
    const delivery = await deliveryOf(id)
    expect(delivery).toMatchObject({ attempts: 4, last_status: 500, next_attempt_at: null })
    expect(delivery.attempt_log[0]).toMatchObject({
      number: 4,
      cause: 'retry',
      status: 500,
      response_body: 'no',
    })
    receiver.answer = () => ({ status: 204 })
    expect((await post(`/deliveries/${id}/redeliver`)).body.data.status).toBe('pending')
    await expect.poll(async () => (await deliveryOf(id)).status).toBe('succeeded')
    expect((await deliveryOf(id)).attempt_log[0]).toMatchObject({
      number: 5,
      cause: 'redelivery',
      status: 204,
    })
    expect(new Set(receiver.ids()).size).toBe(1)
  })

  test('are not sent before the time that a receiver names in Retry-After', async () => {
    const receiver = await receive((_one, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 200 },
    )
    await createWebhook(receiver)
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(2)
    const [first, second] = receiver.received
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(1_900)
  })
})

describe('people', () => {
  test('pause a webhook, and what happens after the answer waits, whenever the pause comes', async () => {
    const [paused, witness] = [await receive(), await receive()]
    const { id } = await createWebhook(paused)
    await createWebhook(witness)
    const heard = (receiver: Receiver, name: string) =>
      receiver.received.some(({ event }) => event.data.name === name)
    for (let round = 0; round < 20; round++) {
      await post(`/webhooks/${id}/pause`)
      await post('/contacts', { name: `round ${round}` })
      await expect.poll(() => heard(witness, `round ${round}`)).toBe(true)
      expect(heard(paused, `round ${round}`)).toBe(false)
      await post(`/webhooks/${id}/resume`)
      await expect.poll(() => heard(paused, `round ${round}`)).toBe(true)
    }
  })

  test('pause a webhook, and what came meanwhile follows in order when they resume it', async () => {
    const receiver = await receive()
    const { id } = await createWebhook(receiver)
    await expect.poll(() => receiver.received.length).toBe(1)
    expect((await post(`/webhooks/${id}/pause`)).body.data.status).toBe('paused')
    const conversation = await startConversation()
    for (let number = 0; number < 3; number++) await say(conversation, `kept ${number}`)
    const events = await get('/events?limit=1')
    const explained = await get(`/events/${events[0].id}/explain?webhook_id=${id}`)
    expect(explained).toMatchObject({ verdict: 'waiting', explanation: expect.stringContaining('paused') })
    expect(receiver.received).toHaveLength(1)
    await post(`/webhooks/${id}/resume`)
    await expect.poll(() => receiver.received.length).toBe(6)
    const contents = receiver.received.map((one) => one.event.data.content).filter(Boolean)
    expect(contents).toEqual(['kept 0', 'kept 1', 'kept 2'])
  })

  test('rotate a secret: until the overlap ends either of the two verifies', async () => {
    const receiver = await receive()
    const made = await createWebhook(receiver)
    await expect.poll(() => receiver.received.length).toBe(1)
    const { body } = await post(`/webhooks/${made.id}/rotate_secret`, { overlap_seconds: 60 })
    expect(body.data.signing_secret).not.toBe(made.signing_secret)
    await post(`/webhooks/${made.id}/test`)
    await expect.poll(() => receiver.received.length).toBe(2)
    const second = receiver.received[1]
    const headers = second?.headers as Record<string, string>
    for (const secret of [made.signing_secret, body.data.signing_secret])
      expect(() => new Webhook(secret).verify(second?.body ?? '', headers)).not.toThrow()
    const { body: ended } = await post(`/webhooks/${made.id}/rotate_secret`, { overlap_seconds: 0 })
    await post(`/webhooks/${made.id}/test`)
    await expect.poll(() => receiver.received.length).toBe(3)
    const third = receiver.received[2]
    const verify = (secret: string) => () =>
      new Webhook(secret).verify(third?.body ?? '', third?.headers as Record<string, string>)
    expect(verify(ended.data.signing_secret)).not.toThrow()
    expect(verify(body.data.signing_secret)).toThrow()
  })

  test('change a webhook, and what is sent from then on follows', async () => {
    const before = await receive()
    const after = await receive()
    const { id } = await createWebhook(before)
    await expect.poll(() => before.received.length).toBe(1)
    const changed = await server.request(`PATCH /v1/webhooks/${id}`, {
      key,
      body: { url: after.url, events: ['conversation.created'], description: 'new' },
    })
    expect(changed.body.data).toMatchObject({
      url: after.url,
      events: ['conversation.created'],
      description: 'new',
    })
    await startConversation()
    await expect.poll(() => after.received.map((one) => one.event.event)).toEqual(['conversation.created'])
    expect(before.received).toHaveLength(1)
  })

  test('read why an event was delivered, or wasn’t', async () => {
    const receiver = await receive()
    const old = await startConversation()
    const [{ id: oldEvent }] = await get(`/events?conversation_id=${old}`)
    const { id } = await createWebhook(receiver, { events: ['message.sent'] })
    const conversation = await startConversation()
    await say(conversation, 'told')
    const told = (await get(`/events?conversation_id=${conversation}&type=message.sent`))[0].id
    const unwanted = (
      await get(`/events?conversation_id=${conversation}&types=contact.created,conversation.created`)
    )[0].id
    const explain = async (event: string) => (await get(`/events/${event}/explain?webhook_id=${id}`)).verdict
    await expect.poll(() => explain(told)).toBe('delivered')
    expect(await explain(unwanted)).toBe('not_wanted')
    expect(await explain(oldEvent)).toBe('not_sent')
  })

  test('recover what a webhook missed, and see how far it is', async () => {
    const receiver = await receive()
    const since = new Date(Date.now() - 1000).toISOString()
    const conversation = await startConversation()
    for (let number = 0; number < 4; number++) await say(conversation, `missed ${number}`)
    const { id } = await createWebhook(receiver, { events: ['message.sent'] })
    await expect.poll(() => receiver.received.length).toBe(1)
    const begun = await post(`/webhooks/${id}/recover`, { since, status: 'missing' })
    expect(begun.status).toBe(202)
    await expect
      .poll(async () => get(`/recoveries/${begun.body.data.id}`), { timeout: 10_000 })
      .toMatchObject({ status: 'completed', queued: begun.body.data.total, succeeded: begun.body.data.total })
    const contents = receiver.received
      .map((one) => one.event.data.content)
      .filter((content) => content?.startsWith('missed'))
    expect(contents).toEqual(['missed 0', 'missed 1', 'missed 2', 'missed 3'])
  })
})

test('what is recovered while the webhook is paused and resumed is sent once, each event of it', async () => {
  const receiver = await receive()
  const since = new Date(Date.now() - 1000).toISOString()
  const conversations = await Promise.all([startConversation(), startConversation(), startConversation()])
  for (const [index, id] of conversations.entries())
    for (let number = 0; number < 4; number++) await say(id, `once ${index} ${number}`)
  for (let round = 0; round < 8; round++) {
    receiver.received.splice(0)
    const { id } = await createWebhook(receiver, { events: ['message.sent'] })
    const begun = await post(`/webhooks/${id}/recover`, { since, status: 'missing' })
    // The pause meets the replay at another moment in each round.
    await expect.poll(() => receiver.received.length, { interval: 1 }).toBeGreaterThan(round)
    await post(`/webhooks/${id}/pause`)
    await post(`/webhooks/${id}/resume`)
    await expect
      .poll(async () => get(`/recoveries/${begun.body.data.id}`), { timeout: 15_000 })
      .toMatchObject({ status: 'completed', succeeded: begun.body.data.total })
    expect(new Set(receiver.ids()).size, `round ${round}`).toBe(receiver.received.length)
    await server.request(`DELETE /v1/webhooks/${id}`, { key })
  }
}, 60_000)

test('what people do with one webhook is obeyed at once, however slowly the receivers of others end', async () => {
  const silent = await receive(() => ({ status: 200, afterMs: 30_000 }))
  const slow = await Promise.all([createWebhook(silent), createWebhook(silent), createWebhook(silent)])
  await expect.poll(() => silent.received.length).toBeGreaterThanOrEqual(3)
  for (let round = 0; round < 5; round++)
    for (const { id } of slow)
      await server.request(`PATCH /v1/webhooks/${id}`, { key, body: { description: `round ${round}` } })
  const beganMs = performance.now()
  const receiver = await receive()
  const { id } = await createWebhook(receiver, { events: ['conversation.created'] })
  await expect.poll(() => receiver.received.length).toBe(1)
  expect(performance.now() - beganMs).toBeLessThan(2_500)
  await post(`/webhooks/${id}/pause`)
  await startConversation()
  // What came meanwhile is kept, and comes when it is resumed: until then nothing did.
  const before = receiver.received.length
  await post(`/webhooks/${id}/resume`)
  await expect.poll(() => receiver.received.length).toBe(2)
  expect(before).toBe(1)
}, 60_000)

test('410 disables a webhook, with an event; resuming it sends what it missed', async () => {
  const receiver = await receive(() => ({ status: 410 }))
  const { id } = await createWebhook(receiver)
  await expect.poll(async () => (await get(`/webhooks/${id}`)).status).toBe('disabled')
  expect((await get(`/webhooks/${id}`)).disabled).toMatchObject({ reason: 'gone' })
  expect(await get('/events?type=webhook.disabled')).toMatchObject([
    { data: { webhook_id: id, reason: 'gone' } },
  ])
  expect((await post(`/webhooks/${id}/test`)).status).toBe(409)
  receiver.answer = () => ({ status: 200 })
  await post(`/webhooks/${id}/resume`)
  await expect.poll(() => receiver.received.map((one) => one.event.event)).toContain('webhook.disabled')
  expect((await get(`/webhooks/${id}`)).status).toBe('enabled')
})
