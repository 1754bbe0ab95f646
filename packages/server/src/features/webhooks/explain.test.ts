/** The reasons that explain gives, one by one. */
import { expect, test } from 'vitest'
import type { DeliveryRow } from './dispatch/store.ts'
import { explain, type Facts } from './explain.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 12, 0, seconds))
const event: Facts['event'] = {
  sequence: 10,
  id: 'evt_1',
  environment_id: 'env_1',
  type: 'message.sent',
  conversation_id: 'conv_1',
  data: {},
  created_at: at(10),
}
const webhook: Facts['webhook'] = {
  id: 'we_1',
  environment_id: 'env_1',
  url: 'https://example.com/hook',
  description: null,
  notify_email: null,
  events: ['message.sent'],
  headers: null,
  max_per_second: null,
  signature: 'v1',
  secret: Buffer.alloc(0),
  old_secret: null,
  old_secret_ends_at: null,
  status: 'enabled',
  disabled_reason: null,
  disabled_at: null,
  created_at: at(0),
  updated_at: at(0),
  failing_since: null,
  last_success_at: null,
  last_failure_at: null,
}
const delivery: DeliveryRow = {
  environment_id: 'env_1',
  webhook_id: 'we_1',
  event_id: 'evt_1',
  sequence: 10,
  id: 'dlv_1',
  event_type: 'message.sent',
  lane: 'conv_1',
  status: 'succeeded',
  attempts: 1,
  round_attempts: 1,
  due_at: null,
  is_requested: false,
  recovery_id: null,
  last_status: 200,
  last_error: null,
  created_at: at(10),
  attempted_at: at(11),
}
const facts: Facts = {
  event,
  webhook,
  delivery: undefined,
  attempts: [],
  position: 9,
  ahead: 0,
  nowMs: at(20).getTime(),
}
const waiting = { ...delivery, status: 'pending', due_at: at(60) } as const

test.each<[string, Partial<Facts>, string, RegExp]>([
  ['delivered', { delivery }, 'delivered', /with the first attempt/],
  ['delivered late', { delivery: { ...delivery, attempts: 4 } }, 'delivered', /after 4 attempts/],
  [
    'given up',
    { delivery: { ...delivery, status: 'failed', last_status: 500 } },
    'failed',
    /answered 500\. POST .*redeliver/,
  ],
  [
    'given up without an answer',
    { delivery: { ...delivery, status: 'failed', last_status: null, last_error: 'refused.' } },
    'failed',
    /refused\. POST/,
  ],
  ['to be tried again', { delivery: waiting }, 'waiting', /next attempt is due at 2026-11-24T12:01:00/],
  [
    'behind another one',
    { delivery: { ...waiting, attempts: 0 } },
    'waiting',
    /an earlier event of the same conversation/,
  ],
  [
    'of a paused webhook',
    { delivery: waiting, webhook: { ...webhook, status: 'paused' } },
    'waiting',
    /the webhook is paused/,
  ],
  ['next in line', {}, 'waiting', /It is next: it is sent in its turn/],
  ['in line', { ahead: 3 }, 'waiting', /3 events are before it/],
  [
    'in line for a receiver that is down',
    { ahead: 1, webhook: { ...webhook, failing_since: at(5) } },
    'waiting',
    /1 event is before it: nothing has got through since/,
  ],
  [
    'in line for a disabled one',
    { webhook: { ...webhook, status: 'disabled', disabled_at: at(5), disabled_reason: 'gone' } },
    'waiting',
    /disabled since .*once an hour/,
  ],
  [
    'not wanted',
    { webhook: { ...webhook, events: ['contact.created'] } },
    'not_wanted',
    /told of contact\.created, not of message\.sent/,
  ],
  [
    'a test of another webhook',
    { event: { ...event, type: 'webhook.test', data: { webhook_id: 'we_2' } } },
    'not_wanted',
    /tested alone/,
  ],
  [
    'older than the webhook',
    { webhook: { ...webhook, created_at: at(15) } },
    'not_sent',
    /after the event.*missing/,
  ],
  ['passed by', { position: 10 }, 'not_sent', /passed by/],
])('%s', (_name, change, verdict, sentence) => {
  const found = explain({ ...facts, ...change })
  expect(found.verdict).toBe(verdict)
  expect(found.sentence).toMatch(sentence)
  expect(found.steps[0]).toMatchObject({ step: 'event', ok: true })
})
