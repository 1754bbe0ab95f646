/** From a request as it was noted to the row that is kept: masked, cut, and nothing that PostgreSQL would refuse. */
import {
  KEPT_BODY_BYTES,
  KEPT_HEADER_LENGTH,
  KEPT_URL_LENGTH,
  type NotedRequest,
} from '../../http/request-log.ts'
import { plainHeader, plainUserAgent } from '../../lib/header-text.ts'
import { maskSecrets, type Redactor } from './redaction.ts'

/** As it is written to table request_logs. */
export interface LogRow {
  id: string
  environment_id: string
  created_at: string
  method: string
  endpoint: string
  path: string
  status: number
  code: string | null
  duration_ms: number
  /** Null: a member's. */
  api_key_id: string | null
  client_token_id: string | null
  secret_last_four: string | null
  member_id: string | null
  /** As it was then. */
  member_name: string | null
  address: string
  user_agent: string
  idempotency_key: string | null
  is_replay: boolean
  /** JSON. */
  headers: string
  request_body: string | null
  request_body_bytes: number | null
  is_request_body_cut: boolean
  response_body: string | null
  response_body_bytes: number | null
  is_response_body_cut: boolean
}

export function toRow(noted: NotedRequest, redactor: Redactor, keepsBodies: boolean): LogRow {
  const { principal, visit } = noted
  const userAgent = maskSecrets(plainUserAgent(visit.userAgent))
  const idempotencyKey = keptIdempotencyKey(noted.idempotencyKey)
  const request = keptBody(noted.requestBody?.toString('utf8'), noted.requestBodyBytes, redactor)
  const response = keptBody(
    isJson(noted.responseHeaders['content-type']) ? noted.responseBody : undefined,
    noted.responseBodyBytes ??
      (noted.responseBody === undefined ? undefined : Buffer.byteLength(noted.responseBody)),
    redactor,
  )
  return {
    id: noted.id,
    environment_id: principal.environmentId,
    created_at: new Date(noted.countedAtMs).toISOString(),
    method: noted.method,
    endpoint: visit.endpoint,
    path: keptPath(noted.url, redactor),
    status: noted.status,
    code: noted.code ?? replayedCode(noted) ?? null,
    duration_ms: Math.round(noted.durationMs * 1000) / 1000,
    api_key_id: principal.kind === 'member' ? null : principal.keyId,
    client_token_id: principal.kind === 'client_token' ? principal.tokenId : null,
    secret_last_four: principal.kind === 'api_key' ? principal.lastFour : null,
    member_id: principal.kind === 'member' ? principal.memberId : null,
    member_name: principal.kind === 'member' ? principal.name : null,
    address: visit.address,
    user_agent: userAgent,
    idempotency_key: idempotencyKey ?? null,
    is_replay: noted.isReplay,
    headers: JSON.stringify({
      request: keptHeaders({
        'content-type': noted.requestType,
        'user-agent': userAgent,
        'idempotency-key': idempotencyKey,
      }),
      response: keptHeaders({
        ...noted.responseHeaders,
        'idempotent-replayed': noted.isReplay ? 'true' : undefined,
      }),
    }),
    request_body: keepsBodies ? request.text : null,
    request_body_bytes: request.bytes,
    is_request_body_cut: keepsBodies && request.isCut,
    response_body: keepsBodies ? response.text : null,
    response_body_bytes: response.bytes,
    is_response_body_cut: keepsBodies && response.isCut,
  }
}

/** A failure that is answered once more is no failure of this request: its code is only in what was answered. */
function replayedCode({ isReplay, status, responseBody = '' }: NotedRequest): string | undefined {
  // Text in a JSON string has its quotes escaped, so this is the field.
  return isReplay && status >= 400 ? /"code":"(\w{1,64})"/.exec(responseBody)?.[1] : undefined
}

/** As clients name it to find it again: what is masked in the log is masked in what is asked for. */
export function keptIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = plainHeader(header, KEPT_HEADER_LENGTH).trim()
  // A string of structured fields has quotes (RFC 9651, section 3.3.3), which aren't part of it.
  const bare = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
  return maskSecrets(bare, header.length > KEPT_HEADER_LENGTH)
}

function keptPath(url: string, redactor: Redactor): string {
  const isCut = url.length > KEPT_URL_LENGTH
  return cutToBytes(redactor.maskUrl(isCut ? url.slice(0, KEPT_URL_LENGTH) : url, isCut), KEPT_URL_LENGTH)
}

function keptHeaders(headers: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name in headers) {
    const text = headers[name]
    if (text !== undefined && text !== '') kept[name] = maskSecrets(plainHeader(text, KEPT_HEADER_LENGTH))
  }
  return kept
}

/** `begin`: of the text; it is all of it if it has as many bytes as there were. */
function keptBody(begin: string | undefined, bytes: number | undefined, redactor: Redactor) {
  if (begin === undefined || begin === '') return { text: null, bytes: bytes ?? null, isCut: false }
  const isCut = bytes !== undefined && bytes > KEPT_BODY_BYTES
  // Cut first, by characters, which are bytes at least: masking takes no longer than for what is kept. What is left of a
  // character that the cut went through goes, too.
  const text = isCut
    ? begin
        .slice(0, KEPT_BODY_BYTES)
        .toWellFormed()
        .replace(/\ufffd$/, '')
    : begin.toWellFormed()
  return { text: cutToBytes(redactor.maskJson(text, isCut), KEPT_BODY_BYTES), bytes: bytes ?? null, isCut }
}

/** At most so many bytes in UTF-8, whole characters. */
function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text
  const bytes = Buffer.from(text)
  let end = maxBytes
  // 10xxxxxx goes on with a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return bytes.toString('utf8', 0, end)
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.startsWith('application/json') === true
}
