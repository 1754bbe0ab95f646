/** The SDK and a real server: what it is for works between the two, also when the server restarts. */
import {
  AgentClara,
  ConflictError,
  type Event,
  NotFoundError,
  PermissionError,
  ServerError,
  ValidationError,
  verifyWebhook,
  WebhookVerificationError,
} from '@agentclara/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReceiver } from '../packages/server/src/features/webhooks/testing/receiver.ts'
import { type Installation, startInstallation } from './support/installation.ts'

/** For what must become true, on a machine that has much else to do. */
const PATIENCE_MS = 60_000

let acme: Installation
let client: AgentClara

const connect = (apiKey = acme.key): AgentClara => new AgentClara({ apiKey, baseUrl: `${acme.url}/v1` })

/** What a promise is rejected with. */
const failureOf = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => 'no failure',
    (error: unknown) => error,
  )

beforeAll(async () => {
  acme = await startInstallation('enterprise')
  client = connect()
}, 180_000)
afterAll(() => acme.stop())

test('contacts are made, changed, found, walked and deleted', async () => {
  const made: string[] = []
  for (let index = 0; index < 5; index++)
    made.push((await client.contacts.create({ name: `Ada ${index}`, tags: ['sdk'] })).id)
  const page = await client.contacts.list({ tag: 'sdk', limit: 2 })
  expect([page.data.length, page.has_more]).toEqual([2, true])
  const walked: string[] = []
  for await (const { id } of client.contacts.list({ tag: 'sdk', limit: 2 })) walked.push(id)
  expect(walked).toEqual(made.toReversed())
  const [first = ''] = made
  await client.contacts.update(first, { name: 'Grace', custom_fields: { plan: 'gold' } })
  expect(await client.contacts.get(first)).toMatchObject({ name: 'Grace', custom_fields: { plan: 'gold' } })
  expect(await client.contacts.delete(first)).toEqual({ id: first, deleted: true })
  expect(await failureOf(client.contacts.get(first))).toBeInstanceOf(NotFoundError)
})

test('Clara’s reply is waited for, a conversation goes through its states, and a wrong step is a conflict', async () => {
  const { id, reply } = await client.conversations.create({
    channel: 'web',
    message: '[[say On Sundays, too.]]',
    sender: 'customer',
    reply: 'wait',
  })
  expect(reply).toMatchObject({ sender: 'assistant', content: 'On Sundays, too.' })
  const { data } = await client.conversations.messages.list(id, { order: 'asc' })
  expect(data.map(({ sender }) => sender)).toEqual(['customer', 'assistant'])
  expect(await client.conversations.handOff(id, { reason: 'asked for' })).toMatchObject({
    handled_by: 'human',
  })
  expect(await client.conversations.returnToClara(id)).toMatchObject({ handled_by: 'clara' })
  expect(await client.conversations.close(id)).toMatchObject({ status: 'closed' })
  expect(await failureOf(client.conversations.resolve(id))).toBeInstanceOf(ConflictError)
})

test('the same idempotency key has its effect once, and another body under it is refused', async () => {
  const idempotencyKey = 'sdk-once'
  const first = await client.contacts.create({ name: 'Once' }, { idempotencyKey })
  expect(await client.contacts.create({ name: 'Once' }, { idempotencyKey })).toEqual(first)
  expect(await failureOf(client.contacts.create({ name: 'Twice' }, { idempotencyKey }))).toMatchObject({
    name: 'ValidationError',
    code: 'idempotency_key_reused',
  })
})

test('refusals say what the server says', async () => {
  const { secret } = await client.apiKeys.create({ name: 'reader', permissions: ['contacts:read'] })
  const refused = await failureOf(connect(secret).contacts.create({ name: 'x' }))
  expect(refused).toBeInstanceOf(PermissionError)
  expect(refused).toMatchObject({
    code: 'insufficient_permissions',
    details: { required: 'contacts:write' },
    requestId: expect.stringMatching(/^req_/),
    docUrl: expect.stringContaining('insufficient_permissions'),
  })
  const wrong = await failureOf(client.contacts.create({ name: '' }))
  expect(wrong).toBeInstanceOf(ValidationError)
  expect(wrong).toMatchObject({ param: 'name' })
  const options = { headers: { 'agentclara-fault': '503' }, maxRetries: 0 }
  expect(await failureOf(client.contacts.list({}, options))).toBeInstanceOf(ServerError)
})

test('a key rotates and is revoked, with its receipt', async () => {
  const { id, secret } = await client.apiKeys.create({ name: 'rotated', permissions: ['contacts:read'] })
  const rotated = await client.apiKeys.rotate(id, { overlap_seconds: 60 })
  for (const each of [secret, rotated.secret]) expect(await connect(each).me.get()).toMatchObject({ id })
  await client.apiKeys.finishRotation(id)
  expect(await failureOf(connect(secret).me.get())).toMatchObject({ status: 401 })
  expect(await client.apiKeys.revoke(id)).toMatchObject({ id, status: 'revoked' })
  const audit = await client.apiKeys.auditOf(id)
  expect(audit.data.length).toBeGreaterThanOrEqual(4)
})

test('a webhook that the server delivered is believed, also while its secret rotates, and nothing else is', {
  timeout: 120_000,
}, async () => {
  const receiver = await startReceiver()
  try {
    const webhook = await client.webhooks.create({ url: receiver.url, events: ['contact.created'] })
    const rotated = await client.webhooks.rotateSecret(webhook.id, { overlap_seconds: 3600 })
    const { id } = await client.contacts.create({ name: 'Grüße 👋' })
    const find = () => receiver.received.find(({ event }) => event.data.contact_id === id)
    await expect.poll(find, { timeout: PATIENCE_MS }).toBeDefined()
    const { body = '', headers = {} } = find() ?? {}
    for (const secret of [webhook.signing_secret, rotated.signing_secret]) {
      const event = await client.webhooks.verify(body, headers, secret)
      expect(event).toMatchObject({ type: 'contact.created', data: { name: 'Grüße 👋' } })
      expect(await client.events.get(event.id)).toEqual(event)
    }
    await expect(verifyWebhook(body.replace('👋', '!'), headers, webhook.signing_secret)).rejects.toThrow(
      WebhookVerificationError,
    )
    // Outcomes are written in batches, soon after the receiver answered.
    const statuses = async () => {
      const { data } = await client.webhooks.listDeliveries(webhook.id, { event: 'contact.created' })
      return data.map(({ status }) => status)
    }
    await expect.poll(statuses, { timeout: PATIENCE_MS }).toEqual(['succeeded'])
    await client.webhooks.delete(webhook.id)
  } finally {
    await receiver.stop()
  }
})

test('events are streamed through a restart of the server: each once, in order', {
  timeout: 180_000,
}, async () => {
  const seen: Event[] = []
  const stop = new AbortController()
  const breaks: string[] = []
  let connections = 0
  const stream = client.events.stream({
    types: ['contact.created'],
    signal: stop.signal,
    onConnected: () => (connections += 1),
    onBroken: (reason) => breaks.push(reason),
  })
  const following = (async () => {
    for await (const event of stream) seen.push(event)
  })()
  const names = () => seen.map(({ data }) => data.name)
  await expect.poll(() => connections, { timeout: PATIENCE_MS }).toBe(1)
  await client.contacts.create({ name: 'before' })
  await expect.poll(names, { timeout: PATIENCE_MS }).toEqual(['before'])
  const { port } = new URL(acme.url)
  await acme.server.stop('SIGKILL')
  await expect.poll(() => breaks.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0)
  await acme.restart({ PORT: port })
  for (const name of ['first', 'second']) await client.contacts.create({ name })
  await expect.poll(names, { timeout: PATIENCE_MS }).toEqual(['before', 'first', 'second'])
  stop.abort()
  await following
})
