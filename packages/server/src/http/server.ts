/** The HTTP server without any feature: request ids, limits of size and time, errors, validation, OpenAPI. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Ajv, type AnySchema, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import { type FastifyBaseLogger, type FastifyInstance, fastify, type RawServerDefault } from 'fastify'
import type { Logger } from 'pino'
import { ApiError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { authentication, type Gate, reportFailure } from './authentication.ts'
import { answerPreflight, isPreflight, openToPages } from './browser.ts'
import { Connections } from './connections.ts'
import {
  answerClientError,
  errorRenderer,
  type Links,
  noSuchPath,
  rawAnswer,
  sendError,
  toApiError,
} from './error-renderer.ts'
import { faults } from './faults.ts'
import { jsonBody } from './json-body.ts'
import { openApiOptions } from './openapi.ts'
import type { PageFiles } from './page-files.ts'
import { Pages } from './pages.ts'
import { Pressure } from './pressure.ts'
import { routeRules } from './routes.ts'
import { sharedSchemas } from './schemas.ts'
import { textRules } from './text-rules.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** How often Node looks for requests that take longer than these. */
const SLOWNESS_CHECK_MS = 500
/**
 * Without a byte in either direction; longer than any answer lets itself be waited for. A client that stops reading is
 * cut after one or two of these: Node counts anew when it had taken a part.
 */
const INACTIVITY_TIMEOUT_MS = 120_000
const HEADER_LIMIT_BYTES = 16 * 1024
const KEEP_ALIVE_TIMEOUT_MS = 72_000
const ANY_METHOD = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const IDLE_SWEEP_MS = 50
const FULL = 'The server has as many connections as it takes'
/** RFC 3339, section 5.6. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i

export interface HttpOptions {
  log: Logger
  links: Links
  gate: Gate
  /** Networks of proxies whose X-Forwarded-For is believed; none: the client's address is the socket's. */
  trustedProxies?: readonly string[]
  /** Connections at once. */
  maxConnections: number
  /** Requests are answered 503 while the event loop is further behind; 0: never. */
  maxEventLoopDelayMs: number
  /** What people see, as readPageFiles reads it; none: the API alone. */
  pageFiles?: PageFiles
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What the server bears, for those who watch it. */
    connections: Connections
    pressure: Pressure
  }
}

export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export async function createHttpServer({
  log,
  links,
  gate,
  trustedProxies = [],
  maxConnections,
  maxEventLoopDelayMs,
  pageFiles = new Map(),
}: HttpOptions): Promise<HttpServer> {
  const answerBroken = answerClientError(links)
  const pages = new Pages(pageFiles, () => links.base.startsWith('https:'))
  const app: HttpServer = fastify({
    // With a logger, Fastify makes one for each request and listens for the end of each answer: a third of the cost of
    // a short request. What this server has to log it logs itself, with the request's id.
    logger: false,
    genReqId: () => newId('req'),
    requestIdHeader: false,
    ...(trustedProxies.length === 0 ? {} : { trustProxy: [...trustedProxies] }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: INACTIVITY_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: SLOWNESS_CHECK_MS,
      maxHeaderSize: HEADER_LIMIT_BYTES,
    },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    schemaController: { compilersFactory: { buildValidator } },
    clientErrorHandler: (error, socket) => {
      // Who hangs up in the middle of a request waits for no answer.
      if (error.code === 'HPE_INVALID_EOF_STATE') connections.drop(socket)
      else answerBroken(error, socket)
    },
    frameworkErrors: (error, request, reply) => {
      openToPages(request, reply)
      sendError(toApiError(error), request, reply, links)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  const connections = new Connections(app.server, {
    max: maxConnections,
    refusal: () => rawAnswer(new ApiError('unavailable', { error: FULL }), links),
    // With proxies in front, one address stands for all clients.
    ...(trustedProxies.length === 0 ? { maxPerGroup: Math.max(64, Math.floor(maxConnections / 2)) } : {}),
  })
  const pressure = new Pressure({
    maxDelayMs: maxEventLoopDelayMs,
    onRefusing: (delayMs, refused) =>
      log.warn({ delayMs: Math.round(delayMs), refused }, 'behind with its work: requests are answered 503'),
  })
  app.decorate('connections', connections)
  app.decorate('pressure', pressure)
  app.server.once('listening', () => pressure.begin())

  for (const schema of sharedSchemas) app.addSchema(schema)
  await app.register(errorRenderer, {
    log,
    links,
    onFailure: (request, status) => reportFailure(gate, request, status),
  })
  await app.register(jsonBody)
  await app.register(swagger, openApiOptions)
  await app.register(routeRules)
  await app.register(textRules)

  app.addHook('preClose', (done) => {
    // Connections that were in use when the server began to close are idle once they are answered.
    // Some were opened ahead of a request that never came: Node doesn't count those as idle.
    const sweep = setInterval(() => {
      app.server.closeIdleConnections()
      connections.closeUnused()
    }, IDLE_SWEEP_MS)
    app.server.once('close', () => clearInterval(sweep))
    done()
  })
  app.addHook('onClose', (_app, done) => {
    pressure.stop()
    done()
  })
  app.addHook('onRequest', (request, reply, next) => {
    // Answers are about one caller's data: nothing in between may keep them.
    reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    openToPages(request, reply)
    // From memory, and a part that is missing breaks a page: under pressure, too.
    if (pages.answer(request, reply)) return
    if (pressure.isTooHigh && request.routeOptions.config.answersUnderPressure !== true)
      return void sendError(pressure.refusal(), request, reply, links)
    // So that a page which mistypes a path can read that it isn't there.
    if (request.is404 && isPreflight(request)) return void answerPreflight(reply, ANY_METHOD)
    // Before a body is read: for a path that isn't there it would be read for nothing.
    next(request.is404 ? noSuchPath(app, request) : undefined)
  })
  if (log.isLevelEnabled('debug')) {
    app.addHook('onResponse', (request, reply, next) => {
      const { method, id } = request
      // The route, not the URL: people put names, and sometimes keys, into queries.
      const route = request.routeOptions.url
      const fields = { requestId: id, method, route, status: reply.statusCode, durationMs: reply.elapsedTime }
      log.debug(fields, 'request')
      next()
    })
  }
  await app.register(authentication, { gate, ownOrigin: () => URL.parse(links.base)?.origin ?? '' })
  await app.register(faults, { gate, links })
  return app
}

/**
 * Bodies are taken as they are typed; text from paths and queries is turned into the type that the schema names.
 * A factory and not setValidatorCompiler(): a plugin that adds schemas would fall back to Fastify's own compiler.
 */
function buildValidator(schemas: unknown) {
  const options: Options = {
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strict: false,
    // Schemas are made by TypeBox and checked by types: judging them by the meta-schema would be most of the start's work.
    meta: false,
    validateSchema: false,
    schemas: Object.values(schemas as Record<string, AnySchema>), // what was given to addSchema(), by its $id
  }
  const body = new Ajv({ ...options, coerceTypes: false })
  const text = new Ajv({ ...options, coerceTypes: true })
  for (const ajv of [body, text]) {
    addFormats.default(ajv)
    // Leap seconds, which the format allows, are no instants to a computer.
    ajv.addFormat('date-time', (value) => DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)))
  }
  return (route: AnySchema) => {
    // Typed as a schema, but called with the route's schema and the part of the request that it is for.
    const { schema, httpPart } = route as { schema: AnySchema; httpPart?: string }
    return (httpPart === 'body' ? body : text).compile(schema)
  }
}
