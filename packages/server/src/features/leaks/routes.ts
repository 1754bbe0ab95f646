/** `POST /leaks`: whoever finds a secret says so, without a key; GitHub's secret scanning does it in its own format. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ok, ref } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { validationError } from '../../http/validation.ts'
import { type Clock, systemClock } from '../../lib/clock.ts'
import { Admission, addressOf } from './admission.ts'
import { paced } from './paced.ts'
import type { PublicKeys } from './public-keys.ts'
import type { LeakReport, ReportLeak } from './report.ts'
import { reportMatches } from './report-matches.ts'
import { LeakHeaders, LeakReceived, LeaksBody, LeakVerdict, meantErrors } from './schema.ts'

/** Longer than handling any report should take. */
const ANSWER_STEP_MS = 250
const MAX_URL_LENGTH = 2_000
const MAX_SOURCE_LENGTH = 100
const MAX_USER_AGENT_LENGTH = 500

export interface LeakRoutesOptions {
  reportLeak: ReportLeak
  publicKeys: PublicKeys
  clock?: Clock
}

/** A plugin of its own within the app: it reads bodies as bytes, others don't. */
export function leakRoutes(
  app: HttpServer,
  { reportLeak, publicKeys, clock = systemClock }: LeakRoutesOptions,
): void {
  app.register((leaks: HttpServer, _options: object, done: () => void) => {
    const admission = new Admission(publicKeys, clock)
    leaks.addSchema(LeakVerdict)
    leaks.removeContentTypeParser('application/json')
    leaks.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      (request: FastifyRequest, body: Buffer) => admission.read(request, body),
    )
    addRoute(leaks, admission, reportLeak)
    done()
  })
}

function addRoute(app: HttpServer, admission: Admission, reportLeak: ReportLeak): void {
  app.post(
    '/leaks',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'reportLeaks',
        summary: 'Report a leaked secret',
        description:
          'Anyone who holds a secret reports it as an object; the answer reveals nothing about it. A list is what ' +
          'GitHub’s secret scanning sends, with its signature, and is answered as GitHub expects.',
        tags: ['API keys'],
        headers: LeakHeaders,
        body: LeaksBody,
        response: {
          200: Type.Array(ref(LeakVerdict), {
            description: 'For a list: a verdict on each match, in order.',
          }),
          202: LeakReceived,
        },
      },
      schemaErrorFormatter: (errors, part) => validationError(part, meantErrors(errors)),
      // Before the body is read: what is refused is no work.
      onRequest: async (request, reply) => admission.admit(request, reply),
    },
    async (request, reply) => {
      const { body } = request
      if (Array.isArray(body)) {
        const verdicts = await reportMatches(body, ({ token, url, source }) =>
          reportLeak(report(request, 'github', token, url, source)),
        )
        return reply.code(200).send(verdicts)
      }
      // Blanks around a secret come from copying it.
      const leak = report(request, 'anyone', body.secret.trim(), body.url, body.source)
      await paced(ANSWER_STEP_MS, () => reportLeak(leak))
      return reply.code(202).send(ok({ received: true as const }))
    },
  )
}

function report(
  request: FastifyRequest,
  reporter: LeakReport['reporter'],
  secret: string,
  url: string | null | undefined,
  source: string | null | undefined,
): LeakReport {
  return {
    secret,
    url: cut(url, MAX_URL_LENGTH),
    source: cut(source, MAX_SOURCE_LENGTH),
    reporter,
    address: addressOf(request),
    requestId: request.id,
    userAgent: cut(request.headers['user-agent'], MAX_USER_AGENT_LENGTH),
  }
}

/** Null for what is empty. The cut may go through a character of two halves: the half that is left is replaced. */
function cut(text: string | null | undefined, maxLength: number): string | null {
  if (text === null || text === undefined || text === '') return null
  return text.length > maxLength ? text.slice(0, maxLength).toWellFormed() : text
}
