/** The one place where failures become answers: the envelope, its status, and nothing that gives the inside away. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Logger } from 'pino'
import { ApiError, type ErrorCode, errorTable } from '../errors.ts'
import { closest } from '../lib/closest.ts'
import { newId } from '../lib/ids.ts'
import { validationError } from './validation.ts'

/** Links in answers begin with this; it is known once the server listens. */
export interface Links {
  base: string
}

/** So long a client that is given up on may take to read why: closing sooner, with its bytes unread, would discard it. */
const LINGER_MS = 1_000

/** Codes of the database that mean "not now": connection failures, shutdown, failover, too many connections. */
const UNAVAILABLE = /^(?:08\w{3}|57P\d\d|25006|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/
/** What pg and its pool say without a code. */
const LOST_CONNECTION = /^Connection terminated|not queryable|^timeout exceeded when trying to connect/

declare module 'fastify' {
  interface FastifyRequest {
    /** What it was answered, when that is a failure. */
    failure: ErrorCode | undefined
  }
}

export interface ErrorRendererOptions {
  log: Logger
  links: Links
  /** Hears of each failure's status before it is sent. */
  onFailure: (request: FastifyRequest, status: number) => void
}

export const errorRenderer = fastifyPlugin(
  (app: FastifyInstance, options: ErrorRendererOptions, done: () => void) => {
    app.decorateRequest('failure')
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const failure = toApiError(error)
      const { status } = errorTable[failure.code]
      options.onFailure(request, status)
      // Who hangs up in the middle of a request is no failure of ours, and hears no answer.
      if (status >= 500 && !request.raw.socket.destroyed)
        options.log.error({ err: error, requestId: request.id }, 'request failed')
      return sendError(failure, request, reply, options.links)
    })
    app.setNotFoundHandler((request, reply) =>
      sendError(noSuchPath(app, request), request, reply, options.links),
    )
    done()
  },
)

/** Names the path that was most likely meant. */
export function noSuchPath(app: FastifyInstance, request: FastifyRequest): ApiError {
  const path = request.url.split('?')[0] ?? ''
  const known = new Set(app.routeTable.map((route) => route.url).filter((url) => !url.includes(':')))
  const meant = known.has(`/v1${path}`) ? `/v1${path}` : path.length > 100 ? undefined : closest(path, known)
  const hint =
    meant === undefined
      ? 'Paths of the API begin with /v1; /openapi.json lists them all.'
      : `Did you mean ${meant}?`
  return new ApiError('not_found', { error: `There is no ${request.method} ${path.slice(0, 100)}`, hint })
}

export function sendError(
  failure: ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
  links: Links,
): FastifyReply {
  const { headers } = failure.options
  request.failure = failure.code
  const challenge = challengeFor(failure)
  if (headers !== undefined) reply.headers(headers)
  if (challenge !== undefined) reply.header('www-authenticate', challenge)
  if (failure.code === 'unavailable' && headers?.['retry-after'] === undefined)
    reply.header('retry-after', '1')
  return reply
    .code(errorTable[failure.code].status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(withoutSecrets)
    .send(errorBody(failure, request.id, links))
}

/** What an answer quotes of a request (a path, an id, a field's name) may be a secret, and answers end up in logs. */
function withoutSecrets(body: unknown): string {
  return JSON.stringify(body).replace(/(sk_(?:test|live)_)[0-9A-Za-z]{20,}/g, '$1…')
}

/** RFC 6750, section 3: no error attribute when no token was sent. */
function challengeFor({ code, options }: ApiError): string | undefined {
  const challenge = 'Bearer realm="agentclara"'
  if (code === 'unauthorized') return challenge
  if (errorTable[code].status === 401) return `${challenge}, error="invalid_token"`
  if (code !== 'insufficient_permissions') return undefined
  const { required } = options.details ?? {}
  return `${challenge}, error="insufficient_scope"${required === undefined ? '' : `, scope="${required}"`}`
}

function errorBody(failure: ApiError, requestId: string, links: Links) {
  const { hint, param, details } = failure.options
  return {
    success: false as const,
    error: failure.message,
    code: failure.code,
    hint: hint ?? errorTable[failure.code].hint,
    param,
    details,
    request_id: requestId,
    doc_url: `${links.base}/docs/errors/${failure.code}`,
  }
}

const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_json',
  FST_ERR_BAD_URL: 'not_found',
}

export function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error
  if (error.validation !== undefined) return validationError(error.validationContext, error.validation)
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new ApiError('unsupported_media_type', { error: mediaTypeSentence(error) })
  const known = frameworkCodes[error.code]
  if (known !== undefined) return new ApiError(known)
  if (UNAVAILABLE.test(error.code ?? '') || LOST_CONNECTION.test(error.message)) {
    return new ApiError('unavailable')
  }
  // What the framework refuses for a reason of the request and the table doesn't name.
  if (error.code?.startsWith('FST_') && error.statusCode !== undefined && error.statusCode < 500) {
    return new ApiError(
      error.statusCode === 404 || error.statusCode === 414 ? 'not_found' : 'validation_failed',
    )
  }
  return new ApiError('internal_error')
}

/** Fastify's message ends with the type that was sent. */
function mediaTypeSentence({ message }: FastifyError): string {
  const sent = /: (.{1,100})$/.exec(message)?.[1]
  return sent === undefined ? 'A body needs a content type' : `The content type ${sent} is not supported`
}

/**
 * Answers what isn't HTTP, or came too slowly or too large, before there is a request. The connection is over a second
 * later, whether the client hangs up or not.
 */
export function answerClientError(links: Links) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const [status, sentence, hint] = clientErrors[error.code ?? ''] ?? [
      400,
      'The request is not valid HTTP',
      'Send HTTP/1.1.',
    ]
    const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref()
    socket.once('close', () => clearTimeout(cut))
    socket.end(rawAnswer(new ApiError('validation_failed', { error: sentence, hint }), links, status))
  }
}

/** A whole answer for a connection that has no request, or is to have none. It says that the connection ends. */
export function rawAnswer(
  failure: ApiError,
  links: Links,
  status: number = errorTable[failure.code].status,
): string {
  const requestId = newId('req')
  const body = JSON.stringify(errorBody(failure, requestId, links))
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    ...(failure.code === 'unavailable' ? { 'Retry-After': 1 } : {}),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}

const clientErrors: Readonly<Record<string, [status: number, sentence: string, hint: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    'The request took too long to arrive',
    'Send the whole request within its time limit.',
  ],
  HPE_HEADER_OVERFLOW: [431, 'The request headers are too large', 'Send at most 16 KiB of headers.'],
}
