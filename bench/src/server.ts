/** Starts what is measured: the server as `npm start` would, on a data folder of its own, with what a load needs. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createWorkspace } from './keys.ts'
import { firstLine } from './peer.ts'

const server = fileURLToPath(new URL('../../packages/server/src/', import.meta.url))

export interface RunningServer {
  url: string
  /** A secret whose key may do everything. */
  key: string
  /** Of the server's own database, in its embedded PostgreSQL. */
  connectionString: string
  /** Makes an empty database in the same PostgreSQL, in place of one that a row before made; its connection string. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

export async function startServer(): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'agentclara-bench-'))
  // Always on a PostgreSQL of its own: what is measured includes it, and rows make databases there.
  const { DATABASE_URL: _, ...rest } = process.env
  const env = { ...rest, PORT: '0', AGENTCLARA_DATA_DIR: dataDir, AGENTCLARA_LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [join(server, 'main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = /http:\S+/.exec(await firstLine(child))?.[0]
  if (url === undefined) throw new Error('the server printed no URL')
  const key = await createWorkspace(env, 'Bench')
  const connectionString = await embeddedUrl(dataDir)
  return {
    url,
    key,
    connectionString,
    createDatabase: (name) => createDatabase(connectionString, name),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The embedded PostgreSQL: its port and the password that lie in the data folder. */
async function embeddedUrl(dataDir: string): Promise<string> {
  const pid = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')
  const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim()
  return `postgres://agentclara:${password}@127.0.0.1:${pid.split('\n')[3]}/agentclara`
}

async function createDatabase(connectionString: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`)
  await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  await client.end()
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}
