/**
 * A server as far as it delivers: dispatcher, recorder, sender and a tail of its own on a database that several of them
 * share, in one process. It lives while it is said to.
 */
import { createSecret } from '@agentclara/webhook-signature'
import { sql } from 'kysely'
import { pino } from 'pino'
import { createDb, createPool, type Db } from '../../../../db/client.ts'
import { heartbeat } from '../../../../db/nodes.ts'
import { EventLog } from '../../../../events/log.ts'
import { EventTail } from '../../../../events/tail.ts'
import { type Clock, systemClock } from '../../../../lib/clock.ts'
import { deriveKey } from '../../../../lib/derive-key.ts'
import { type Id, newId } from '../../../../lib/ids.ts'
import { toWire } from '../../../events/schema.ts'
import { assembleWebhooks } from '../../assemble.ts'
import { WebhookVault } from '../../sealed.ts'

const HEARTBEAT_MS = 300
const key = deriveKey(Buffer.alloc(32, 7), 'webhooks')

export type TestNode = Awaited<ReturnType<typeof startNode>>

export interface TestNodeOptions {
  url: string
  clock?: Clock
  retrySeconds?: readonly number[]
}

export async function startNode({ url, clock = systemClock, retrySeconds = [1, 1, 1] }: TestNodeOptions) {
  const pool = createPool(url, 5, () => {})
  const db = createDb(pool)
  const nodeId = newId('node')
  const beat = (): void => {
    const { text, values } = heartbeat(nodeId)
    void pool.query(text, values).catch(() => {})
  }
  const { text, values } = heartbeat(nodeId)
  await pool.query(text, values)
  const beating = setInterval(beat, HEARTBEAT_MS)
  const errors: unknown[] = []
  const tail = new EventTail({ db, pollMs: 20, onError: (error) => errors.push(error) })
  const events = new EventLog(clock, () => tail.wake())
  const parts = assembleWebhooks({
    db,
    clock,
    events,
    tail,
    key,
    nodeId,
    config: {
      webhooks: { allow: ['127.0.0.0/8'], isDefaultLoopback: true, ports: [80, 443] },
      webhookRetrySeconds: retrySeconds,
      webhookLogMaxBytes: 1024 ** 3,
    },
    log: pino({ level: 'silent' }),
    toWire,
    onDisabled: () => {},
  })
  await parts.turnDays()
  parts.dispatcher.start()
  return {
    nodeId,
    dispatcher: parts.dispatcher,
    errors,
    /** Others take it for dead, while it goes on. */
    fallSilent(): void {
      clearInterval(beating)
    },
    async close(): Promise<void> {
      await parts.close()
      clearInterval(beating)
      await tail.close()
      await sql`DELETE FROM nodes WHERE id = ${nodeId}`.execute(db)
      await db.destroy()
    },
  }
}

export interface Planted {
  environmentId: Id<'env'>
  webhookId: Id<'we'>
}

/** A workspace with a webhook that nobody delivers to yet, told of `events` after `position`. */
export async function plantWebhook(
  db: Db,
  url: string,
  { events = ['*'], position = 0 }: { events?: string[]; position?: number } = {},
): Promise<Planted> {
  const [workspaceId, environmentId, webhookId] = [newId('ws'), newId('env'), newId('we')]
  await sql`INSERT INTO workspaces (id, name, plan, created_at) VALUES (${workspaceId}, ${workspaceId}, 'standard', now())`.execute(
    db,
  )
  await sql`INSERT INTO environments (id, workspace_id, name) VALUES (${environmentId}, ${workspaceId}, 'test')`.execute(
    db,
  )
  await plantIn(db, { environmentId, webhookId }, url, events, position)
  return { environmentId, webhookId }
}

/** A webhook in an environment that is there. */
export async function plantIn(
  db: Db,
  { environmentId, webhookId }: Planted,
  url: string,
  events: string[],
  position: number,
): Promise<void> {
  const secret = new WebhookVault(key).sealSecret(webhookId, createSecret())
  await sql`INSERT INTO webhooks (id, environment_id, url, events, signature, secret, status, created_at, updated_at)
            VALUES (${webhookId}, ${environmentId}, ${url}, ${events}, 'v1', ${secret}, 'enabled', now(), now())`.execute(
    db,
  )
  await sql`INSERT INTO webhook_consumers (webhook_id, position) VALUES (${webhookId}, ${position})`.execute(
    db,
  )
}
