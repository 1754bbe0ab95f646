/** The API of this server: every plugin and every route, over the parts behind them. */
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { agentRoutes } from './features/agent/routes.ts'
import { lifecycleRoutes } from './features/api-keys/lifecycle-routes.ts'
import { permissionRoutes } from './features/api-keys/permissions-routes.ts'
import { apiKeyRoutes } from './features/api-keys/routes.ts'
import { usageRoutes } from './features/api-keys/usage/routes.ts'
import { clientTokenRoutes } from './features/client-tokens/routes.ts'
import { contactRoutes } from './features/contacts/routes.ts'
import { conversationRoutes } from './features/conversations/routes.ts'
import { eventRoutes } from './features/events/routes.ts'
import { knowledgeRoutes } from './features/knowledge/routes.ts'
import { leakRoutes } from './features/leaks/routes.ts'
import { invitationRoutes } from './features/members/invitation-routes.ts'
import { memberRoutes } from './features/members/routes.ts'
import { overviewRoutes } from './features/overview/routes.ts'
import { requestLogRoutes } from './features/request-logs/routes.ts'
import { authRoutes } from './features/sign-in/auth-routes.ts'
import { meRoutes } from './features/sign-in/me-routes.ts'
import { environmentUsageRoutes } from './features/usage/routes.ts'
import { deliveryRoutes } from './features/webhooks/deliveries-routes.ts'
import { webhookRoutes } from './features/webhooks/routes.ts'
import { urlCheckRoutes } from './features/webhooks/url-checks-routes.ts'
import { workspaceRoutes } from './features/workspaces/routes.ts'
import { reportFailure } from './http/authentication.ts'
import { idempotency } from './http/idempotency.ts'
import { metaRoutes } from './http/meta-routes.ts'
import type { PageFiles } from './http/page-files.ts'
import { requestLog } from './http/request-log.ts'
import { refuseOtherMethods } from './http/routes.ts'
import { createHttpServer, type HttpServer } from './http/server.ts'
import { stillAllowed } from './http/still-allowed.ts'
import type { Parts } from './parts.ts'

export async function assembleHttp(
  parts: Parts,
  config: Config,
  log: Logger,
  pageFiles: PageFiles = new Map(),
): Promise<HttpServer> {
  const { links, gate, db, cursors, clock } = parts
  const { apiKeys, rotations, incidents, settings, usage } = parts.keys
  const { trustedProxies, maxConnections, maxEventLoopDelayMs } = config
  const http = await createHttpServer({
    log,
    links,
    gate,
    trustedProxies,
    maxConnections,
    maxEventLoopDelayMs,
    pageFiles,
  })
  await http.register(idempotency, {
    gate,
    begin: (call) => parts.idempotency.begin(call),
    onReplayedFailure: (request, status) => reportFailure(gate, request, status),
    onError: (error, request) =>
      log.warn({ err: error, requestId: request.id }, 'answer not kept for its Idempotency-Key'),
  })
  await http.register(requestLog, parts.requestLogs.hook)
  metaRoutes(http, { db, warnings: parts.warnings })
  await http.register(
    async (v1: HttpServer) => {
      meRoutes(v1, { ...parts.signIn, cursors, clock })
      apiKeyRoutes(v1, { apiKeys, cursors, clock })
      lifecycleRoutes(v1, { rotations, incidents, settings, clock })
      usageRoutes(v1, { usage, apiKeys, cursors, clock })
      permissionRoutes(v1)
      leakRoutes(v1, { reportLeak: parts.reportLeak, publicKeys: parts.publicKeys, clock })
      clientTokenRoutes(v1, { tokens: parts.clientTokens })
      workspaceRoutes(v1, { workspaces: parts.ownWorkspaces, cursors })
      memberRoutes(v1, { members: parts.people.members, cursors })
      invitationRoutes(v1, { ...parts.people, cursors })
      agentRoutes(v1, { engine: parts.engine, stopping: parts.stopping.signal })
      knowledgeRoutes(v1, { knowledge: parts.knowledge, cursors })
      contactRoutes(v1, { contacts: parts.contacts, cursors })
      conversationRoutes(v1, { conversations: parts.conversations, turns: parts.turns, cursors })
      webhookRoutes(v1, { webhooks: parts.webhooks.webhooks, cursors, clock })
      urlCheckRoutes(v1, { urlChecks: parts.webhooks.urlChecks })
      deliveryRoutes(v1, { deliveries: parts.webhooks.deliveries, cursors })
      requestLogRoutes(v1, { requestLogs: parts.requestLogReader, cursors })
      overviewRoutes(v1, { overview: parts.overview })
      environmentUsageRoutes(v1, { usage: parts.environmentUsage })
      eventRoutes(v1, {
        events: parts.eventReader,
        streams: parts.eventStreams,
        mayStillRead: stillAllowed(gate, 'events:read'),
        cursors,
      })
    },
    { prefix: '/v1' },
  )
  await http.register(
    async (auth: HttpServer) => {
      const { service, signUp } = parts.signIn
      authRoutes(auth, { signIn: service, signUp, ownOrigin: () => URL.parse(links.base)?.origin ?? '' })
    },
    { prefix: '/auth' },
  )
  refuseOtherMethods(http)
  await http.ready()
  return http
}
