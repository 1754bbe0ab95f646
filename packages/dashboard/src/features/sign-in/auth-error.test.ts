import { describe, expect, test } from 'vitest'
import { authErrorOf, waitInWords } from './auth-error.ts'

const none = { retryAfter: null, requestId: null }

describe('a refused sign-in', () => {
  test('says in our words what the sign-in library means by its code', () => {
    const error = authErrorOf(401, { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid' }, none)
    expect(error.message).toBe('The e-mail address or the password is not right.')
    expect(error.hint).toContain('reset your password')
    expect(error.status).toBe(401)
  })

  test('repeats what the server says in sentences itself, with its hint and request', () => {
    const body = {
      success: false,
      error: 'Sign-up needs an invitation',
      code: 'sign_up_closed',
      hint: 'Ask an owner for one.',
      request_id: 'req_1',
    }
    expect(authErrorOf(403, body, none)).toMatchObject({
      message: 'Sign-up needs an invitation.',
      code: 'sign_up_closed',
      hint: 'Ask an owner for one.',
      requestId: 'req_1',
    })
  })

  test('says how long to wait when it was tried too often', () => {
    const error = authErrorOf(429, { message: 'Too many requests' }, { retryAfter: '42', requestId: 'req_2' })
    expect(error).toMatchObject({
      code: 'rate_limited',
      hint: 'Try again in 42 seconds.',
      requestId: 'req_2',
    })
    expect(authErrorOf(429, {}, none).hint).toBe('Try again in a few minutes.')
  })

  test.each([undefined, null, 'text', '<html>', [], { error: 17 }])(
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
