/** A server with the route for leaks, a service behind it that remembers what it was told, and GitHub in front of it. */
import { pino } from 'pino'
import { ApiError } from '../../../errors.ts'
import type { Gate } from '../../../http/authentication.ts'
import { refuseOtherMethods } from '../../../http/routes.ts'
import { createHttpServer, type HttpServer } from '../../../http/server.ts'
import { PublicKeys } from '../public-keys.ts'
import type { LeakReport, ReportLeak } from '../report.ts'
import { leakRoutes } from '../routes.ts'
import { startGitHub } from './github.ts'

/** The one secret that the service knows, unless the test says otherwise. */
export const KNOWN = 'sk_live_knownknownknownknownknownkn'
export const JSON_TYPE = { 'content-type': 'application/json' }

const nobody = (): never => {
  throw new ApiError('invalid_api_key')
}
/** The door for keys: nobody gets in by it here, as the route asks for none. */
const gate: Gate = {
  identify: nobody,
  holdsSession: () => false,
  visitor: nobody,
  epoch: () => Number.NaN,
  assertValid: nobody,
  onBrowser: nobody,
  onAccepted: nobody,
  onRefused: nobody,
  onFailed: nobody,
  limit: nobody,
  quotaOf: nobody,
  giveBack: nobody,
  nowMs: () => 0,
}

export interface PostOptions {
  headers?: Record<string, string>
  address?: string
}

export type LeakServer = Awaited<ReturnType<typeof createLeakServer>>

/** Close it in afterEach. */
export async function createLeakServer() {
  const github = await startGitHub()
  const reports: LeakReport[] = []
  const lines: string[] = []
  let nowMs = 1_750_000_000_000
  const clock = { nowMs: () => nowMs }
  let handle: ReportLeak = async ({ secret }) => (secret === KNOWN ? 'known' : 'unknown')
  const reportLeak: ReportLeak = (report) => {
    reports.push(report)
    return handle(report)
  }
  const http = await createHttpServer({
    log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    links: { base: 'http://localhost:4000' },
    gate,
    maxConnections: 1_000,
    maxEventLoopDelayMs: 0,
  })
  await http.register(
    async (v1: HttpServer) => {
      addEcho(v1)
      leakRoutes(v1, {
        publicKeys: new PublicKeys({ url: github.url, clock, timeoutMs: 500 }),
        clock,
        reportLeak,
      })
    },
    { prefix: '/v1' },
  )
  refuseOtherMethods(http)
  await http.ready()

  async function post(body: unknown, { headers = {}, address = '203.0.113.7' }: PostOptions = {}) {
    const startMs = performance.now()
    const response = await http.inject({
      method: 'POST',
      url: '/v1/leaks',
      headers: { ...JSON_TYPE, ...headers },
      payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      remoteAddress: address,
    })
    const tookMs = performance.now() - startMs
    return { status: response.statusCode, headers: response.headers, text: response.body, tookMs }
  }

  return {
    http,
    github,
    /** What the service was told. */
    reports,
    /** All lines of the log, as one text. */
    logged: () => lines.join(''),
    advance(ms: number): void {
      nowMs += ms
    },
    /** What the service does with a report from now on. */
    setHandler(handler: ReportLeak): void {
      handle = handler
    },
    post,
    /** Signed with the key of that name. */
    postFromGitHub: (body: string, identifier = 'first') =>
      post(body, { headers: github.sign(body, identifier) }),
    async close(): Promise<void> {
      await http.close()
      await github.close()
    },
  }
}

/** A route beside the one for leaks, that gives back what it read. */
function addEcho(app: HttpServer): void {
  app.post(
    '/echo',
    {
      config: { access: 'public' },
      schema: { operationId: 'echo', response: { 200: { type: 'object', additionalProperties: true } } },
    },
    (request) => ({ body: request.body }),
  )
}
