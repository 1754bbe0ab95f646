/** The server from its start to its end: migrates, starts what runs by itself, listens, drains and closes. */
import { pino } from 'pino'
import { assembleHttp } from './api.ts'
import type { Config } from './config.ts'
import { migrate } from './db/migrate.ts'
import { removeNode } from './db/nodes.ts'
import { pruneEvents } from './events/log.ts'
import { readPageFiles } from './http/page-files.ts'
import type { HttpServer } from './http/server.ts'
import { assertSecretFits } from './installation-secret.ts'
import { closeAll } from './lib/close-all.ts'
import { Repeating } from './lib/repeating.ts'
import { type MetricSources, MetricsServer } from './metrics.ts'
import { type AppOptions, assembleParts, type Parts } from './parts.ts'

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
/** Migrates the database and builds the server, not yet listening. `close()` drains it and ends what it opened. */
export async function createApp(options: AppOptions) {
  const parts = assembleParts(options)
  const { config, log } = options
  const { db, turns, keys, links, listener, nodeId, webhooks, requestLogs } = parts
  let http: HttpServer
  try {
    await migrate(db)
    await assertSecretFits(db, options.installationSecret)
    // Another server may be at it. What is missing then is made when it is needed.
    for (const turn of [() => requestLogs.retention.run(), () => webhooks.turnDays()])
      await turn().catch((error: unknown) => log.warn({ err: error }, 'days not turned; it is tried again'))
    parts.limiter.start()
    await listener.start()
    http = await assembleHttp(parts, config, log, await readPageFiles(options.pageFolders ?? []))
  } catch (error) {
    await closeAll([() => parts.limiter.close(), () => listener.close(), () => db.destroy()]).catch(
      (closing: unknown) => log.warn({ err: closing }, 'not all that was opened is closed'),
    )
    throw error
  }
  turns.startUpkeep()
  webhooks.dispatcher.start()
  const every = (intervalMs: number, name: string, work: () => Promise<void>): Repeating => {
    const onError = (error: unknown): void => log.error({ err: error }, `${name} failed; it is tried again`)
    const repeating = new Repeating({ work, intervalMs, onError })
    repeating.start()
    return repeating
  }
  const upkeep = [
    every(UPKEEP_INTERVAL_MS, 'upkeep of keys', () => keys.upkeep.run()),
    every(UPKEEP_INTERVAL_MS, 'removal of deleted workspaces', () => parts.workspacePurge.run()),
    every(PRUNE_INTERVAL_MS, 'pruning of idempotency keys', () => parts.idempotency.prune()),
    every(PRUNE_INTERVAL_MS, 'removal of sessions that ended', () => parts.signIn.prune()),
    every(DAYS_INTERVAL_MS, 'pruning of events', async () => {
      const before = new Date(parts.clock.nowMs() - EVENTS_KEPT_MS)
      while ((await pruneEvents(db, before)) > 0);
    }),
    every(DAYS_INTERVAL_MS, 'upkeep of request logs', () => requestLogs.retention.run()),
    every(DAYS_INTERVAL_MS, 'upkeep of deliveries', () => webhooks.turnDays()),
    every(RECOVERY_INTERVAL_MS, 'a replay of webhooks', () => webhooks.deliveries.advanceRecoveries()),
  ]
  /** Answers what is under way. */
  const drain = async (): Promise<void> => {
    let cut: NodeJS.Timeout | undefined
    const turnsDrained = turns.drain(DRAIN_MS).finally(() => {
      parts.stopping.abort()
      // Requests that are still not here whole, or not read whole, have had their time.
      cut = setTimeout(() => http.server.closeAllConnections(), CUT_MS)
    })
    const ends = await Promise.allSettled([http.close(), turnsDrained])
    clearTimeout(cut)
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
  const metrics =
    config.metrics === undefined ? undefined : new MetricsServer(config.metrics, metricsOf(parts, http))

  return {
    http,
    db,
    workspaces: parts.workspaces,
    apiKeys: keys.apiKeys,
    eventTail: parts.eventTail,
    eventStreams: parts.eventStreams,
    ownership: keys.ownership,
    workspacePurge: parts.workspacePurge,
    account: parts.signIn.account,
    idempotency: parts.idempotency,
    webhooks,
    requestLogRecorder: requestLogs.recorder,
    keyUpkeep: keys.upkeep,
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
    /** Drains, then ends everything, also when ending one thing fails; throws the first failure. */
    close: () =>
      closeAll([
        drain,
        () => parts.indexes.close(),
        // Turns that the last requests began.
        () => turns.close(),
        () => Promise.all(upkeep.map((one) => one.stop())),
        () => webhooks.close(),
        () => parts.mailer.close(),
        () => keys.incidents.drain(),
        () => keys.usageRecorder.flush(),
        () => parts.signIn.sessions.drain(),
        () => requestLogs.close(),
        async () => metrics?.close(),
        () => parts.eventTail.close(),
        () => parts.limiter.close(),
        () => listener.close(),
        () => removeNode(db, nodeId).catch((error: unknown) => log.warn({ err: error }, 'node not removed')),
        () => db.destroy(),
      ]),
  }
}

/** What the admin command needs: the services that make workspaces and keys, and nothing that listens. */
export async function createAdmin(options: AppOptions) {
  const { db, workspaces, keys, people, signIn } = assembleParts(options)
  try {
    await migrate(db)
    await assertSecretFits(db, options.installationSecret)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    workspaces,
    apiKeys: keys.apiKeys,
    ownership: keys.ownership,
    members: people.members,
    account: signIn.account,
    close: () => db.destroy(),
  }
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
