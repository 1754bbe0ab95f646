/** The HTTP server without any feature: request ids, limits of size and time, errors, validation, OpenAPI. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Ajv, type AnySchema, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawServerDefault,
} from 'fastify'
import type { Logger } from 'pino'
import { newId } from '../lib/ids.ts'
import { type Authenticate, authentication } from './authentication.ts'
import { answerClientError, errorRenderer, type Links, sendError, toApiError } from './error-renderer.ts'
import { jsonBody } from './json-body.ts'
import { openApiOptions } from './openapi.ts'
import { routeRules } from './routes.ts'
import { sharedSchemas } from './schemas.ts'
import { textRules } from './text-rules.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_TIMEOUT_MS = 72_000
const IDLE_SWEEP_MS = 50

export interface HttpOptions {
  log: Logger
  links: Links
  authenticate: Authenticate
}

export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export async function createHttpServer({ log, links, authenticate }: HttpOptions): Promise<HttpServer> {
  const app = fastify({
    loggerInstance: quieter(log),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId('req'),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    schemaController: { compilersFactory: { buildValidator } },
    clientErrorHandler: answerClientError(links),
    frameworkErrors: (error, request, reply) => {
      sendError(toApiError(error), request, reply, links)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.headersTimeout = HEADERS_TIMEOUT_MS

  for (const schema of sharedSchemas) app.addSchema(schema)
  await app.register(errorRenderer, { links })
  await app.register(jsonBody)
  await app.register(swagger, openApiOptions)
  await app.register(routeRules)
  await app.register(textRules)

  app.addHook('preClose', (done) => {
    // Connections that were in use when the server began to close are idle once they are answered.
    const sweep = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS)
    app.server.once('close', () => clearInterval(sweep))
    done()
  })
  app.addHook('onRequest', (request, reply, next) => {
    // Answers are about one caller's data: nothing in between may keep them.
    reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    next()
  })
  if (log.isLevelEnabled('debug')) {
    app.addHook('onResponse', (request, reply, next) => {
      const { method, url, id } = request
      log.debug(
        { requestId: id, method, url, status: reply.statusCode, durationMs: reply.elapsedTime },
        'request',
      )
      next()
    })
  }
  await app.register(authentication, { authenticate })
  return app
}

/** Fastify's own lines below a warning say nothing that ours don't. */
function quieter(log: Logger): FastifyBaseLogger {
  return log.isLevelEnabled('warn') ? log.child({}, { level: 'warn' }) : log
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
    schemas: Object.values(schemas as Record<string, AnySchema>), // what was given to addSchema(), by its $id
  }
  const body = new Ajv({ ...options, coerceTypes: false })
  const text = new Ajv({ ...options, coerceTypes: true })
  for (const ajv of [body, text]) addFormats.default(ajv)
  return (route: AnySchema) => {
    // Typed as a schema, but called with the route's schema and the part of the request that it is for.
    const { schema, httpPart } = route as { schema: AnySchema; httpPart?: string }
    return (httpPart === 'body' ? body : text).compile(schema)
  }
}
