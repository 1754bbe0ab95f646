/** What became of a request: an answer's data or the error that it is, or why there was none. */
import { type ApiError, apiError, unexpectedAnswer } from './errors.ts'
import { retryAfterMs } from './retry.ts'

/** What every success has (the API's envelope); `pagination` is there on lists. */
export interface Success {
  data: unknown
  pagination?: unknown
}

/** Throws ApiError for what is no success. `text` is its whole body. */
export function readAnswer(response: Response, text: string): Success {
  const body = parsed(text)
  if (!response.ok) throw responseError(response, body)
  if (typeof body !== 'object' || body === null || !('data' in body)) throw unexpectedAnswer(response.status)
  return body
}

/** The error of an answer that is no success; `body` is what was parsed of it. */
export function responseError({ status, headers }: Response, body: unknown): ApiError {
  return apiError(status, body, {
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()),
  })
}

/** Undefined for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** fetch says "fetch failed" and puts what happened into the cause. */
export function connectionProblem(error: unknown): { code: string | undefined; reason: string } {
  const cause = error instanceof Error ? error.cause : undefined
  const code = codeOf(cause) ?? codeOf(error)
  return { code, reason: code ?? (error instanceof Error ? error.message : String(error)) }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
