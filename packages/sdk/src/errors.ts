/**
 * What the SDK throws. Every failure is an `AgentClaraError`: an `ApiError` when the server refused, with what it said;
 * a `ConnectionError` when there was no answer; a `WebhookVerificationError` when a webhook isn't to be believed.
 */

/** What all errors of the SDK have in common. */
export class AgentClaraError extends Error {
  override name = 'AgentClaraError'
}

/** The server's answer, as far as it could be read. */
export interface Refusal {
  status: number
  code: string
  hint: string | undefined
  param: string | undefined
  details: Readonly<Record<string, unknown>> | undefined
  requestId: string | undefined
  docUrl: string | undefined
  retryAfterMs: number | undefined
}

/** The server answered, and refused. `message` is its sentence, `hint` the fix. */
export class ApiError extends AgentClaraError implements Refusal {
  override name = 'ApiError'
  /** Of HTTP. */
  readonly status: number
  /** For programs; `docUrl` explains each. `unexpected_answer`: it isn't an answer of AgentClara's. */
  readonly code: string
  readonly hint: string | undefined
  /** The field, query parameter or header that is wrong. */
  readonly param: string | undefined
  /** What belongs to the code: `issues` of `validation_failed`, `required` of `insufficient_permissions`, … */
  readonly details: Readonly<Record<string, unknown>> | undefined
  /** Finds the request in the server's logs. */
  readonly requestId: string | undefined
  readonly docUrl: string | undefined
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, refusal: Refusal) {
    super(message)
    this.status = refusal.status
    this.code = refusal.code
    this.hint = refusal.hint
    this.param = refusal.param
    this.details = refusal.details
    this.requestId = refusal.requestId
    this.docUrl = refusal.docUrl
    this.retryAfterMs = refusal.retryAfterMs
  }
}

/** 400, 413, 415 and 422: what was sent is wrong; `param` names the field, `details.issues` lists all. */
export class ValidationError extends ApiError {
  override name = 'ValidationError'
}

/** 401: no key, or one that isn't valid; `details.reason` says what is wrong with it. */
export class AuthenticationError extends ApiError {
  override name = 'AuthenticationError'
}

/** 403: not with this key, from this address, or without a fresh proof of who you are (`proof_required`). */
export class PermissionError extends ApiError {
  override name = 'PermissionError'
}

/** 404: there is none, or not in this environment. */
export class NotFoundError extends ApiError {
  override name = 'NotFoundError'
}

/** 409: not in the state that things are in; `details` carries what to go on with. */
export class ConflictError extends ApiError {
  override name = 'ConflictError'
}

/** 429: more requests than the limit allows; `retryAfterMs` says when there is room. */
export class RateLimitError extends ApiError {
  override name = 'RateLimitError'
}

/** 5xx: the server couldn't. */
export class ServerError extends ApiError {
  override name = 'ServerError'
}

/** No answer, or only part of one. A write may have had its effect; trying again with the same idempotency key is safe. */
export class ConnectionError extends AgentClaraError {
  override name = 'ConnectionError'
  /** What the system called it, such as `ECONNREFUSED`; undefined in browsers, which don't tell. */
  readonly code: string | undefined

  constructor(message: string, { code, cause }: { code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause })
    this.code = code
  }
}

/** No answer in time. */
export class TimeoutError extends ConnectionError {
  override name = 'TimeoutError'
}

/** Why a webhook isn't to be believed. */
export type WebhookRefusal =
  | 'missing_header'
  | 'invalid_id'
  | 'invalid_timestamp'
  /** Signed longer ago than the tolerance: most likely sent again by somebody who recorded it. */
  | 'too_old'
  | 'too_new'
  /** No signature of a kind that the secrets are for. */
  | 'no_signature'
  /** Another secret, or a body that isn't what arrived byte for byte. */
  | 'wrong_signature'
  /** Signed, and yet no JSON object. */
  | 'invalid_payload'

/** The webhook isn't AgentClara's, or too old. Answer it with 400 and do nothing else. */
export class WebhookVerificationError extends AgentClaraError {
  override name = 'WebhookVerificationError'
  readonly reason: WebhookRefusal

  constructor(reason: WebhookRefusal, message: string) {
    super(message)
    this.reason = reason
  }
}

const CLASS_OF_STATUS: Readonly<Record<number, typeof ApiError>> = {
  400: ValidationError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  413: ValidationError,
  415: ValidationError,
  422: ValidationError,
  429: RateLimitError,
}

/** The error of an answer with this status. `body` is whatever JSON came with it, or undefined. */
export function apiError(
  status: number,
  body: unknown,
  { requestId, retryAfterMs }: Pick<Refusal, 'requestId' | 'retryAfterMs'>,
): ApiError {
  const answer = asRecord(body) ?? {}
  const Class = CLASS_OF_STATUS[status] ?? (status >= 500 ? ServerError : ApiError)
  if (typeof answer.error !== 'string' || typeof answer.code !== 'string')
    return unexpectedAnswer(status, { Class, requestId, retryAfterMs })
  return new Class(answer.error, {
    status,
    code: answer.code,
    hint: textOf(answer.hint),
    param: textOf(answer.param),
    details: asRecord(answer.details),
    requestId: textOf(answer.request_id) ?? requestId,
    docUrl: textOf(answer.doc_url),
    retryAfterMs,
  })
}

interface Unexpected {
  Class?: typeof ApiError
  requestId?: string | undefined
  retryAfterMs?: number | undefined
}

/** Of an answer that AgentClara doesn't give: a proxy's page, a redirect, another server. */
export function unexpectedAnswer(status: number, { Class = ApiError, ...told }: Unexpected = {}): ApiError {
  const isRedirect = status === 0 || (status >= 300 && status < 400)
  return new Class(`The server answered ${status || 'with a redirect'}, not as AgentClara does.`, {
    status,
    code: 'unexpected_answer',
    hint: isRedirect
      ? 'Redirects are not followed with a key: set `baseUrl` to where it leads.'
      : 'Is `baseUrl` that of an AgentClara server, with /v1 at its end?',
    param: undefined,
    details: undefined,
    requestId: told.requestId,
    docUrl: undefined,
    retryAfterMs: told.retryAfterMs,
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // Objects have names for keys and anything for values.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
