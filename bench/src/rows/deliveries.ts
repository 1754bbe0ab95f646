/** The history of deliveries when it is full: what the owner of a webhook asks and writes, and dropping a day. */
import pg from 'pg'
import { createDb, createPool, type Db } from '../../../packages/server/src/db/client.ts'
import {
  claimConsumers,
  type DeliveryState,
  listPending,
  listRecorded,
  type NewAttempt,
  releaseConsumers,
  takeRequested,
  writeOutcomes,
} from '../../../packages/server/src/features/webhooks/dispatch/store.ts'
import type { Id } from '../../../packages/server/src/lib/ids.ts'
import type { Figures, Row } from '../row.ts'
import type { RunningServer } from '../server.ts'
import { createWebhook, percentile } from '../webhooks.ts'

const ROWS = 5_000_000
const DAYS = 30
const WEBHOOKS = 100
const RUNS = 300
/** As many outcomes as a busy server writes at once. */
const BATCH = 50
/** Another server than the one that is measured: it has nothing to do with these webhooks. */
const NODE: Id<'node'> = 'node_00000000000000000000000000'

export const deliveryRows: Row[] = [
  {
    name: 'deliveries/5-million',
    what: 'the slowest of claiming, reading what waits and writing a batch, p99, with 5,000,000 attempts kept',
    against: 'SELECT 1, p99',
    unit: ' ms',
    goal: { oursUnder: 20 },
    measure,
  },
]

async function measure(server: RunningServer): Promise<Figures> {
  const client = new pg.Client({ connectionString: server.connectionString })
  await client.connect()
  const db = createDb(createPool(server.connectionString, 2, () => {}))
  try {
    const webhooks = await fill(client, server)
    const figures = await timeAll(db, webhooks)
    for (const [name, ms] of figures) console.log(`  ${name}: p99 ${ms.toFixed(2)} ms`)
    console.log(`  dropping a day of both tables: ${(await dropDay(client)).toFixed(1)} ms`)
    const yardstick = await p99(() => client.query('SELECT 1'))
    return { ours: Math.max(...figures.values()), yardstick }
  } finally {
    await client.end()
    await db.destroy()
  }
}

/** Webhooks of another server, and what was sent to them in 30 days. One delivery of 100 waits. */
async function fill(client: pg.Client, server: RunningServer): Promise<Id<'we'>[]> {
  const startedMs = performance.now()
  const first = await createWebhook(server, 'http://127.0.0.1:1/')
  await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`)
  // Paused, so that the server that is measured leaves them alone while they are made.
  await client.query(
    `INSERT INTO webhooks SELECT (jsonb_populate_record(w, jsonb_build_object('id', 'we_' || lpad(n::text, 26, '0'), 'status', 'paused'))).*
       FROM webhooks w, generate_series(1, ${WEBHOOKS}) n WHERE w.id = $1`,
    [first],
  )
  await client.query(
    `INSERT INTO webhook_consumers (webhook_id, position, owner_node)
     SELECT id, ${ROWS}, '${NODE}' FROM webhooks WHERE status = 'paused'`,
  )
  // It lives, so that the server leaves its webhooks alone.
  await client.query(`INSERT INTO nodes VALUES ('${NODE}', now(), now() + interval '1 day')`)
  for (const table of ['deliveries', 'delivery_attempts']) {
    for (let day = 1; day <= DAYS; day++) {
      await client.query(`DO $$ BEGIN EXECUTE format(
        'CREATE TABLE IF NOT EXISTS ${table}_%s PARTITION OF ${table} FOR VALUES FROM (%L) TO (%L)',
        to_char(current_date - ${day}, 'YYYYMMDD'), (current_date - ${day}) + time '00:00' AT TIME ZONE 'UTC',
        (current_date - ${day - 1}) + time '00:00' AT TIME ZONE 'UTC'); END $$`)
    }
  }
  const at = `now() - interval '${DAYS - 1} days' * (1 - n::float8 / ${ROWS})`
  const delivery = `'dlv_' || lpad(n::text, 26, '0')`
  const webhook = `'we_' || lpad((n % ${WEBHOOKS} + 1)::text, 26, '0')`
  await client.query(
    `INSERT INTO deliveries SELECT w.environment_id, ${webhook}, 'evt_' || lpad(n::text, 26, '0'), n, ${delivery},
            'message.sent', 'conv_' || lpad((n % 100000)::text, 26, '0'), CASE WHEN n % 997 < 10 THEN 'pending' ELSE 'succeeded' END,
            1, 1, CASE WHEN n % 997 < 10 THEN now() + interval '1 hour' END, false, NULL, 200, NULL, ${at}, ${at}
       FROM generate_series(1, ${ROWS}) n, webhooks w WHERE w.id = $1`,
    [first],
  )
  await client.query(
    `INSERT INTO delivery_attempts SELECT w.environment_id, ${webhook}, ${delivery}, 1, 'event', w.url, ${at}, 12.5, 200,
            NULL, '127.0.0.1', '{"content-type":"text/plain"}', 'ok', false
       FROM generate_series(1, ${ROWS}) n, webhooks w WHERE w.id = $1`,
    [first],
  )
  await client.query('VACUUM ANALYZE deliveries, delivery_attempts, webhooks, webhook_consumers')
  console.log(`  filled in ${Math.round((performance.now() - startedMs) / 1000)} s`)
  const { rows } = await client.query<{ id: Id<'we'> }>(`SELECT id FROM webhooks WHERE status = 'paused'`)
  return rows.map(({ id }) => id)
}

async function timeAll(db: Db, webhooks: readonly Id<'we'>[]): Promise<Map<string, number>> {
  const one = (): Id<'we'> => webhooks[Math.floor(Math.random() * webhooks.length)] ?? NODE_WEBHOOK
  const environmentId = await environmentOf(db, one())
  await db.updateTable('webhooks').set({ status: 'enabled' }).where('id', 'in', webhooks).execute()
  // Nobody lives as far as this claim is concerned.
  const claim = await p99(() => claimConsumers(db, NODE, [], 10))
  await db.updateTable('webhooks').set({ status: 'paused' }).where('id', 'in', webhooks).execute()
  const owned = await db.selectFrom('webhook_consumers').select(['webhook_id', 'epoch']).execute()
  const epochs = new Map(owned.map((row) => [row.webhook_id, row.epoch]))
  let sequence = ROWS
  const write = (): Promise<unknown> => {
    const id = one()
    const rows = Array.from({ length: BATCH }, () => outcomeOf(environmentId, id, ++sequence))
    return writeOutcomes(
      db,
      [
        {
          webhook_id: id,
          epoch: epochs.get(id) ?? 0,
          position: sequence,
          failing_since: null,
          last_success_at: new Date(),
          last_failure_at: null,
        },
      ],
      rows.map(({ delivery }) => delivery),
      rows.map(({ attempt }) => attempt),
    )
  }
  const figures = new Map([
    ['claim of 10 webhooks', claim],
    ['what waits, 1,000 rows', await p99(() => listPending(db, one(), -1, 1_000))],
    ['what was recorded beyond the position', await p99(() => listRecorded(db, one(), ROWS - 20_000))],
    [
      'what was asked for',
      await p99(() => {
        const id = one()
        return takeRequested(db, id, epochs.get(id) ?? 0, new Date())
      }),
    ],
    [`a batch of ${BATCH} outcomes`, await p99(write)],
  ])
  await releaseConsumers(
    db,
    owned.map((row) => ({ webhookId: row.webhook_id, epoch: row.epoch })),
  )
  return figures
}

/** Never looked for: there is always one to choose. */
const NODE_WEBHOOK: Id<'we'> = 'we_00000000000000000000000000'

async function environmentOf(db: Db, id: Id<'we'>): Promise<Id<'env'>> {
  const row = await db
    .selectFrom('webhooks')
    .select('environment_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.environment_id
}

function outcomeOf(
  environmentId: Id<'env'>,
  webhookId: Id<'we'>,
  sequence: number,
): { delivery: DeliveryState; attempt: NewAttempt } {
  const padded = String(sequence).padStart(26, '0')
  const now = new Date()
  return {
    delivery: {
      environment_id: environmentId,
      webhook_id: webhookId,
      event_id: `evt_${padded}`,
      sequence,
      id: `dlv_${padded}`,
      event_type: 'message.sent',
      lane: `conv_${padded}`,
      status: 'succeeded',
      attempts: 1,
      round_attempts: 1,
      due_at: null,
      recovery_id: null,
      last_status: 200,
      last_error: null,
      created_at: now,
      attempted_at: now,
    },
    attempt: {
      environment_id: environmentId,
      webhook_id: webhookId,
      delivery_id: `dlv_${padded}`,
      number: 1,
      cause: 'event',
      url: 'http://127.0.0.1:1/',
      started_at: now,
      duration_ms: 12.5,
      status: 200,
      error: null,
      address: '127.0.0.1',
      response_headers: { 'content-type': 'text/plain' },
      response_body: 'ok',
      is_response_cut: false,
    },
  }
}

/** The oldest day, as upkeep does it: a statement for each table. */
async function dropDay(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ day: string }>(
    `SELECT to_char(current_date - ${DAYS - 2}, 'YYYYMMDD') AS day`,
  )
  const startedMs = performance.now()
  for (const table of ['deliveries', 'delivery_attempts'])
    await client.query(`DROP TABLE ${table}_${rows[0]?.day}`)
  return performance.now() - startedMs
}

async function p99(work: () => Promise<unknown>): Promise<number> {
  for (let run = 0; run < 20; run++) await work() // warms up
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now()
    await work()
    times.push(performance.now() - startedMs)
  }
  return percentile(times, 0.99)
}
