/** The composition root: makes every part and puts them together. */
import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { type ConnectionTarget, createDb, createPool } from './db/client.ts'
import { Listener } from './db/listener.ts'
import { migrate } from './db/migrate.ts'
import { heartbeat, removeNode } from './db/nodes.ts'
import { EventLog } from './events/log.ts'
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
import { EventService } from './features/events/service.ts'
import { EnvironmentIndexes } from './features/knowledge/environment-indexes.ts'
import { knowledgeRoutes } from './features/knowledge/routes.ts'
import { KnowledgeService } from './features/knowledge/service.ts'
import { PublicKeys } from './features/leaks/public-keys.ts'
import type { ReportLeak } from './features/leaks/report.ts'
import { leakRoutes } from './features/leaks/routes.ts'
import { WorkspaceService } from './features/workspaces/service.ts'
import type { Gate } from './http/authentication.ts'
import type { Links } from './http/error-renderer.ts'
import { metaRoutes } from './http/meta-routes.ts'
import { refuseOtherMethods } from './http/routes.ts'
import { createHttpServer, type HttpServer } from './http/server.ts'
import { assertSecretFits } from './installation-secret.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { CursorCodec } from './lib/cursor.ts'
import { deriveKey } from './lib/derive-key.ts'
import { newId } from './lib/ids.ts'
import { Repeating } from './lib/repeating.ts'
import { Throttle } from './lib/throttle.ts'

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
    await listener.start()
    http = await assembleHttp(parts, config, log)
  } catch (error) {
    await listener.close()
    await db.destroy()
    throw error
  }
  turns.startUpkeep()
  const repeating = new Repeating({
    work: () => keyUpkeep.run(),
    intervalMs: UPKEEP_INTERVAL_MS,
    onError: (error) => log.error({ err: error }, 'upkeep of keys failed; it is tried again'),
  })
  repeating.start()

  return {
    http,
    db,
    workspaces: parts.workspaces,
    apiKeys: parts.apiKeys,
    ownership: parts.ownership,
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
      await repeating.stop()
      await parts.incidents.drain()
      await usageRecorder.flush()
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
  const events = new EventLog(clock)

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
  const changes = new KeyChanges({
    db,
    cache,
    clicks,
    nodeId,
    notify: (channel, payload) => listener.notify(channel, payload),
  })
  const listener = new Listener({
    target,
    channels: KEY_CHANGE_CHANNELS,
    heartbeat: heartbeat(nodeId),
    onNotify: changes.hear,
    onHeard: (sentAtMs) => cache.heard(sentAtMs),
    onGap: () => cache.forgetAll(),
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
  return {
    db,
    clock,
    links,
    gate,
    usageRecorder,
    /** Aborted when the server stops: what waits for an engine waits no longer. */
    stopping,
    cursors: new CursorCodec(deriveKey(installationSecret, 'cursors')),
    listener,
    nodeId,
    workspaces: new WorkspaceService(db, clock),
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
  }
}

async function assembleHttp(parts: Parts, config: Config, log: Logger): Promise<HttpServer> {
  const { links, gate, db, cursors, clock, apiKeys } = parts
  const http = await createHttpServer({ log, links, gate, trustedProxies: config.trustedProxies })
  metaRoutes(http, { db })
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
      eventRoutes(v1, { events: parts.eventReader, cursors })
    },
    { prefix: '/v1' },
  )
  refuseOtherMethods(http)
  await http.ready()
  return http
}
