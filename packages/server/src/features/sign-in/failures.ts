/** What Better Auth says went wrong, as an error of ours. Pure. */
import { ApiError, type ErrorCode, type ErrorOptions } from '../../errors.ts'

type Failure = readonly [ErrorCode, ErrorOptions?]

const PASSWORD_LENGTH: Failure = [
  'validation_failed',
  { error: 'A password has 10 to 128 characters', hint: 'Choose another one.' },
]
const TAKEN: Failure = [
  'conflict',
  {
    error: 'There is an account with this e-mail address already',
    hint: 'Sign in with it, or reset its password if you no longer know it.',
  },
]
const NO_TWO_FACTOR: Failure = [
  'conflict',
  { error: 'Two-factor sign-in is off', hint: 'Turn it on first: POST /auth/two-factor/enable.' },
]

const FAILURES: Readonly<Record<string, Failure>> = {
  INVALID_EMAIL_OR_PASSWORD: ['wrong_credentials'],
  INVALID_EMAIL: ['validation_failed', { error: 'That is not an e-mail address', param: 'email' }],
  INVALID_PASSWORD: ['wrong_password'],
  PASSWORD_TOO_SHORT: PASSWORD_LENGTH,
  PASSWORD_TOO_LONG: PASSWORD_LENGTH,
  USER_ALREADY_EXISTS: TAKEN,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: TAKEN,
  INVALID_TOKEN: ['invalid_link'],
  TOKEN_EXPIRED: ['invalid_link'],
  USER_NOT_FOUND: ['invalid_link'],
  INVALID_CODE: ['wrong_code'],
  INVALID_BACKUP_CODE: [
    'wrong_code',
    { hint: 'Each recovery code works once. Try another one of your list.' },
  ],
  INVALID_TWO_FACTOR_COOKIE: ['sign_in_expired'],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: ['sign_in_expired'],
  ACCOUNT_TEMPORARILY_LOCKED: [
    'rate_limited',
    {
      hint: 'Too many wrong codes: this account takes none for 15 minutes.',
      details: { policy: 'sign_in' },
      headers: { 'retry-after': '900' },
    },
  ],
  TOTP_ALREADY_ENABLED: [
    'conflict',
    { error: 'Two-factor sign-in is on already', hint: 'Turn it off first.' },
  ],
  TOTP_NOT_ENABLED: NO_TWO_FACTOR,
  TWO_FACTOR_NOT_ENABLED: NO_TWO_FACTOR,
  BACKUP_CODES_NOT_ENABLED: NO_TWO_FACTOR,
  UNAUTHORIZED: ['unauthorized', { hint: 'Your session has ended: sign in again.' }],
  SESSION_EXPIRED: ['unauthorized', { hint: 'Your session has ended: sign in again.' }],
  CHALLENGE_NOT_FOUND: ['passkey_refused'],
  AUTHENTICATION_FAILED: ['passkey_refused'],
  FAILED_TO_VERIFY_REGISTRATION: ['passkey_refused'],
  YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: ['passkey_refused'],
  PREVIOUSLY_REGISTERED: [
    'conflict',
    { error: 'This device has a passkey for your account already', hint: 'Use it.' },
  ],
}

/** `undefined` for what is a fault of the server's own. */
export function failureOf(status: number, body: unknown): ApiError | undefined {
  const { code, message } = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown
    message?: unknown
  }
  // A passkey of nobody is refused like one that doesn't fit; of one's own that isn't there, it is a 404.
  if (code === 'PASSKEY_NOT_FOUND') return new ApiError(status === 404 ? 'not_found' : 'passkey_refused')
  const known = typeof code === 'string' ? FAILURES[code] : undefined
  if (known !== undefined) return new ApiError(...known)
  if (status >= 500) return undefined
  if (status === 401) return new ApiError('unauthorized', { hint: 'Sign in again.' })
  if (status === 404) return new ApiError('not_found')
  if (status === 429) return new ApiError('rate_limited', { headers: { 'retry-after': '60' } })
  return new ApiError('validation_failed', typeof message === 'string' ? { error: message } : {})
}
