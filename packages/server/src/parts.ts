/** The composition root: every part that holds state or rules, made and put together. Nothing connects, listens or ticks yet. */
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { type ConnectionTarget, createDb, createPool } from './db/client.ts'
import { Listener } from './db/listener.ts'
import { heartbeat, liveNodesIn } from './db/nodes.ts'
import { EventLog } from './events/log.ts'
import { EventTail } from './events/tail.ts'
import { HANDOFF_TEXT } from './features/agent/engine.ts'
import { KnowledgeEngine } from './features/agent/knowledge-engine.ts'
import { SandboxEngine } from './features/agent/sandbox-engine.ts'
import { assembleKeys } from './features/api-keys/assemble.ts'
import { KEY_CHANGE_CHANNELS } from './features/api-keys/authentication/key-changes.ts'
import { assertValid } from './features/api-keys/authentication/validity.ts'
import { ClientTokenService } from './features/client-tokens/service.ts'
import { ContactService } from './features/contacts/service.ts'
import { ConversationService } from './features/conversations/service.ts'
import { TurnRunner } from './features/conversations/turn-runner.ts'
import { toWire as eventToWire } from './features/events/schema.ts'
import { EventService } from './features/events/service.ts'
import { EventStreams } from './features/events/stream.ts'
import { IdempotencyService } from './features/idempotency/service.ts'
import { EnvironmentIndexes } from './features/knowledge/environment-indexes.ts'
import { KnowledgeService } from './features/knowledge/service.ts'
import { PublicKeys } from './features/leaks/public-keys.ts'
import type { ReportLeak } from './features/leaks/report.ts'
import { assembleMembers } from './features/members/assemble.ts'
import { assertStillMember } from './features/members/still-member.ts'
import { OverviewService } from './features/overview/service.ts'
import type { LimiterState } from './features/rate-limits/limiter.ts'
import { createLimiter, RateLimits } from './features/rate-limits/service.ts'
import { assembleRequestLogs } from './features/request-logs/assemble.ts'
import { RequestLogService } from './features/request-logs/service.ts'
import { assembleSignIn } from './features/sign-in/assemble.ts'
import { PEOPLE_CHANNEL } from './features/sign-in/sessions.ts'
import { EnvironmentUsageService } from './features/usage/service.ts'
import { assembleWebhooks } from './features/webhooks/assemble.ts'
import { disabledNotice } from './features/webhooks/notice.ts'
import { WEBHOOK_CHANNEL } from './features/webhooks/store.ts'
import { OwnWorkspaces } from './features/workspaces/own.ts'
import { WorkspacePurge } from './features/workspaces/purge.ts'
import { WorkspaceService } from './features/workspaces/service.ts'
import { findWorkspaceWithoutMembers } from './features/workspaces/store.ts'
import type { Gate } from './http/authentication.ts'
import type { Links } from './http/error-renderer.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { CursorCodec } from './lib/cursor.ts'
import { deriveKey } from './lib/derive-key.ts'
import { type Id, newId } from './lib/ids.ts'
import { Mailer } from './mail.ts'

export interface AppOptions {
  config: Config
  target: ConnectionTarget
  installationSecret: Buffer
  log: Logger
  clock?: Clock
  /** Folders of built pages for people; none: the API alone. */
  pageFolders?: readonly string[]
}

/** A webhook that is disabled again and again is told of once in so long. */
const NOTICE_INTERVAL_MS = 3_600_000
const MAX_NOTICED = 10_000

export type Parts = ReturnType<typeof assembleParts>

const EACH_FOR_ITSELF =
  'Several servers use this database and each counts requests for itself: a key may make as many times its limit. Set REDIS_URL on all of them.'
const REDIS_LOST = 'Redis does not answer: each server allows its share of every limit.'

export function assembleParts({ config, target, installationSecret, log, clock = systemClock }: AppOptions) {
  const stopping = new AbortController()
  const pool = createPool(target, config.databasePoolSize, (error) => {
    // Connections that end with the database at the very end are no loss.
    if (!stopping.signal.aborted) log.warn({ err: error }, 'database connection lost')
  })
  const db = createDb(pool)
  const links: Links = { base: config.publicUrl ?? `http://localhost:${config.port}` }
  const events = new EventLog(clock, () => eventTail.wake())

  const nodeId = newId('node')
  /** Servers on this database, as of the latest heartbeat. */
  let liveNodes = 1
  let isWarned = false
  const limitWarnings = (): string[] => {
    const state: LimiterState = limiter.state()
    if (state === 'redis_lost') return [REDIS_LOST]
    return state === 'memory' && liveNodes > 1 ? [EACH_FOR_ITSELF] : []
  }
  const keys = assembleKeys({
    db,
    clock,
    events,
    hmacKey: deriveKey(installationSecret, 'api-key-secrets'),
    clientTokensKey: deriveKey(installationSecret, 'client-tokens'),
    nodeId,
    notify: (channel, payload) => listener.notify(channel, payload),
    assertStillMember: (tx, member) => assertStillMember(tx, member, clock),
    log,
  })
  const { cache, clicks, usageRecorder, incidents } = keys
  const listener = new Listener({
    target,
    channels: [...KEY_CHANGE_CHANNELS, WEBHOOK_CHANNEL, PEOPLE_CHANNEL],
    heartbeat: heartbeat(nodeId),
    onNotify: (channel, payload) => {
      if (channel === WEBHOOK_CHANNEL) webhooks.dispatcher.hear(payload)
      else if (channel === PEOPLE_CHANNEL)
        sessions.forget(payload as Id<'user'>) // triggers send users' ids
      else keys.changes.hear(channel, payload)
    },
    onHeard: (sentAtMs, rows) => {
      cache.heard(sentAtMs)
      sessions.heard(sentAtMs)
      liveNodes = liveNodesIn(rows)
      const warned = limitWarnings().length > 0
      if (warned && !isWarned && limiter.state() === 'memory')
        log.warn({ servers: liveNodes }, EACH_FOR_ITSELF)
      isWarned = warned
    },
    onGap: () => {
      cache.forgetAll()
      sessions.forgetAll()
      webhooks.dispatcher.renewAll()
    },
    onError: (error) =>
      log.warn({ err: error }, 'not hearing of changes; remembered keys and sessions are kept for 1 s'),
  })
  const limiter = createLimiter({ redisUrl: config.redisUrl, log, liveNodes: () => liveNodes })
  const rateLimits = new RateLimits({ limiter, burst: config.burst })
  const mailer = new Mailer(config.smtp, log)
  const signIn = assembleSignIn({
    db,
    clock,
    log,
    key: deriveKey(installationSecret, 'sign-in'),
    mailer,
    signUp: config.signUp,
    base: () => links.base,
    invites: (token, email) => people.acceptance.invites(token, email),
    claimWorkspace: async (tx, userId) => {
      const workspace = await findWorkspaceWithoutMembers(tx)
      if (workspace !== undefined) await memberships.join(tx, workspace.id, userId, 'owner')
    },
  })
  const { sessions } = signIn
  const gate: Gate = {
    identify: (token, address) => keys.authenticator.identify(token, address),
    epoch: () => cache.epoch(performance.now()),
    holdsSession: (cookies) => sessions.holds(cookies),
    visitor: (cookies, choice) => sessions.visitor(cookies, choice),
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
      if (principal.kind === 'member') return clock.nowMs()
      clicks.accepted(principal.keyId)
      return usageRecorder.accepted(principal, visit)
    },
    onRefused: (principal, visit) =>
      principal.kind === 'member' ? clock.nowMs() : usageRecorder.refused(principal, visit),
    limit: (principal) => rateLimits.limit(principal),
    quotaOf: (principal) => rateLimits.quotaOf(principal),
    giveBack: (principal, check) => rateLimits.giveBack(principal, check),
    nowMs: () => clock.nowMs(),
    onFailed: (principal, status, acceptedAtMs) => {
      if (principal.kind !== 'member') usageRecorder.failed(principal, status, acceptedAtMs)
    },
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
  const people = assembleMembers({
    db,
    clock,
    mailer,
    key: deriveKey(installationSecret, 'invitations'),
    base: () => links.base,
    assertKey: (tx, key) => keys.stillAllowed.assertKey(tx, key),
    announce: (tx, userIds) => sessions.announce(tx, userIds),
    noteDeparture: (tx, workspaceId, email) => keys.ownership.noteDeparture(tx, workspaceId, email),
    noteReturn: (tx, workspaceId, email) => keys.ownership.noteReturn(tx, workspaceId, email),
  })
  const { memberships } = people
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
    overview: new OverviewService({ db, clock }),
    environmentUsage: new EnvironmentUsageService({ db, clock, flushUsage: keys.flushUsage }),
    limiter,
    /** What works, but not as it should, in a sentence each. */
    warnings: limitWarnings,
    /** Aborted when the server stops: what waits for an engine waits no longer. */
    stopping,
    cursors: new CursorCodec(deriveKey(installationSecret, 'cursors')),
    listener,
    nodeId,
    workspaces: new WorkspaceService({ db, clock, announceKeys: keys.announceWorkspace }),
    ownWorkspaces: new OwnWorkspaces({
      db,
      clock,
      join: (tx, workspaceId, userId, role) => memberships.join(tx, workspaceId, userId, role),
      dismissAll: (tx, workspaceId) => memberships.dismissAll(tx, workspaceId),
      beginKeyEnd: () => keys.ending.begin(),
      deleteWebhooks: (tx, workspaceId) => webhooks.webhooks.deleteAll(tx, workspaceId),
      announceKeys: keys.announceWorkspace,
      announceMembers: (tx, workspaceId) => memberships.announce(tx, workspaceId),
      assertSignedIn: (tx, person) => memberships.assertSignedIn(tx, person),
    }),
    workspacePurge: new WorkspacePurge({ db, clock, announceKeys: keys.announceWorkspace }),
    people,
    idempotency: new IdempotencyService({
      db,
      clock,
      key: deriveKey(installationSecret, 'idempotency'),
      nodeId,
    }),
    keys,
    signIn,
    reportLeak,
    publicKeys: new PublicKeys({ url: config.secretScanningKeysUrl, clock }),
    clientTokens: new ClientTokenService({
      clock,
      contacts,
      conversations,
      write: (claims) => keys.clientTokens.write(claims),
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
