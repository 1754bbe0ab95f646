/**
 * One PostgreSQL for a test run (vitest's global setup): the embedded one, or the server that TEST_DATABASE_URL
 * names. A migrated template database is made once; each test file clones it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { createDb, createPool } from '../db/client.ts'
import { openEmbeddedPostgres } from '../db/embedded-postgres.ts'
import { migrate } from '../db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A connection string of the test run's PostgreSQL, to its template database. */
    templateUrl: string
  }
}

const TEMPLATE = 'agentclara_template'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, close } = await openServer()
  const templateUrl = withDatabase(url, TEMPLATE)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`)
  await client.query(`CREATE DATABASE ${TEMPLATE}`)
  await client.end()
  const db = createDb(createPool(templateUrl, 1, () => {}))
  await migrate(db)
  await db.destroy()
  project.provide('templateUrl', templateUrl)
  return close
}

async function openServer(): Promise<{ url: string; close: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given !== undefined) return { url: given, close: async () => {} }
  const dataDir = await mkdtemp(join(tmpdir(), 'agentclara-test-'))
  // Tests are about what the server does, not about what a power cut does: no fsync, much faster.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
  }
  const embedded = await openEmbeddedPostgres({ dataDir, role: 'server', label: 'tests', settings })
  const { user, password, host, port, database } = embedded.connection
  return {
    url: `postgres://${user}:${password}@${host}:${port}/${database}`,
    close: async () => {
      await embedded.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export function withDatabase(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${database}`
  return parsed.href
}
