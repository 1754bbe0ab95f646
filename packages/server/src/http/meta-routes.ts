/** Routes about the server itself: what it is, whether it is well, its OpenAPI document, its pages on errors. */
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { Db } from '../db/client.ts'
import { ApiError, errorCodes, errorTable } from '../errors.ts'
import { errorPage } from './error-page.ts'
import { version } from './openapi.ts'
import { ok, oneOf, success } from './schemas.ts'
import type { HttpServer } from './server.ts'

const tags = ['Server']

export interface MetaRoutesOptions {
  db: Db
  /** Sentences about what works, but not as it should. */
  warnings: () => string[]
}

export function metaRoutes(app: HttpServer, { db, warnings }: MetaRoutesOptions): void {
  const About = Type.Object({
    name: Type.String(),
    version: Type.String(),
    api: Type.String({ description: 'Base path of the API.' }),
    openapi: Type.String({ description: 'Path of the OpenAPI document.' }),
  })
  app.get(
    '/',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getAbout',
        summary: 'What this server is',
        tags,
        response: { 200: success(About) },
      },
    },
    () => ok({ name: 'AgentClara', version, api: '/v1', openapi: '/openapi.json' }),
  )

  const Health = success(Type.Object({ status: Type.Literal('ok') }))
  app.get(
    '/healthz',
    {
      config: { access: 'public', answersUnderPressure: true },
      schema: { operationId: 'getHealth', summary: 'Does the server run?', tags, response: { 200: Health } },
    },
    () => ok({ status: 'ok' as const }),
  )
  const Readiness = success(
    Type.Object({
      status: Type.Literal('ok'),
      warnings: Type.Array(Type.String(), {
        description: 'What works, but not as it should: a sentence each. Requests are answered all the same.',
      }),
    }),
  )
  app.get(
    '/readyz',
    {
      config: { access: 'public', answersUnderPressure: true },
      schema: {
        operationId: 'getReadiness',
        summary: 'Can it answer requests?',
        tags,
        response: { 200: Readiness },
      },
    },
    async () => {
      await sql`SELECT 1`.execute(db)
      return ok({ status: 'ok' as const, warnings: warnings() })
    },
  )

  // Written once, when it is asked for: it is large, the same for everybody, and anybody may ask.
  let document: Buffer | undefined
  app.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        hide: true,
        operationId: 'getOpenApi',
        response: { 200: Type.Unknown() },
      },
    },
    (_request, reply) => {
      document ??= Buffer.from(JSON.stringify(app.swagger()))
      reply.type('application/json; charset=utf-8')
      return document
    },
  )

  app.get(
    '/docs/errors/:code',
    {
      config: { access: 'public' },
      schema: {
        hide: true,
        operationId: 'getErrorPage',
        params: Type.Object({ code: oneOf(errorCodes) }),
        response: { 200: Type.String() },
      },
      attachValidation: true,
    },
    (request, reply) => {
      if (request.validationError !== undefined) throw new ApiError('not_found')
      const { code } = request.params
      reply
        .type('text/html; charset=utf-8')
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      return errorPage(code, errorTable[code])
    },
  )
}
