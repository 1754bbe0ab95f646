/** Brings a database to the schema of this version: forward-only SQL files, once each, under an advisory lock. */
import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { StartError } from '../lib/start-error.ts'
import type { Db } from './client.ts'

const DIRECTORY = new URL('./migrations/', import.meta.url)

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(DIRECTORY)).filter((name) => name.endsWith('.sql')).sort()
  const entries = await Promise.all(
    files.map(async (name) => {
      const text = await readFile(new URL(name, DIRECTORY), 'utf8')
      return [
        name.slice(0, -'.sql'.length),
        { up: async (db: Db) => void (await sql.raw(text).execute(db)) },
      ] as const
    }),
  )
  return Object.fromEntries<Migration>(entries)
}

/** Applies what is missing, all in one transaction. Throws StartError when the database is ahead of this version. */
export async function migrate(db: Db): Promise<void> {
  const migrations = await readMigrations()
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new StartError(
      'This database was written by a newer version of AgentClara: start that version, or restore a backup that this one made.',
    )
  }
  throw error
}
