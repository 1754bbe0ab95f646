/** Puts the parts of webhooks together: who takes them, who delivers, and what is done from time to time. */
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Db } from '../../db/client.ts'
import { dayOf, makeDay } from '../../db/day-partitions.ts'
import { type EventLog, type EventRow, readAfter } from '../../events/log.ts'
import type { EventTail } from '../../events/tail.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { EnvironmentName, Scope } from '../../principal.ts'
import { DeliveryService } from './deliveries-service.ts'
import { Dispatcher } from './dispatch/dispatcher.ts'
import { DeliveryRecorder } from './dispatch/recorder.ts'
import { scheduleOf } from './dispatch/retries.ts'
import { type Endpoint, sendTo } from './dispatch/send.ts'
import {
  type ConsumerState,
  type DeliveredWebhookRow,
  type DeliveryState,
  type NewAttempt,
  writeOutcomes,
} from './dispatch/store.ts'
import { EgressPolicy } from './egress/policy.ts'
import { WebhookSender } from './egress/sender.ts'
import { isToldOf } from './filter.ts'
import { DeliveryRetention } from './retention.ts'
import { WebhookVault } from './sealed.ts'
import { WebhookService, type WebhookServiceOptions } from './service.ts'
import { UrlChecks } from './url-checks.ts'

/** Of a delivery and an attempt, with their indexes, without what was answered. */
const ROW_BYTES = 1_024
const NO_PARTITION = '23514'

export interface AssembleWebhooksOptions {
  db: Db
  clock: Clock
  events: EventLog
  tail: EventTail
  key: KeyObject
  nodeId: Id<'node'>
  config: Pick<Config, 'webhooks' | 'webhookRetrySeconds' | 'webhookLogMaxBytes'>
  log: Logger
  toWire(event: EventRow, environment: EnvironmentName): object
  onDisabled: WebhookServiceOptions['onDisabled']
}

export function assembleWebhooks(options: AssembleWebhooksOptions) {
  const { db, clock, events, tail, key, nodeId, config, log, toWire, onDisabled } = options
  const policy = new EgressPolicy(config.webhooks)
  const vault = new WebhookVault(key)
  const sender = new WebhookSender({ policy })
  const webhooks = new WebhookService({
    db,
    clock,
    events,
    vault,
    policy,
    onDisabled,
    onChanged: (id) => dispatcher.changed(id),
  })
  const retention = new DeliveryRetention({
    db,
    clock,
    maxBytes: config.webhookLogMaxBytes,
    onError: (error) => log.error({ err: error }, 'upkeep of deliveries failed; it is tried again'),
    onFull: (bytes) =>
      log.warn(
        { bytes, maxBytes: config.webhookLogMaxBytes },
        'deliveries of today take more than AGENTCLARA_WEBHOOK_LOG_MAX_MB: answers are left out',
      ),
  })
  const recorder = new DeliveryRecorder({
    async write(consumers, deliveries, attempts) {
      const written = await write(db, consumers, deliveries, attempts)
      retention.noteWritten(attempts.reduce((sum, attempt) => sum + bytesOf(attempt), 0))
      return written
    },
    onError: (error) => log.warn({ err: error }, 'deliveries not recorded; they are tried again'),
  })
  const dispatcher = new Dispatcher({
    db,
    clock,
    nodeId,
    recorder,
    tail,
    readEvents: async (environmentId, after, limit) => {
      const { rows, upTo } = await readAfter(db, { environmentId }, { ...after, limit })
      return { rows, readTo: upTo }
    },
    findEvent: (environmentId, id) => events.find(db, environmentId, id),
    onError: (error) => log.warn({ err: error }, 'webhooks not delivered for now; they are tried again'),
    prepare: (row) => ({
      target: {
        id: row.id,
        environmentId: row.environment_id,
        environment: row.environment,
        url: row.url,
        maxPerSecond: row.max_per_second,
        isDisabled: row.status === 'disabled',
        wants: (event) => isToldOf(row, event),
      },
      schedule: scheduleOf(row.environment, config.webhookRetrySeconds),
      send: sendTo(endpointOf(row, vault), {
        sender,
        clock,
        toWire: (event) => toWire(event, row.environment),
        keepsAnswers: () => retention.hasRoom,
      }),
      disable: (reason, failingSince) => webhooks.disable(scopeOf(row), row.id, reason, failingSince),
      recover: (failingSince) => webhooks.recover(scopeOf(row), row.id, failingSince),
    }),
  })
  return {
    webhooks,
    urlChecks: new UrlChecks({ clock, policy }),
    dispatcher,
    /** For metrics. */
    counts: () => ({ ...recorder.attempts, webhooks: dispatcher.size }),
    deliveries: new DeliveryService({ db, clock, events, webhooks }),
    /** Makes days before their rows come, and drops those that are no longer kept. */
    turnDays: () => retention.run(),
    async close(): Promise<void> {
      await dispatcher.close()
      await sender.close()
      await retention.drain()
    },
  }
}

/** About how much room it takes. */
function bytesOf(attempt: NewAttempt): number {
  const headers = attempt.response_headers === null ? 0 : JSON.stringify(attempt.response_headers).length
  return ROW_BYTES + headers + Buffer.byteLength(attempt.response_body ?? '')
}

/** For days that weren't made ahead: of events that are sent long after they happened, or when no upkeep ran. */
async function write(
  db: Db,
  consumers: readonly ConsumerState[],
  deliveries: readonly DeliveryState[],
  attempts: readonly NewAttempt[],
): Promise<Set<Id<'we'>>> {
  try {
    return await writeOutcomes(db, consumers, deliveries, attempts)
  } catch (error) {
    if ((error as { code?: string }).code !== NO_PARTITION) throw error
    const days = new Set(deliveries.map((row) => dayOf(row.created_at.getTime())))
    for (const day of days) await makeDay(db, 'deliveries', day)
    const attempted = new Set(attempts.map((row) => dayOf(row.started_at.getTime())))
    for (const day of attempted) await makeDay(db, 'delivery_attempts', day)
    return writeOutcomes(db, consumers, deliveries, attempts)
  }
}

function endpointOf(row: DeliveredWebhookRow, vault: WebhookVault): Endpoint {
  const { id, url, headers, secret, old_secret: old, old_secret_ends_at: endsAt } = row
  return {
    id,
    url,
    headers: vault.openHeaders(id, headers),
    secret: vault.openSecret(id, secret),
    old:
      old === null || endsAt === null
        ? undefined
        : { secret: vault.openSecret(id, old), endsAtMs: endsAt.getTime() },
  }
}

function scopeOf(row: DeliveredWebhookRow): Scope {
  return {
    environmentId: row.environment_id,
    environment: row.environment,
    workspaceId: row.workspace_id,
  }
}
