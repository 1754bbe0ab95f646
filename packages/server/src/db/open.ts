/** Opens the database that the configuration names: the embedded one in the data folder, or DATABASE_URL. */
import pg from 'pg'
import type { DatabaseConfig } from '../config.ts'
import { StartError } from '../lib/start-error.ts'
import { type ConnectionTarget, connectionConfig } from './client.ts'
import { openEmbeddedPostgres } from './embedded-postgres.ts'

export interface OpenDatabase {
  target: ConnectionTarget
  /** For the start message. */
  description: string
  /** Ends the use of the database; stops the embedded one when nobody else uses it. */
  close(): Promise<void>
}

export interface OpenDatabaseOptions {
  database: DatabaseConfig
  dataDir: string
  role: 'server' | 'admin'
  label: string
  /** Connections that this process will open at most. */
  poolSize: number
  /** Hears when the embedded PostgreSQL went away by itself, and when it is back. */
  onIncident: (message: string, error?: unknown) => void
}

const OLDEST_SERVER_VERSION = 150_000

/** Throws StartError naming what is wrong and the fix. */
export async function openDatabase({
  database,
  dataDir,
  role,
  label,
  poolSize,
  onIncident,
}: OpenDatabaseOptions): Promise<OpenDatabase> {
  if (database.kind === 'embedded') {
    // Room for the pool, listeners, admin commands and upkeep by hand.
    const settings = { max_connections: String(Math.max(100, poolSize + 50)) }
    const embedded = await openEmbeddedPostgres({ dataDir, role, label, settings, onIncident })
    return { target: embedded.connection, description: 'embedded PostgreSQL', close: () => embedded.close() }
  }
  await probe(database.url, database.display)
  return { target: database.url, description: `PostgreSQL at ${database.display}`, close: async () => {} }
}

async function probe(url: string, display: string): Promise<void> {
  const client = new pg.Client({
    ...connectionConfig(url, 'agentclara probe'),
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {})
  let version: number
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>(
      "SELECT current_setting('server_version_num') AS version",
    )
    version = Number(rows[0]?.version)
  } catch (error) {
    throw new StartError(`DATABASE_URL (${display}): ${connectionProblem(error)}`)
  } finally {
    await client.end().catch(() => {})
  }
  if (version < OLDEST_SERVER_VERSION) {
    throw new StartError(
      `DATABASE_URL (${display}): this PostgreSQL is version ${Math.floor(version / 10_000)}; AgentClara needs 15 or newer.`,
    )
  }
}

function connectionProblem(error: unknown): string {
  const { code, message } =
    error instanceof Error
      ? (error as Error & { code?: string })
      : { code: undefined, message: String(error) }
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there. Start PostgreSQL, or correct host and port.'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no such host. Correct the host name.'
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the host does not answer. Check the address and the firewall.'
    case '28P01':
    case '28000':
      return 'the user or the password is wrong. Correct them in DATABASE_URL.'
    case '3D000':
      return 'there is no such database. Create it (createdb), or correct the name.'
    case '53300':
      return 'the server has no connection left. Raise its max_connections.'
    default:
      return `${oneLine(message)}. Check DATABASE_URL.`
  }
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line === '' ? 'the connection failed' : line
}
