import { ApiError } from '@agentclara/sdk'
import { describe, expect, test } from 'vitest'
import { authErrorOf, waitInWords } from './auth-error.ts'

const none = { retryAfter: null, requestId: null }

describe('a refused sign-in', () => {
  test('says what the server says, with its hint and request', () => {
    const body = {
      success: false,
      error: 'Sign-up needs an invitation',
      code: 'sign_up_closed',
      hint: 'Ask an owner for one.',
      param: 'invitation',
      request_id: 'req_1',
    }
    const error = authErrorOf(403, body, none)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      message: 'Sign-up needs an invitation.',
      status: 403,
      code: 'sign_up_closed',
      hint: 'Ask an owner for one.',
      param: 'invitation',
      requestId: 'req_1',
    })
  })

  test('says how long to wait when it was tried too often', () => {
    const body = { success: false, error: 'Too Many Requests', code: 'rate_limited', hint: 'Wait.' }
    const error = authErrorOf(429, body, { retryAfter: '42', requestId: 'req_2' })
    expect(error).toMatchObject({
      code: 'rate_limited',
      hint: 'Try again in 42 seconds.',
      requestId: 'req_2',
      retryAfterMs: 42_000,
    })
    expect(authErrorOf(429, {}, none).hint).toBe('Try again in a few minutes.')
  })

  test.each([undefined, null, 'text', '<html>', [], { error: 17 }, { error: '' }])(
    'stays a sentence whatever came back: %j',
    (body) => {
      expect(authErrorOf(502, body, none).message).toMatch(/^[A-Z].*\.$/)
    },
  )
})

test.each([
  [1, 'a second'],
  [61, '61 seconds'],
  [300, '5 minutes'],
  [3600, '60 minutes'],
  [86_400, '24 hours'],
])('%d seconds are told as %s', (seconds, words) => {
  expect(waitInWords(seconds)).toBe(words)
})
