/** The composition root: makes every part and puts them together. */
import { LRUCache } from 'lru-cache'
import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { type ConnectionTarget, createDb, createPool } from './db/client.ts'
import { Listener } from './db/listener.ts'
import { migrate } from './db/migrate.ts'
import { heartbeat, liveNodesIn, removeNode } from './db/nodes.ts'
import { EventLog, pruneEvents } from './events/log.ts'
import { EventTail } from './events/tail.ts'
import { HANDOFF_TEXT } from './features/agent/engine.ts'
import { KnowledgeEngine } from './features/agent/knowledge-engine.ts'
import { agentRoutes } from './features/agent/routes.ts'
import { SandboxEngine } from './features/agent/sandbox-engine.ts'
import { Authenticator } from './features/api-keys/authentication/authenticator.ts'
import { ClickWatch } from './features/api-keys/authentication/click-watch.ts'
import { ClientTokenCodec } from './features/api-keys/authentication/client-token.ts'
import { KEY_CHANGE_CHANNELS, KeyChanges } from './features/api-keys/authentication/key-changes.ts'
import { PrincipalCache } from './features/api-keys/authentication/principal-cache.ts'
import { assertValid } from './features/api-keys/authentication/validity.ts'
import { KeyEditor } from './features/api-keys/editor.ts'
import { IncidentService } from './features/api-keys/incidents.ts'
import { lifecycleRoutes } from './features/api-keys/lifecycle-routes.ts'
import { OwnershipService } from './features/api-keys/ownership.ts'
import { permissionRoutes } from './features/api-keys/permissions-routes.ts'
import { RotationService } from './features/api-keys/rotation.ts'
import { apiKeyRoutes } from './features/api-keys/routes.ts'
import { ApiKeyService } from './features/api-keys/service.ts'
import { KeySettingsService } from './features/api-keys/settings.ts'
import { listKeysOfWorkspace } from './features/api-keys/store.ts'
import { KeyUpkeep } from './features/api-keys/upkeep.ts'
import { UsageRecorder } from './features/api-keys/usage/recorder.ts'
import { usageRoutes } from './features/api-keys/usage/routes.ts'
import { UsageService } from './features/api-keys/usage/service.ts'
import { addUsage } from './features/api-keys/usage/store.ts'
import { clientTokenRoutes } from './features/client-tokens/routes.ts'
import { ClientTokenService } from './features/client-tokens/service.ts'
import { contactRoutes } from './features/contacts/routes.ts'
import { ContactService } from './features/contacts/service.ts'
import { conversationRoutes } from './features/conversations/routes.ts'
import { ConversationService } from './features/conversations/service.ts'
import { TurnRunner } from './features/conversations/turn-runner.ts'
import { eventRoutes } from './features/events/routes.ts'
import { toWire as eventToWire } from './features/events/schema.ts'
import { EventService } from './features/events/service.ts'
import { EventStreams } from './features/events/stream.ts'
import { IdempotencyService } from './features/idempotency/service.ts'
import { EnvironmentIndexes } from './features/knowledge/environment-indexes.ts'
import { knowledgeRoutes } from './features/knowledge/routes.ts'
import { KnowledgeService } from './features/knowledge/service.ts'
import { PublicKeys } from './features/leaks/public-keys.ts'
import type { ReportLeak } from './features/leaks/report.ts'
import { leakRoutes } from './features/leaks/routes.ts'
import type { LimiterState } from './features/rate-limits/limiter.ts'
import { createLimiter, RateLimits } from './features/rate-limits/service.ts'
import { assembleRequestLogs } from './features/request-logs/assemble.ts'
import { requestLogRoutes } from './features/request-logs/routes.ts'
import { RequestLogService } from './features/request-logs/service.ts'
import { environmentUsageRoutes } from './features/usage/routes.ts'
import { EnvironmentUsageService } from './features/usage/service.ts'
import { assembleWebhooks } from './features/webhooks/assemble.ts'
import { deliveryRoutes } from './features/webhooks/deliveries-routes.ts'
import { disabledNotice } from './features/webhooks/notice.ts'
import { webhookRoutes } from './features/webhooks/routes.ts'
import { WEBHOOK_CHANNEL } from './features/webhooks/store.ts'
import { WorkspaceService } from './features/workspaces/service.ts'
import { type Gate, reportFailure } from './http/authentication.ts'
import type { Links } from './http/error-renderer.ts'
import { idempotency } from './http/idempotency.ts'
import { metaRoutes } from './http/meta-routes.ts'
import { requestLog } from './http/request-log.ts'
import { refuseOtherMethods } from './http/routes.ts'
import { createHttpServer, type HttpServer } from './http/server.ts'
import { stillAllowed } from './http/still-allowed.ts'
import { assertSecretFits } from './installation-secret.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { CursorCodec } from './lib/cursor.ts'
import { deriveKey } from './lib/derive-key.ts'
import { newId } from './lib/ids.ts'
import { Repeating } from './lib/repeating.ts'
import { Throttle } from './lib/throttle.ts'
import { Mailer } from './mail.ts'
import { type MetricSources, MetricsServer } from './metrics.ts'

export interface AppOptions {
  config: Config
  target: ConnectionTarget
  installationSecret: Buffer
  log: Logger
  clock?: Clock
}

export type App = Awaited<ReturnType<typeof createApp>>

/** Turns and requests in flight get this long once the server is told to stop. */
const DRAIN_MS = 8_000
/** After that, an answer that is being written gets this long. */
const CUT_MS = 500
/** How often a node looks for what time has done to keys. */
const UPKEEP_INTERVAL_MS = 60_000
const PRUNE_INTERVAL_MS = 600_000
const DAYS_INTERVAL_MS = 3_600_000
const RECOVERY_INTERVAL_MS = 500
const EVENTS_KEPT_MS = 30 * 86_400_000
/** A webhook that is disabled again and again is told of once in so long. */
const NOTICE_INTERVAL_MS = 3_600_000
const MAX_NOTICED = 10_000
/** Requests with unknown keys that an address may make at once, and then each minute, before it is answered 429. */
const FAILURES = { burst: 60, perMinute: 60 }

/** Migrates the database and builds the server, not yet listening. `close()` drains it and ends what it opened. */
export async function createApp(options: AppOptions) {
  const parts = assembleParts(options)
  const { config, log } = options
  const { db, turns, usageRecorder, links, listener, nodeId, keyUpkeep } = parts
  let http: HttpServer
  try {
    await migrate(db)
    await assertSecretFits(db, options.installationSecret)
    // Another server may be at it. What is missing then is made when it is needed.
    for (const turn of [() => parts.requestLogs.retention.run(), () => parts.webhooks.turnDays()])
      await turn().catch((error: unknown) => log.warn({ err: error }, 'days not turned; it is tried again'))
    parts.limiter.start()
    await listener.start()
    http = await assembleHttp(parts, config, log)
  } catch (error) {
    await parts.limiter.close()
    await listener.close()
    await db.destroy()
    throw error
  }
  turns.startUpkeep()
  parts.webhooks.dispatcher.start()
  const every = (intervalMs: number, name: string, work: () => Promise<void>): Repeating => {
    const onError = (error: unknown): void => log.error({ err: error }, `${name} failed; it is tried again`)
    const repeating = new Repeating({ work, intervalMs, onError })
    repeating.start()
    return repeating
  }
  const { webhooks, requestLogs } = parts
  const upkeep = [
    every(UPKEEP_INTERVAL_MS, 'upkeep of keys', () => keyUpkeep.run()),
    every(PRUNE_INTERVAL_MS, 'pruning of idempotency keys', () => parts.idempotency.prune()),
    every(DAYS_INTERVAL_MS, 'pruning of events', async () => {
      const before = new Date(parts.clock.nowMs() - EVENTS_KEPT_MS)
      while ((await pruneEvents(db, before)) > 0);
    }),
    every(DAYS_INTERVAL_MS, 'upkeep of request logs', () => requestLogs.retention.run()),
    every(DAYS_INTERVAL_MS, 'upkeep of deliveries', () => webhooks.turnDays()),
    every(RECOVERY_INTERVAL_MS, 'a replay of webhooks', () => webhooks.deliveries.advanceRecoveries()),
  ]
  const metrics =
    config.metrics === undefined ? undefined : new MetricsServer(config.metrics, metricsOf(parts, http))

  return {
    http,
    db,
    workspaces: parts.workspaces,
    apiKeys: parts.apiKeys,
    eventTail: parts.eventTail,
    eventStreams: parts.eventStreams,
    ownership: parts.ownership,
    idempotency: parts.idempotency,
    webhooks: parts.webhooks,
    requestLogRecorder: requestLogs.recorder,
    keyUpkeep,
    turns,
    /** What a request's token is put through first: without a query when this node knows it. */
    identify: parts.gate.identify,
    /** Starts listening; resolves to the URL that clients on this machine use. */
    async listen(): Promise<string> {
      await http.listen({ host: config.host, port: config.port })
      const address = http.server.address()
      const port = typeof address === 'object' && address !== null ? address.port : config.port
      links.base = config.publicUrl ?? `http://localhost:${port}`
      await metrics?.listen()
      return links.base
    },
    async close(): Promise<void> {
      const drained = http.close()
      await turns.drain(DRAIN_MS)
      parts.stopping.abort()
      // Requests that are still not here whole, or not read whole, have had their time.
      const cut = setTimeout(() => http.server.closeAllConnections(), CUT_MS)
      await drained
      clearTimeout(cut)
      await parts.indexes.close()
      // Turns that the last requests began.
      await turns.close()
      await Promise.all(upkeep.map((one) => one.stop()))
      await webhooks.close()
      await parts.mailer.close()
      await parts.incidents.drain()
      await usageRecorder.flush()
      await requestLogs.close()
      await metrics?.close()
      await parts.eventTail.close()
      await parts.limiter.close()
      await listener.close()
      await removeNode(db, nodeId).catch((error: unknown) => log.warn({ err: error }, 'node not removed'))
      await db.destroy()
    },
  }
}

/** What the admin command needs: the services that make workspaces and keys, and nothing that listens. */
export async function createAdmin(options: AppOptions) {
  const { db, workspaces, apiKeys, ownership } = assembleParts(options)
  try {
    await migrate(db)
    await assertSecretFits(db, options.installationSecret)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return { workspaces, apiKeys, ownership, close: () => db.destroy() }
}

/** The OpenAPI document of every route, without a database. */
export async function describeApi(config: Config): Promise<object> {
  const log = pino({ level: 'silent' })
  const target = 'postgres://nowhere.invalid/none'
  const parts = assembleParts({ config, log, target, installationSecret: Buffer.alloc(32) })
  const http = await assembleHttp(parts, config, log)
  const document = http.swagger()
  await http.close()
  return document
}

type Parts = ReturnType<typeof assembleParts>

function metricsOf(
  { limiter, requestLogs, webhooks }: Parts,
  { connections, pressure }: HttpServer,
): MetricSources {
  return {
    requestsByStatus: () => connections.requestsByStatus,
    connections: () => connections.open,
    connectionsRefused: () => connections.refused,
    connectionsEvicted: () => connections.evicted,
    pressureRefused: () => pressure.refused,
    eventLoopDelayMs: () => pressure.delayMs,
    rateLimitState: () => limiter.state(),
    requestLogs: () => requestLogs.recorder.counts,
    webhooks: () => webhooks.counts(),
  }
}

const EACH_FOR_ITSELF =
  'Several servers use this database and each counts requests for itself: a key may make as many times its limit. Set REDIS_URL on all of them.'
const REDIS_LOST = 'Redis does not answer: each server allows its share of every limit.'

/** Every part that holds state or rules. Nothing connects, listens or ticks yet. */
function assembleParts({ config, target, installationSecret, log, clock = systemClock }: AppOptions) {
  const stopping = new AbortController()
  const pool = createPool(target, config.databasePoolSize, (error) => {
    // Connections that end with the database at the very end are no loss.
    if (!stopping.signal.aborted) log.warn({ err: error }, 'database connection lost')
  })
  const db = createDb(pool)
  const hmacKey = deriveKey(installationSecret, 'api-key-secrets')
  const links: Links = { base: config.publicUrl ?? `http://localhost:${config.port}` }
  const events = new EventLog(clock, () => eventTail.wake())

  const cache = new PrincipalCache()
  const clicks = new ClickWatch()
  const usageRecorder = new UsageRecorder({
    clock,
    write: (batch) => addUsage(db, batch),
    onError: (error) => log.warn({ err: error }, 'use of keys not recorded; kept for the next time'),
  })
  const flushUsage = () => usageRecorder.flush()
  const clientTokens = new ClientTokenCodec(deriveKey(installationSecret, 'client-tokens'))
  const failures = new Throttle(FAILURES)
  const authenticator = new Authenticator({ db, cache, hmacKey, clientTokens, failures })
  const nodeId = newId('node')
  /** Servers on this database, as of the latest heartbeat. */
  let liveNodes = 1
  let isWarned = false
  const limitWarnings = (): string[] => {
    const state: LimiterState = limiter.state()
    if (state === 'redis_lost') return [REDIS_LOST]
    return state === 'memory' && liveNodes > 1 ? [EACH_FOR_ITSELF] : []
  }
  const changes = new KeyChanges({
    db,
    cache,
    clicks,
    nodeId,
    notify: (channel, payload) => listener.notify(channel, payload),
  })
  const listener = new Listener({
    target,
    channels: [...KEY_CHANGE_CHANNELS, WEBHOOK_CHANNEL],
    heartbeat: heartbeat(nodeId),
    onNotify: (channel, payload) =>
      channel === WEBHOOK_CHANNEL ? webhooks.dispatcher.hear(payload) : changes.hear(channel, payload),
    onHeard: (sentAtMs, rows) => {
      cache.heard(sentAtMs)
      liveNodes = liveNodesIn(rows)
      const warned = limitWarnings().length > 0
      if (warned && !isWarned && limiter.state() === 'memory')
        log.warn({ servers: liveNodes }, EACH_FOR_ITSELF)
      isWarned = warned
    },
    onGap: () => {
      cache.forgetAll()
      webhooks.dispatcher.renewAll()
    },
    onError: (error) =>
      log.warn({ err: error }, 'not hearing of key changes; remembered keys are kept for 1 s'),
  })
  const editor = new KeyEditor({ db, clock, events, changes })
  const apiKeys = new ApiKeyService({ db, editor, hmacKey })
  const incidents = new IncidentService({
    db,
    editor,
    hmacKey,
    flushUsage,
    onError: (error) =>
      log.error({ err: error }, 'a key in the wrong hands: not noted, or not told to all nodes'),
  })
  const limiter = createLimiter({ redisUrl: config.redisUrl, log, liveNodes: () => liveNodes })
  const rateLimits = new RateLimits({ limiter, burst: config.burst })
  const gate: Gate = {
    identify: (token, address) => authenticator.identify(token, address),
    epoch: () => cache.epoch(performance.now()),
    assertValid: (principal) => assertValid(principal, clock),
    onBrowser: (principal, origin, visit, requestId) =>
      incidents.noteBrowser(principal, origin, {
        type: 'api_key',
        id: principal.keyId,
        name: principal.name,
        address: visit.address,
        userAgent: visit.userAgent,
        requestId,
      }),
    onAccepted: (principal, visit) => {
      clicks.accepted(principal.keyId)
      return usageRecorder.accepted(principal, visit)
    },
    onRefused: (principal, visit) => usageRecorder.refused(principal, visit),
    limit: (principal) => rateLimits.limit(principal),
    quotaOf: (principal) => rateLimits.quotaOf(principal),
    giveBack: (principal, check) => rateLimits.giveBack(principal, check),
    nowMs: () => clock.nowMs(),
    onFailed: (principal, status, acceptedAtMs) => usageRecorder.failed(principal, status, acceptedAtMs),
  }
  const reportLeak: ReportLeak = ({ secret, url, source, reporter, address, userAgent, requestId }) => {
    const actor = { type: reporter, id: null, name: null, address, userAgent, requestId }
    return incidents.reportLeak({ secret, url, source, actor })
  }
  const contacts = new ContactService({ db, clock, events, defaultCountry: config.defaultCountry })
  const indexes = new EnvironmentIndexes({
    db,
    onProblem: (error) => log.error({ err: error }, 'knowledge not searched'),
  })
  const knowledge = new KnowledgeService({ db, clock, indexes })
  const engine = new SandboxEngine(new KnowledgeEngine(knowledge))
  const turns = new TurnRunner({ db, events, clock, engine, handoffText: HANDOFF_TEXT, log })
  const conversations = new ConversationService({ db, clock, events, contacts, turns })
  const eventTail = new EventTail({
    db,
    onError: (error) => log.warn({ err: error }, 'events not read; they are read as soon as they can be'),
  })
  const webhooks = assembleWebhooks({
    db,
    clock,
    events,
    tail: eventTail,
    key: deriveKey(installationSecret, 'webhooks'),
    nodeId,
    config,
    log,
    toWire: eventToWire,
    onDisabled: (webhook, { environment }) => {
      log.warn({ webhookId: webhook.id, reason: webhook.disabled_reason }, 'webhook disabled')
      if (noticed.has(webhook.id)) return
      noticed.set(webhook.id, true)
      const to = webhook.notify_email === null ? config.alertEmails : [webhook.notify_email]
      mailer.send({ to, ...disabledNotice(webhook, environment) })
    },
  })
  const mailer = new Mailer(config.smtp, log)
  const noticed = new LRUCache<string, true>({ max: MAX_NOTICED, ttl: NOTICE_INTERVAL_MS })
  const requestLogs = assembleRequestLogs({ db, pool, clock, config: config.requestLog, log })
  return {
    db,
    clock,
    links,
    gate,
    webhooks,
    mailer,
    requestLogs,
    requestLogReader: new RequestLogService({ db, flush: () => requestLogs.recorder.flush() }),
    environmentUsage: new EnvironmentUsageService({ db, clock, flushUsage }),
    limiter,
    /** What works, but not as it should, in a sentence each. */
    warnings: limitWarnings,
    usageRecorder,
    /** Aborted when the server stops: what waits for an engine waits no longer. */
    stopping,
    cursors: new CursorCodec(deriveKey(installationSecret, 'cursors')),
    listener,
    nodeId,
    workspaces: new WorkspaceService({
      db,
      clock,
      announceKeys: async (tx, id) => changes.announceMany(tx, await listKeysOfWorkspace(tx, id)),
    }),
    idempotency: new IdempotencyService({
      db,
      clock,
      key: deriveKey(installationSecret, 'idempotency'),
      nodeId,
    }),
    apiKeys,
    rotations: new RotationService({ editor, hmacKey }),
    incidents,
    keySettings: new KeySettingsService(db, clock),
    keyUsage: new UsageService({ db, clock, apiKeys, flushUsage }),
    keyUpkeep: new KeyUpkeep({ db, clock, editor }),
    ownership: new OwnershipService({ db, editor }),
    reportLeak,
    publicKeys: new PublicKeys({ url: config.secretScanningKeysUrl, clock }),
    clientTokens: new ClientTokenService({
      clock,
      contacts,
      conversations,
      write: (claims) => clientTokens.write(claims),
    }),
    contacts,
    conversations,
    turns,
    knowledge,
    indexes,
    engine,
    eventReader: new EventService(db, events),
    eventTail,
    eventStreams: new EventStreams({
      maxOpen: Math.floor(config.maxConnections / 4),
      db,
      tail: eventTail,
      onError: (error) => log.warn({ err: error }, 'a stream of events ended early; its client resumes'),
    }),
  }
}

async function assembleHttp(parts: Parts, config: Config, log: Logger): Promise<HttpServer> {
  const { links, gate, db, cursors, clock, apiKeys } = parts
  const { trustedProxies, maxConnections, maxEventLoopDelayMs } = config
  const http = await createHttpServer({
    log,
    links,
    gate,
    trustedProxies,
    maxConnections,
    maxEventLoopDelayMs,
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
      apiKeyRoutes(v1, { apiKeys, cursors, clock })
      lifecycleRoutes(v1, {
        rotations: parts.rotations,
        incidents: parts.incidents,
        settings: parts.keySettings,
        clock,
      })
      usageRoutes(v1, { usage: parts.keyUsage, apiKeys, cursors, clock })
      permissionRoutes(v1)
      leakRoutes(v1, { reportLeak: parts.reportLeak, publicKeys: parts.publicKeys, clock })
      clientTokenRoutes(v1, { tokens: parts.clientTokens })
      agentRoutes(v1, { engine: parts.engine, stopping: parts.stopping.signal })
      knowledgeRoutes(v1, { knowledge: parts.knowledge, cursors })
      contactRoutes(v1, { contacts: parts.contacts, cursors })
      conversationRoutes(v1, { conversations: parts.conversations, turns: parts.turns, cursors })
      webhookRoutes(v1, { webhooks: parts.webhooks.webhooks, cursors, clock })
      deliveryRoutes(v1, { deliveries: parts.webhooks.deliveries, cursors })
      requestLogRoutes(v1, { requestLogs: parts.requestLogReader, cursors })
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
  refuseOtherMethods(http)
  await http.ready()
  return http
}
