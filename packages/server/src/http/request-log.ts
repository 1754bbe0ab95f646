/**
 * Notes every request whose key or client token is known, and of members all but what they read, once: accepted, refused,
 * failed, hung up on. Costs a request next to nothing: what is noted refers to what is there; reading, masking and writing
 * it is for whoever takes it. Knows no feature.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Principal } from '../principal.ts'
import type { Visit } from './authentication.ts'
import { endpointName } from './routes.ts'

/** Of each body at most so many bytes of UTF-8 are kept. */
export const KEPT_BODY_BYTES = 4096
/** Of path and query. */
export const KEPT_URL_LENGTH = 2048
/** Of each header. */
export const KEPT_HEADER_LENGTH = 255

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False: when it succeeds its answer is not noted, because it repeats what others may not see. */
    isAnswerNoted?: boolean
    /** It changes nothing, though it isn't a GET: of members it is not noted when it succeeds. */
    onlyReads?: true
  }
  interface FastifyRequest {
    /** What was noted of it. */
    noted: NotedRequest | undefined
  }
}

/**
 * A request and its answer, as they were. Nothing is masked yet. Texts that are longer than is kept of them are cut to one
 * character more, which says that there was more.
 */
export interface NotedRequest {
  readonly id: string
  /** About how much memory it keeps. */
  readonly heldBytes: number
  readonly countedAtMs: number
  readonly principal: Principal
  readonly visit: Visit
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  status: number
  /** The code of a failure. */
  code: string | undefined
  durationMs: number
  readonly idempotencyKey: string | undefined
  isReplay: boolean
  readonly requestType: string | undefined
  /**
   * The first bytes that the client sent, when all of them were JSON that may be stored: what it sent, and not what
   * parsing and defaults made of it.
   */
  readonly requestBody: Buffer | undefined
  /** Undefined: not known, or there was none. */
  readonly requestBodyBytes: number | undefined
  responseHeaders: { readonly [name: string]: string | undefined }
  /** The first UTF-16 code units of what was sent, at least as many as are kept in bytes. */
  responseBody: string | undefined
  /** Undefined: it is all of `responseBody`, or none, or a stream. */
  responseBodyBytes: number | undefined
}

export interface RequestLogOptions {
  add(request: NotedRequest): void
  /** Hears of each field that a schema marks `redact: true`, as routes are registered. */
  onRedactedField(name: string): void
}

export const requestLog = fastifyPlugin(
  (app: FastifyInstance, { add, onRedactedField }: RequestLogOptions, done: () => void) => {
    const silent = new Set<string>()
    const reading = new Set<string>()
    const seen = new WeakSet<object>()
    app.decorateRequest('noted')
    app.addHook('onRoute', function (route) {
      for (const name of redactedFields([route.schema, this.getSchemas()], seen)) onRedactedField(name)
      for (const method of [route.method].flat()) {
        const endpoint = endpointName(method, route.url)
        if (route.config?.isAnswerNoted === false) silent.add(endpoint)
        if (route.config?.onlyReads === true) reading.add(endpoint)
      }
    })
    // Not onResponse: listening for the end of each answer costs a third of a short request.
    app.addHook('onSend', (request, reply, payload, next) => {
      const { caller, visit } = request
      if (caller === undefined || visit === undefined) return next()
      // A page that is open reads all the time, the logs themselves among others.
      const isReading = READS.has(request.method) || reading.has(visit.endpoint)
      if (caller.kind === 'member' && reply.statusCode < 400 && isReading) return next()
      const answer = reply.statusCode < 400 && silent.has(visit.endpoint) ? undefined : payload
      // An answer that can't be sent is followed by another one that says so: it is the same request.
      if (request.noted === undefined) add(note(request, reply, caller, visit, answer))
      else noteAnswer(request.noted, request, reply, answer)
      next()
    })
    done()
  },
)

function note(
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  visit: Visit,
  payload: unknown,
): NotedRequest {
  const { headers, method } = request.raw
  const { sentBody } = request
  const url = begin(request.url, KEPT_URL_LENGTH + 1)
  const keyHeader = headers['idempotency-key']
  const idempotencyKey = typeof keyHeader === 'string' ? begin(keyHeader, KEPT_HEADER_LENGTH + 1) : undefined
  const requestType = begin(headers['content-type'], KEPT_HEADER_LENGTH + 1)
  const userAgent = begin(visit.userAgent, KEPT_HEADER_LENGTH + 1)
  // A copy when it is cut: a part keeps the whole alive.
  const requestBody =
    sentBody !== undefined && sentBody.length > KEPT_BODY_BYTES
      ? Buffer.from(sentBody.subarray(0, KEPT_BODY_BYTES))
      : sentBody
  const answerLength = typeof payload === 'string' ? Math.min(payload.length, KEPT_BODY_BYTES) : 0
  const noted: NotedRequest = {
    id: request.id,
    heldBytes:
      BASE_BYTES +
      2 * (url.length + answerLength + userAgent.length) +
      (requestBody?.length ?? 0) +
      (idempotencyKey?.length ?? 0) +
      (requestType?.length ?? 0),
    countedAtMs: request.countedAtMs,
    principal,
    visit: userAgent === visit.userAgent ? visit : { ...visit, userAgent },
    method: method ?? '',
    url,
    status: 0,
    code: undefined,
    durationMs: 0,
    idempotencyKey,
    isReplay: false,
    requestType,
    requestBody,
    requestBodyBytes: sentBody?.length ?? sizeOf(headers['content-length']),
    responseHeaders: NONE,
    responseBody: undefined,
    responseBodyBytes: undefined,
  }
  noteAnswer(noted, request, reply, payload)
  request.noted = noted
  return noted
}

const READS = new Set(['GET', 'HEAD'])
const NONE = {}
/** A request without its texts. */
const BASE_BYTES = 1_024

function noteAnswer(
  noted: NotedRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): void {
  noted.status = reply.statusCode
  noted.code = request.failure
  noted.durationMs = performance.now() - request.arrivedMs
  noted.isReplay = noted.idempotencyKey !== undefined && reply.getHeader('idempotent-replayed') !== undefined
  noted.responseHeaders = headersOf(reply)
  noted.responseBody = undefined
  noted.responseBodyBytes = undefined
  // What answers HEAD stays here.
  if (noted.method === 'HEAD') return
  if (typeof payload === 'string') {
    if (payload.length <= KEPT_BODY_BYTES) noted.responseBody = payload
    else {
      noted.responseBody = detached(payload)
      noted.responseBodyBytes = Buffer.byteLength(payload)
    }
  } else if (Buffer.isBuffer(payload)) noted.responseBodyBytes = payload.length
}

/** At most so many characters of a URL or a header, which HTTP hands over as Latin-1, a byte each. */
function begin(text: string, length: number): string
function begin(text: string | undefined, length: number): string | undefined
function begin(text: string | undefined, length: number): string | undefined {
  if (text === undefined || text.length <= length) return text
  return Buffer.from(text.slice(0, length), 'latin1').toString('latin1')
}

/** The beginning, without what follows: a slice of a text keeps all of it alive. */
function detached(text: string): string {
  return Buffer.from(text.slice(0, KEPT_BODY_BYTES), 'utf16le').toString('utf16le')
}

/** Those that say what a client was told beside the answer. */
function headersOf(reply: FastifyReply): NotedRequest['responseHeaders'] {
  return {
    'content-type': textOf(reply.getHeader('content-type')),
    'retry-after': reply.statusCode < 400 ? undefined : textOf(reply.getHeader('retry-after')),
    ratelimit: textOf(reply.getHeader('ratelimit')),
  }
}

function textOf(value: number | string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function sizeOf(contentLength: string | undefined): number | undefined {
  if (contentLength === undefined) return undefined
  const bytes = Number(contentLength)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Names of properties whose schema is marked, anywhere in the value; each object is looked at once. */
function* redactedFields(value: unknown, seen: WeakSet<object>): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  const { properties } = value as { properties?: unknown }
  if (typeof properties === 'object' && properties !== null) {
    for (const [name, schema] of Object.entries(properties)) {
      // Any object can be asked for a mark.
      if ((schema as { redact?: unknown } | null)?.redact === true) yield name
    }
  }
  for (const part of Object.values(value)) yield* redactedFields(part, seen)
}
