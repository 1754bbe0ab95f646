/** What goes wrong while signing in, in sentences that say what to do next. */

export interface AuthErrorFields {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
  readonly requestId?: string | undefined
}

/** A refusal of one of the sign-in endpoints; `message` and `hint` are for people, `code` is for programs. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly requestId: string | undefined

  constructor({ status, code, message, hint, requestId }: AuthErrorFields) {
    super(message)
    this.status = status
    this.code = code
    this.hint = hint
    this.requestId = requestId
  }
}

interface Sentence {
  readonly message: string
  readonly hint?: string
}

const PASSWORD_LENGTH: Sentence = { message: 'A password has 10 to 128 characters.' }
const TAKEN: Sentence = {
  message: 'There is an account with this e-mail address already.',
  hint: 'Sign in with it, or reset its password if you no longer know it.',
}
const WRONG_CODE: Sentence = {
  message: 'That code is not right.',
  hint: 'Codes change every 30 seconds, and each works once: enter the one that your app shows now.',
}
const STALE_LINK: Sentence = {
  message: 'This link has been used or is too old.',
  hint: 'Ask for a new one: links work once, for an hour.',
}
const START_AGAIN: Sentence = {
  message: 'Signing in took too long.',
  hint: 'Start again with your e-mail address and password.',
}
const PASSKEY_AGAIN: Sentence = {
  message: 'The passkey was not accepted.',
  hint: 'Try it once more, or sign in with your password.',
}

const SENTENCES: Record<string, Sentence> = {
  INVALID_EMAIL_OR_PASSWORD: {
    message: 'The e-mail address or the password is not right.',
    hint: 'Check both, or reset your password.',
  },
  INVALID_PASSWORD: { message: 'That is not your password.' },
  INVALID_EMAIL: { message: 'That is not an e-mail address.' },
  PASSWORD_TOO_SHORT: PASSWORD_LENGTH,
  PASSWORD_TOO_LONG: PASSWORD_LENGTH,
  USER_ALREADY_EXISTS: TAKEN,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: TAKEN,
  INVALID_TOKEN: STALE_LINK,
  TOKEN_EXPIRED: STALE_LINK,
  INVALID_CODE: WRONG_CODE,
  OTP_HAS_EXPIRED: WRONG_CODE,
  INVALID_BACKUP_CODE: {
    message: 'That recovery code is not right, or it was used before.',
    hint: 'Each recovery code works once. Try another one of your list.',
  },
  INVALID_TWO_FACTOR_COOKIE: START_AGAIN,
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: START_AGAIN,
  ACCOUNT_TEMPORARILY_LOCKED: {
    message: 'Too many wrong codes: this account takes none for a while.',
    hint: 'Wait some minutes, then sign in again.',
  },
  TOTP_ALREADY_ENABLED: { message: 'Two-factor sign-in is on already.' },
  SESSION_NOT_FRESH: {
    message: 'You signed in too long ago to change this.',
    hint: 'Sign out and in again, then come back.',
  },
  SESSION_EXPIRED: { message: 'Your session has ended.', hint: 'Sign in again.' },
  UNAUTHORIZED: { message: 'Your session has ended.', hint: 'Sign in again.' },
  CHALLENGE_NOT_FOUND: PASSKEY_AGAIN,
  AUTHENTICATION_FAILED: PASSKEY_AGAIN,
  FAILED_TO_VERIFY_REGISTRATION: {
    message: 'The passkey could not be added.',
    hint: 'Try once more, or use another device or browser.',
  },
  PASSKEY_NOT_FOUND: {
    message: 'That passkey belongs to no account here.',
    hint: 'Sign in with your password; you can add the passkey in your security settings.',
  },
  PREVIOUSLY_REGISTERED: { message: 'This device has a passkey for your account already.' },
}

const UNREADABLE: Sentence = {
  message: 'The server answered with something unexpected.',
  hint: 'Try again. If it happens again, its log says why.',
}

/** The server's own envelope speaks in sentences already; the codes of the sign-in library are put into ours. */
export function authErrorOf(
  status: number,
  body: unknown,
  headers: { retryAfter: string | null; requestId: string | null },
): AuthError {
  const fields = isRecord(body) ? body : {}
  const requestId = text(fields.request_id) ?? headers.requestId ?? undefined
  const code = text(fields.code) ?? (status === 429 ? 'rate_limited' : 'unexpected_answer')
  if (status === 429) return new AuthError({ status, code, requestId, ...tooMany(headers.retryAfter) })
  const known = SENTENCES[code]
  if (known !== undefined) return new AuthError({ status, code, requestId, ...known })
  const message = text(fields.error) ?? text(fields.message)
  if (message === undefined) return new AuthError({ status, code, requestId, ...UNREADABLE })
  return new AuthError({ status, code, requestId, message: sentence(message), hint: text(fields.hint) })
}

/** No answer came at all. */
export function unreachable(): AuthError {
  return new AuthError({
    status: 0,
    code: 'unreachable',
    message: 'The server did not answer.',
    hint: 'Check your connection, then try again.',
  })
}

function tooMany(retryAfter: string | null): Sentence {
  const seconds = Number(retryAfter ?? Number.NaN)
  const wait = Number.isFinite(seconds) && seconds > 0 ? `in ${waitInWords(seconds)}` : 'in a few minutes'
  return { message: 'That was tried too often.', hint: `Try again ${wait}.` }
}

export function waitInWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${Math.ceil(seconds)} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
