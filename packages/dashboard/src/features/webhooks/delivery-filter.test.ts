/** The address of a webhook's page says what is listed; what it can't mean is ignored. */
import { expect, test } from 'vitest'
import { filterOf, readWebhookSearch } from './delivery-filter.ts'

test('what an address says is kept, and what makes no sense is left out', () => {
  expect(readWebhookSearch({ status: 'failed', event: 'message.sent', delivery: 'dlv_1', x: '1' })).toEqual({
    status: 'failed',
    event: 'message.sent',
    delivery: 'dlv_1',
  })
  expect(
    readWebhookSearch({ status: 'lost', event: 7, conversation_id: 'x'.repeat(101), why: null }),
  ).toEqual({})
  expect(readWebhookSearch({ why: '' })).toEqual({ why: '' })
})

test('opening a delivery leaves the list as it is', () => {
  expect(filterOf(readWebhookSearch({ status: 'failed', delivery: 'dlv_1' }))).toEqual({ status: 'failed' })
})
