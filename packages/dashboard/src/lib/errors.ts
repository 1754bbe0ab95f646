/** Any failure as a sentence for people, with its remedy and the id of the request. */
import { ApiError, ConnectionError, TimeoutError } from '@agentclara/sdk'

export interface Described {
  sentence: string
  hint: string | null
  requestId: string | null
}

export function describeError(error: unknown): Described {
  if (error instanceof ApiError && error.param === 'AgentClara-Workspace')
    return {
      sentence: 'You are no longer a member of this workspace.',
      hint: 'An owner or admin of it can invite you again. Load the page to go to your other workspaces.',
      requestId: error.requestId ?? null,
    }
  if (error instanceof ApiError)
    return { sentence: error.message, hint: error.hint ?? null, requestId: error.requestId ?? null }
  if (error instanceof TimeoutError)
    return {
      sentence: 'The server took too long to answer.',
      hint: 'It may be busy. Try again in a moment.',
      requestId: null,
    }
  if (error instanceof ConnectionError)
    return {
      sentence: 'The server can’t be reached.',
      hint: 'Check your connection. The page goes on as soon as it is back.',
      requestId: null,
    }
  // Errors of sign-in are our own, and say as much as those of the API.
  if (error instanceof Error)
    return { sentence: error.message, hint: textOf(error, 'hint'), requestId: textOf(error, 'requestId') }
  return { sentence: 'Something went wrong.', hint: 'Load the page again.', requestId: null }
}

function textOf(error: object, field: string): string | null {
  const value: unknown = Reflect.get(error, field)
  return typeof value === 'string' ? value : null
}

/** The code of an error of the API, such as `proof_required`. */
export function errorCode(error: unknown): string | null {
  return error instanceof ApiError ? error.code : null
}

/** The field that an error is about, if it is about one: for `Field`'s error. */
export function errorAt(error: unknown, param: string): string | undefined {
  return error instanceof ApiError && error.param === param ? error.message : undefined
}

/** The server knows no session: whoever it was has to sign in again. */
export function isSignedOut(error: unknown): boolean {
  // A wrong code or passkey is a 401 as well, of somebody who stays signed in.
  return errorCode(error) === 'unauthorized'
}
