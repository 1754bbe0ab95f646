/**
 * PostgreSQL in the data folder. Everyone who uses a folder holds advisory locks in its database: they end with the
 * process that holds them, however it ends. So a server that was killed leaves nothing to clean up: the next one
 * adopts the PostgreSQL that goes on running; the last one to leave stops it.
 */
import { readFile, realpath } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { StartError } from '../lib/start-error.ts'
import { type ConnectionOptions, createClient } from './client.ts'
import { clusterFolder, makeDataFolder } from './data-folder.ts'
import { ensureCluster } from './postgres-cluster.ts'
import { chooseRunner, type Runner } from './postgres-runner.ts'
import {
  findPostmaster,
  type Postmaster,
  removeStalePidFile,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts'

export interface EmbeddedPostgresOptions {
  /** Absolute. */
  dataDir: string
  /** A `server` is the only one of its folder; an `admin` may work beside it. */
  role: 'server' | 'admin'
  /** Shown to a second server: "pid 123, port 4000". */
  label: string
  /** PostgreSQL settings beyond ours. */
  settings?: Record<string, string>
  /** Hears that the database went away by itself, and that it is back. */
  onIncident?: (message: string, error?: unknown) => void
}

export interface EmbeddedPostgres {
  connection: ConnectionOptions
  /** True when PostgreSQL was running already. */
  adopted: boolean
  /** Ends this use of the folder, and PostgreSQL itself when nobody else uses it. */
  close(): Promise<void>
}

/** How long a PostgreSQL that is starting, recovering or stopping is waited for. */
const DEADLINE_MS = 60_000
const RETRY_MS = 50
const MAX_RECOVERY_DELAY_MS = 5_000

/** Keys of advisory locks in the maintenance database: who uses the folder (shared), and which server does (one). */
const USE_LOCK = 4_543_001
const SERVER_LOCK = 4_543_002

/** Starts or adopts the folder's PostgreSQL, making the folder at the first time. Throws StartError. */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await makeDataFolder(options.dataDir)
  const runner = await chooseRunner(options.dataDir)
  let use = await acquire(options, runner, undefined)
  const { port } = use.postmaster
  const password = await readPassword(options.dataDir)
  let isClosed = false
  let recovery: Promise<void> | undefined

  const watch = (current: Use): void => {
    current.client.once('end', () => {
      if (!isClosed) recovery = recover()
    })
    current.client.on('error', () => {})
  }
  const recover = async (): Promise<void> => {
    options.onIncident?.('PostgreSQL in the data folder went away; starting it again')
    for (let delayMs = RETRY_MS; !isClosed; delayMs = Math.min(MAX_RECOVERY_DELAY_MS, delayMs * 2)) {
      try {
        // On the port that the pool's connections come back to.
        use = await acquire(options, runner, port)
        watch(use)
        options.onIncident?.('PostgreSQL in the data folder is back')
        return
      } catch (error) {
        options.onIncident?.('PostgreSQL in the data folder could not be started; trying again', error)
        await delay(delayMs)
      }
    }
  }
  watch(use)

  return {
    connection: { host: '127.0.0.1', port, user: 'agentclara', password, database: 'agentclara' },
    adopted: use.adopted,
    async close() {
      if (isClosed) return
      isClosed = true
      await recovery
      await release(use)
    },
  }
}

interface Use {
  client: pg.Client
  postmaster: Postmaster
  adopted: boolean
}

async function acquire(
  options: EmbeddedPostgresOptions,
  runner: Runner,
  preferredPort: number | undefined,
): Promise<Use> {
  const deadlineMs = performance.now() + DEADLINE_MS
  const { dataDir, settings = {} } = options
  for (;;) {
    await ensureCluster(dataDir, runner)
    const running = await findPostmaster(dataDir)
    const postmaster = running ?? (await startPostmaster(dataDir, runner, settings, preferredPort))
    if (postmaster !== undefined) {
      const client = await takeLocks(options, postmaster).catch(async (error: unknown) => {
        // What this call started and can't use must not go on running.
        if (running === undefined) await stopPostmaster(postmaster)
        throw error
      })
      if (client !== undefined) return { client, postmaster, adopted: running !== undefined }
    }
    if (performance.now() > deadlineMs) {
      throw new StartError(
        `PostgreSQL in ${clusterFolder(dataDir)} does not answer. If no process uses the folder, delete postmaster.pid in it and start again; the log is ${dataDir}/postgres.log`,
      )
    }
    await delay(RETRY_MS)
  }
}

/** Codes that mean "not now": starting, stopping, crashed, nothing listening. */
const NOT_NOW = /^(?:57P0\d|ECONNREFUSED|ECONNRESET|EPIPE|08\w{3})$/

/** The connection that holds the locks, or undefined when this PostgreSQL is coming or going: look again. */
async function takeLocks(
  options: EmbeddedPostgresOptions,
  postmaster: Postmaster,
): Promise<pg.Client | undefined> {
  const { dataDir, role, label } = options
  const target = {
    host: '127.0.0.1',
    port: postmaster.port,
    user: 'agentclara',
    password: await readPassword(dataDir),
    database: 'postgres',
  }
  const client = createClient(target, {
    application_name: `agentclara ${role}: ${label}`.slice(0, 63),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    if (!(await servesFolder(client, dataDir))) {
      // The folder was copied or moved together with the file that says which process serves it.
      await removeStalePidFile(dataDir)
      await client.end()
      return undefined
    }
    if (!(await tryLock(client, 'pg_try_advisory_lock_shared', USE_LOCK))) {
      await client.end()
      return undefined
    }
    if (role === 'server' && !(await tryLock(client, 'pg_try_advisory_lock', SERVER_LOCK))) {
      throw await alreadyUsed(client, dataDir)
    }
    await ensureDatabase(client)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    const { code, message } = error as Error & { code?: string }
    if (NOT_NOW.test(code ?? '') || /timeout|terminated|Connection/.test(message)) return undefined
    if (code === '28P01') {
      throw new StartError(
        `${dataDir}/postgres-password is not the password of the database in ${dataDir}: restore the file from a backup.`,
      )
    }
    throw error
  }
}

async function servesFolder(client: pg.Client, dataDir: string): Promise<boolean> {
  const { rows } = await client.query<{ folder: string }>(
    "SELECT current_setting('data_directory') AS folder",
  )
  return rows[0]?.folder === (await realpath(clusterFolder(dataDir)))
}

async function tryLock(client: pg.Client, lock: string, key: number): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(`SELECT ${lock}(${key}) AS held`)
  return rows[0]?.held === true
}

async function alreadyUsed(client: pg.Client, dataDir: string): Promise<StartError> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid)
      WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND objid = ${SERVER_LOCK}`,
  )
  const label = rows[0]?.name.replace('agentclara server: ', '')
  return new StartError(
    `Another AgentClara server${label === undefined ? '' : ` (${label})`} already uses ${dataDir}. Stop it, or set AGENTCLARA_DATA_DIR to another folder.`,
  )
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'agentclara'")
  if (rowCount === 1) return
  await client.query('CREATE DATABASE agentclara').catch((error: { code?: string }) => {
    // Somebody else just made it: found either by name or by the catalog's unique index.
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

async function release({ client, postmaster }: Use): Promise<void> {
  let isLast = false
  try {
    await client.query(`SELECT pg_advisory_unlock_shared(${USE_LOCK})`)
    isLast = await tryLock(client, 'pg_try_advisory_lock', USE_LOCK)
  } catch {
    // PostgreSQL went away by itself: there is nothing to stop and nothing to unlock.
  }
  // The lock is held until PostgreSQL has stopped: nobody begins to use what is being switched off.
  if (isLast) await stopPostmaster(postmaster)
  await client.end().catch(() => {})
}

async function readPassword(dataDir: string): Promise<string> {
  return (await readFile(`${dataDir}/postgres-password`, 'utf8')).trim()
}
