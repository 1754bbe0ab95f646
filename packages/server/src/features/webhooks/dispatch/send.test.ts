/** What is kept of an answer is bounded, less of a success than of a failure, and nothing when there is no room. */
import { createSecret } from '@agentclara/webhook-signature'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventRow } from '../../../events/log.ts'
import { systemClock } from '../../../lib/clock.ts'
import { newId } from '../../../lib/ids.ts'
import { EgressPolicy } from '../egress/policy.ts'
import { WebhookSender } from '../egress/sender.ts'
import { type Receiver, type Reply, startReceiver } from '../testing/receiver.ts'
import { sendTo } from './send.ts'

let receiver: Receiver
let sender: WebhookSender
beforeAll(async () => {
  receiver = await startReceiver()
  const policy = new EgressPolicy({ allow: ['127.0.0.0/8'], isDefaultLoopback: true, ports: [80, 443] })
  sender = new WebhookSender({ policy })
})
afterAll(async () => {
  await sender.close()
  await receiver.stop()
})

async function recordOf(reply: Reply, keepsAnswers = true) {
  receiver.answer = () => reply
  const endpoint = { id: newId('we'), url: receiver.url, headers: {}, secret: createSecret(), old: undefined }
  const options = { sender, clock: systemClock, toWire: () => ({ a: 1 }), keepsAnswers: () => keepsAnswers }
  const event = { id: newId('evt') } as EventRow // all that is read of it
  const context = { deliveryId: newId('dlv'), number: 1, signal: new AbortController().signal }
  return sendTo(endpoint, options)(event, context)
}

test.each([
  ['a success', 200, 1_024],
  ['a failure', 500, 16_384],
])('of the body of %s (%i) the first %i bytes are kept', async (_name, status, bytes) => {
  const whole = await recordOf({ status, body: 'x'.repeat(bytes) })
  expect(whole.record).toMatchObject({ response_body: 'x'.repeat(bytes), is_response_cut: false })
  const cut = await recordOf({ status, body: `${'x'.repeat(bytes - 1)}é` })
  expect(cut.record).toMatchObject({ response_body: 'x'.repeat(bytes - 1), is_response_cut: true })
})

test('of headers 4 KiB are kept in all, and what they ask for is heard all the same', async () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`x-${index}`, 'v'.repeat(1_000)]))
  const sent = await recordOf({ status: 503, headers: { ...many, 'retry-after': '7' } })
  const kept = Object.entries(sent.record.response_headers ?? {})
  expect(kept.flat().join('').length).toBe(4_096)
  expect(kept.slice(0, 4).map(([name]) => name)).toEqual(['x-0', 'x-1', 'x-2', 'x-3'])
  expect(sent.retryAfter).toBe('7')
})

test('without room nothing of an answer is kept but its status', async () => {
  const sent = await recordOf({ status: 500, body: 'why' }, false)
  expect(sent).toMatchObject({
    status: 500,
    record: { response_headers: null, response_body: null, is_response_cut: true },
  })
})
