/** Refusals of the sign-in endpoints as the SDK's errors, so that every page and `withProof` treats them alike. */
import { ApiError } from '@agentclara/sdk'

interface AnswerHeaders {
  readonly retryAfter: string | null
  readonly requestId: string | null
}

/** `body` is the server's envelope, or whatever a proxy in front of it said instead. */
export function authErrorOf(status: number, body: unknown, headers: AnswerHeaders): ApiError {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {}
  const retryAfterSeconds = secondsOf(headers.retryAfter)
  const isTooOften = status === 429
  return new ApiError(isTooOften ? 'That was tried too often.' : sentence(textOf(fields.error)), {
    status,
    code: textOf(fields.code) ?? (isTooOften ? 'rate_limited' : 'unexpected_answer'),
    hint: isTooOften ? waitHint(retryAfterSeconds) : textOf(fields.hint),
    param: textOf(fields.param),
    details: undefined,
    requestId: textOf(fields.request_id) ?? headers.requestId ?? undefined,
    docUrl: textOf(fields.doc_url),
    retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000,
  })
}

function waitHint(seconds: number | undefined): string {
  return `Try again in ${seconds === undefined ? 'a few minutes' : waitInWords(seconds)}.`
}

export function waitInWords(seconds: number): string {
  if (seconds < 90) return seconds <= 1 ? 'a second' : `${Math.ceil(seconds)} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`
}

function sentence(message: string | undefined): string {
  if (message === undefined) return 'The server answered with something unexpected.'
  return /[.!?]$/.test(message) ? message : `${message}.`
}

function secondsOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
