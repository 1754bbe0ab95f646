/**
 * The closed table of errors: code, status, sentence, hint, and what the documentation says about each. Everything
 * that a client sees as a failure is one of these; docs/errors/ is generated from here.
 */

export interface ErrorEntry {
  readonly status: number
  /** The sentence in `error`, for people. */
  readonly error: string
  /** The fix in `hint`, unless the place that throws knows a better one. */
  readonly hint: string
  /** For the documentation: when this happens. */
  readonly when: string
  /** For the documentation: what to do, step by step. */
  readonly fix: readonly string[]
}

const table = {
  validation_failed: {
    status: 400,
    error: 'The request is not valid',
    hint: 'Correct the field that `param` names; `details.issues` lists all of them.',
    when: 'A field, query parameter or path parameter has a value that the call does not take.',
    fix: [
      'Read `param`: it names the first field that is wrong.',
      'Read `details.issues`: every wrong field, with the reason.',
      'Nothing was changed: send the corrected request again.',
    ],
  },
  unknown_field: {
    status: 400,
    error: 'The request has a field that this call does not know',
    hint: 'Remove the field or correct its spelling.',
    when: 'The body or the query has a field that this call does not take. Unknown fields are refused so that a misspelt one is never silently lost.',
    fix: [
      'Compare the spelling with [/openapi.json](/openapi.json).',
      'Remove the field that `param` names.',
    ],
  },
  malformed_json: {
    status: 400,
    error: 'The body is not valid JSON',
    hint: 'Send one JSON value in UTF-8.',
    when: 'The body could not be read as JSON in UTF-8.',
    fix: [
      'Let your language’s JSON library write the body rather than putting strings together.',
      'Send UTF-8.',
    ],
  },
  invalid_cursor: {
    status: 400,
    error: 'The cursor is not valid for this list',
    hint: 'Use `next_cursor` from the previous page with the same filters and sort order, or start without a cursor.',
    when: 'The `cursor` was not given out by this list, or the filters or the sort order changed since.',
    fix: [
      'Pass `pagination.next_cursor` on unchanged.',
      'Keep filters and sort order the same from page to page.',
    ],
  },
  unauthorized: {
    status: 401,
    error: 'Unauthorized',
    hint: 'Send your API key in the header "Authorization: Bearer sk_test_…".',
    when: 'The request has no `Authorization` header, or one with another scheme than `Bearer`; or it is a list of leaked secrets without a valid signature of GitHub, and `param` names the header that is wrong.',
    fix: [
      'Add the header `Authorization: Bearer YOUR_API_KEY`.',
      'Check that a proxy in between does not remove it.',
    ],
  },
  invalid_api_key: {
    status: 401,
    error: 'Invalid API key',
    hint: 'Copy the whole key again; `details.reason` says what is wrong with this one.',
    when: 'The secret is not one that this server knows. `details.reason` tells why: `truncated` (characters are missing), `whitespace` (a space or line break in it), `wrong_prefix` (it does not begin with sk_test_ or sk_live_), `checksum_mismatch` (a character is wrong), `unknown` (well-formed, but no such key here).',
    fix: [
      'Copy the full key again, without spaces.',
      'For `unknown`: check that the base URL is the server that made the key, and that the admin command ran on that server’s data folder.',
      'If the key is lost, revoke it and create a new one: a secret is shown only once.',
    ],
  },
  api_key_revoked: {
    status: 401,
    error: 'Invalid API key',
    hint: 'This key was revoked. Create a new one.',
    when: 'The secret is right, but its key was revoked.',
    fix: ['Create a new key and replace this one wherever it is used.'],
  },
  api_key_expired: {
    status: 401,
    error: 'Invalid API key',
    hint: 'This key has expired. Create a new one.',
    when: 'The secret is right, but it is over: its key has passed its `expires_at`, or the key was rotated and the overlap has ended, and `details.reason` is `rotated`.',
    fix: [
      'After a rotation: use the new secret, which the answer to `POST /v1/api_keys/{id}/rotate` carried.',
      'Otherwise create a new key, or set a later `expires_at` with another key: `PATCH /v1/api_keys/{id}`.',
    ],
  },
  invalid_client_token: {
    status: 401,
    error: 'Invalid client token',
    hint: 'Ask your server for a new token.',
    when: 'The client token is damaged, was made by another server, or the key that made it is revoked, expired or in quarantine.',
    fix: ['Make a new token on your server: `POST /v1/client_tokens`.'],
  },
  client_token_expired: {
    status: 401,
    error: 'The client token has expired',
    hint: 'Ask your server for a new token: they live for 15 minutes.',
    when: 'The client token is more than 15 minutes old.',
    fix: ['Make a new token on your server before the old one ends: `expires_at` says when.'],
  },
  wrong_credentials: {
    status: 401,
    error: 'The e-mail address or the password is not right',
    hint: 'Check both, or reset your password.',
    when: 'Nobody has an account with this e-mail address and password. Which of the two is wrong isn’t told.',
    fix: ['Check both.', 'Reset the password if you no longer know it.'],
  },
  wrong_code: {
    status: 401,
    error: 'That code is not right, or it was used before',
    hint: 'Codes change every 30 seconds, and each works once: enter the one that your app shows now.',
    when: 'The code of the second factor, or the recovery code, is none of this account, or was used before.',
    fix: [
      'Wait for the next code of your app; check that the clock of its device is right.',
      'Use a recovery code if the app is lost: each works once.',
      'If both are lost, whoever runs the installation can take the second factor away: `npm run -s admin -- users remove-two-factor --email EMAIL`.',
    ],
  },
  sign_in_expired: {
    status: 401,
    error: 'Signing in took too long',
    hint: 'Start again with your e-mail address and password.',
    when: 'The code of the second factor came too late, or after too many wrong ones.',
    fix: ['Sign in again.'],
  },
  wrong_password: {
    status: 403,
    error: 'That is not your password',
    hint: 'Try again, or reset it if you no longer know it.',
    when: 'A signed-in person changes something that asks for the password, and it isn’t the right one.',
    fix: ['Try again.', 'Sign out and reset the password if you no longer know it.'],
  },
  passkey_refused: {
    status: 400,
    error: 'The passkey was not accepted',
    hint: 'Try it once more, or use your password.',
    when: 'A passkey is of no account here, or its answer doesn’t fit what was asked.',
    fix: ['Try it once more.', 'Use the password; passkeys are added under Settings, Security.'],
  },
  invalid_link: {
    status: 400,
    error: 'This link has been used or is too old',
    hint: 'Ask for a new one: links work once, for an hour.',
    when: 'The token of a link that resets a password was used before, is over, or never was one.',
    fix: ['Ask for a new link.'],
  },
  sign_up_closed: {
    status: 403,
    error: 'Sign-up needs an invitation',
    hint: 'Ask an owner or admin of a workspace to invite you.',
    when: 'Accounts are made by invitation here (`AGENTCLARA_SIGN_UP`), and this request has none that is open for its e-mail address.',
    fix: [
      'Open the link of your invitation, and sign up with the e-mail address that it was made for.',
      'Whoever runs the installation chooses who may sign up: `AGENTCLARA_SIGN_UP=open|invited|closed`.',
    ],
  },
  origin_not_allowed: {
    status: 403,
    error: 'This page may not do that',
    hint: 'Open the dashboard at the address that the server is configured for.',
    when: 'A write with a session, or a sign-in, comes from a page of another origin than the server’s own, or doesn’t say where it comes from.',
    fix: [
      'Open the dashboard at the server’s own address.',
      'If that is the address that you use, set `AGENTCLARA_PUBLIC_URL` to it.',
      'Programs use an API key, not a session.',
    ],
  },
  proof_required: {
    status: 403,
    error: 'Confirm that it’s you',
    hint: 'Send your password to POST /v1/me/proof, then try again.',
    when: 'What touches secrets or people asks a signed-in person for the password, or a passkey, when the last time is longer than 15 minutes ago.',
    fix: ['`POST /v1/me/proof` with your password or a passkey, then send the request again.'],
  },
  insufficient_permissions: {
    status: 403,
    error: 'This API key does not have the permission that this call needs',
    hint: 'Give the key the permission in `details.required`, or use another key.',
    when: 'The key is valid, but its permissions do not cover this call.',
    fix: [
      '`details.required` names the missing permission: add it to the key, or use a key that has it. `GET /v1/permissions` says which call needs which.',
      'When a key makes or changes another: it can only hand out what it has, and `details` says how much that is.',
      'With a client token, `param` names what only an API key may send.',
    ],
  },
  ip_not_allowed: {
    status: 403,
    error: 'This API key may not be used from this address',
    hint: 'Add the address to the key’s `ip_allowlist`, or call from one that is on it.',
    when: 'The key has an `ip_allowlist`, and the request came from an address that is not on it.',
    fix: [
      '`details.address` is the address that the server saw.',
      'Behind a proxy that is the proxy’s own address, unless `TRUSTED_PROXIES` names the proxy.',
      'Add the address, or its network, to the key’s `ip_allowlist`.',
    ],
  },
  secret_key_in_browser: {
    status: 403,
    error: 'A secret key was sent from a web page',
    hint: 'Revoke this key: whoever opens the page can read it. Call from your server, or give the page a client token (POST /v1/client_tokens).',
    when: 'The request came from a page in a browser (its `Origin` or `Sec-Fetch-Site` header says so) and carried a secret key. The key’s owner is told.',
    fix: [
      'Rotate or revoke the key: it is public.',
      'Call the API from your server.',
      'For a page, make a client token on your server: `POST /v1/client_tokens`. It lives for 15 minutes and sees one contact or one conversation.',
    ],
  },
  api_key_quarantined: {
    status: 403,
    error: 'This API key is in quarantine',
    hint: 'Rotate the key and release it, or use another key.',
    when: 'The key was quarantined, by its owner or because somebody reported its secret as leaked: it may only read, and only from addresses that it was used from in the 30 days before.',
    fix: [
      '`details.reason` is `read_only` (the call would change something) or `address` (the key was not used from `details.address` before).',
      'Rotate the key (`POST /v1/api_keys/{id}/rotate` with `overlap_seconds` 0), then release it (`POST /v1/api_keys/{id}/release`).',
    ],
  },
  not_found: {
    status: 404,
    error: 'Not found',
    hint: 'Check the id and the path.',
    when: 'There is nothing at this path, or nothing with this id in the environment of the key. What belongs to another workspace looks the same as what does not exist.',
    fix: [
      'Check the path against [/openapi.json](/openapi.json); paths of the API begin with /v1.',
      'Check whether the id belongs to the other environment (test or live).',
    ],
  },
  method_not_allowed: {
    status: 405,
    error: 'This path does not take this method',
    hint: 'Use one of the methods in the Allow header.',
    when: 'The path exists, but not with this HTTP method.',
    fix: ['The `Allow` header lists the methods that this path takes.'],
  },
  conflict: {
    status: 409,
    error: 'The request conflicts with what is there already',
    hint: '`details` carries the id to go on with, or the state that stands in the way.',
    when: 'What the request would make exists already, or the state it starts from does not allow it.',
    fix: ['Read `details`: it carries the id or the state to go on with.'],
  },
  idempotency_in_progress: {
    status: 409,
    error: 'The same request is still being worked on',
    hint: 'Try again after the time in the Retry-After header, with the same Idempotency-Key.',
    when: 'A request with this `Idempotency-Key` was made before, and has not been answered yet.',
    fix: [
      'Wait for as long as the `Retry-After` header says, then send the same request again: it is given the answer of the first.',
    ],
  },
  idempotency_key_reused: {
    status: 422,
    error: 'This Idempotency-Key came with another request',
    hint: 'Use a new Idempotency-Key for each thing that you do, and the same one only to try it again unchanged.',
    when: 'A request with this `Idempotency-Key` was made to this path within the last 24 hours, with another body, query or method.',
    fix: [
      'To try a request again, send it exactly as before.',
      'For another request, make a new key: a UUID is right.',
    ],
  },
  payload_too_large: {
    status: 413,
    error: 'The body is too large',
    hint: 'Send at most 1 MiB.',
    when: 'The body is larger than 1 MiB.',
    fix: ['Split the data into several requests.'],
  },
  unsupported_media_type: {
    status: 415,
    error: 'The content type is not supported',
    hint: 'Send JSON with the header "Content-Type: application/json".',
    when: 'The body is sent with another `Content-Type` than `application/json`.',
    fix: ['Add the header `Content-Type: application/json`.'],
  },
  rate_limited: {
    status: 429,
    error: 'Too Many Requests',
    hint: 'Try again after the time in the Retry-After header.',
    when: 'More requests were made than a policy allows; `details.policy` names it. The refused request did nothing and costs nothing.',
    fix: [
      'Wait for as long as the `Retry-After` header says (in seconds), then try again.',
      'Spread requests evenly: what a policy allows comes back bit by bit.',
    ],
  },
  internal_error: {
    status: 500,
    error: 'Something went wrong on the server',
    hint: 'Try again; if it stays, report the request id.',
    when: 'A defect of the server, or of something it depends on. The cause is in the server’s log under the request id.',
    fix: ['Try again with exponential backoff.', 'Look for the `request_id` in the server’s log.'],
  },
  unavailable: {
    status: 503,
    error: 'The server cannot answer right now',
    hint: 'Try again after the time in the Retry-After header.',
    when: 'The server is starting, stopping, has lost its database, or has more to do, or more connections, than it can take; or the knowledge of this environment takes too long to search, or GitHub’s public keys can’t be read, and the hint says so.',
    fix: ['Wait for as long as the `Retry-After` header says, then try again.'],
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof table
export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = table
// The table's own keys: Object.keys() types them as plain strings.
export const errorCodes = Object.keys(table) as ErrorCode[]

export interface ErrorOptions {
  /** Replaces the table's sentence where the place that throws can say more. */
  error?: string
  hint?: string
  /** The field, query parameter or header that is wrong. */
  param?: string
  details?: Record<string, unknown>
  headers?: Record<string, string>
}

/** A failure that the client is told about. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly options: ErrorOptions

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    super(options.error ?? errorTable[code].error)
    this.code = code
    this.options = options
  }
}

export interface ValidationIssue {
  param: string
  code: string
  message: string
}

/** A rule that a schema can't state was broken by one field. `message` goes on from the field's name: "must be …". */
export function invalidField(param: string, message: string, hint?: string): ApiError {
  const issue: ValidationIssue = { param, code: 'invalid', message: `\`${param}\` ${message}` }
  return new ApiError('validation_failed', {
    error: issue.message,
    param,
    details: { issues: [issue] },
    ...(hint === undefined ? {} : { hint }),
  })
}

/** A policy allows no more for now; it would after `waitMs` milliseconds. */
export function rateLimited(policy: string, waitMs: number, options: ErrorOptions = {}): ApiError {
  return new ApiError('rate_limited', {
    ...options,
    details: { policy },
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
  })
}
