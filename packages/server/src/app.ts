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
import { Authenticator } from './features/api-keys/authenticator.ts'
import { KEY_CHANGE_CHANNELS, KeyChanges } from './features/api-keys/key-changes.ts'
import { LastUsedRecorder } from './features/api-keys/last-used.ts'
import { PrincipalCache } from './features/api-keys/principal-cache.ts'
import { apiKeyRoutes } from './features/api-keys/routes.ts'
import { ApiKeyService } from './features/api-keys/service.ts'
import { recordLastUsed } from './features/api-keys/store.ts'
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
import { WorkspaceService } from './features/workspaces/service.ts'
import type { Links } from './http/error-renderer.ts'
import { metaRoutes } from './http/meta-routes.ts'
import { refuseOtherMethods } from './http/routes.ts'
import { createHttpServer, type HttpServer } from './http/server.ts'
import { assertSecretFits } from './installation-secret.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { CursorCodec } from './lib/cursor.ts'
import { deriveKey } from './lib/derive-key.ts'
import { newId } from './lib/ids.ts'

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

/** Migrates the database and builds the server, not yet listening. `close()` drains it and ends what it opened. */
export async function createApp(options: AppOptions) {
  const parts = assembleParts(options)
  const { config, log } = options
  const { db, turns, lastUsed, links, listener, nodeId } = parts
  let http: HttpServer
  try {
    await migrate(db)
    await assertSecretFits(db, options.installationSecret)
    await listener.start()
    http = await assembleHttp(parts, log)
  } catch (error) {
    await listener.close()
    await db.destroy()
    throw error
  }
  turns.startUpkeep()

  return {
    http,
    db,
    workspaces: parts.workspaces,
    apiKeys: parts.apiKeys,
    turns,
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
      await lastUsed.flush()
      await listener.close()
      await removeNode(db, nodeId).catch((error: unknown) => log.warn({ err: error }, 'node not removed'))
      await db.destroy()
    },
  }
}

/** What the admin command needs: the services that make workspaces and keys, and nothing that listens. */
export async function createAdmin(options: AppOptions) {
  const { db, workspaces, apiKeys } = assembleParts(options)
  try {
    await migrate(db)
    await assertSecretFits(db, options.installationSecret)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return { workspaces, apiKeys, close: () => db.destroy() }
}

/** The OpenAPI document of every route, without a database. */
export async function describeApi(config: Config): Promise<object> {
  const log = pino({ level: 'silent' })
  const target = 'postgres://nowhere.invalid/none'
  const parts = assembleParts({ config, log, target, installationSecret: Buffer.alloc(32) })
  const http = await assembleHttp(parts, log)
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
  const lastUsed = new LastUsedRecorder({
    write: (uses) => recordLastUsed(db, uses),
    onError: (error) => log.warn({ err: error }, 'last use of keys not recorded'),
  })
  const authenticator = new Authenticator({ db, clock, cache, hmacKey, onUse: lastUsed.record })
  const nodeId = newId('node')
  const changes = new KeyChanges({
    db,
    cache,
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
  const apiKeys = new ApiKeyService({ db, clock, events, changes, hmacKey })
  const contacts = new ContactService({ db, clock, events, defaultCountry: config.defaultCountry })
  const indexes = new EnvironmentIndexes({
    db,
    onProblem: (error) => log.error({ err: error }, 'knowledge not searched'),
  })
  const knowledge = new KnowledgeService({ db, clock, indexes })
  const engine = new SandboxEngine(new KnowledgeEngine(knowledge))
  const turns = new TurnRunner({ db, events, clock, engine, handoffText: HANDOFF_TEXT, log })
  return {
    db,
    clock,
    links,
    /** Aborted when the server stops: what waits for an engine waits no longer. */
    stopping,
    cursors: new CursorCodec(deriveKey(installationSecret, 'cursors')),
    listener,
    nodeId,
    lastUsed,
    authenticator,
    workspaces: new WorkspaceService(db, clock),
    apiKeys,
    contacts,
    conversations: new ConversationService({ db, clock, events, contacts, turns }),
    turns,
    knowledge,
    indexes,
    engine,
    eventReader: new EventService(db, events),
  }
}

async function assembleHttp(parts: Parts, log: Logger): Promise<HttpServer> {
  const { links, authenticator, db, cursors, clock } = parts
  const http = await createHttpServer({ log, links, authenticate: authenticator.authenticate })
  metaRoutes(http, { db })
  await http.register(
    async (v1: HttpServer) => {
      apiKeyRoutes(v1, { apiKeys: parts.apiKeys, cursors, clock })
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
