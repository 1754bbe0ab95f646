/** The embedded PostgreSQL as processes see it: shared, adopted, stopped, and every way in which it can't start. */
import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isAlive } from '../lib/is-alive.ts'
import { StartError } from '../lib/start-error.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded-postgres.ts'
import { findPostmaster } from './postmaster.ts'

const isRoot = process.getuid?.() === 0
const folders: string[] = []
const opened: EmbeddedPostgres[] = []
/** A folder with a cluster that is not running, to copy from: making one takes a second. */
let made: string

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'agentclara-pg-'))
  folders.push(folder)
  return folder
}

async function folder(): Promise<string> {
  const path = await emptyFolder()
  // With owners and modes: the cluster belongs to the user that PostgreSQL runs as.
  execFileSync('cp', ['-a', `${made}/.`, path])
  return path
}

async function openIn(
  dataDir: string,
  role: 'server' | 'admin' = 'server',
  onIncident?: (message: string) => void,
) {
  const settings = { fsync: 'off' }
  const options = { dataDir, role, label: `test ${role}`, settings }
  const postgres = await openEmbeddedPostgres(onIncident === undefined ? options : { ...options, onIncident })
  opened.push(postgres)
  return postgres
}

async function query(
  { connection }: EmbeddedPostgres,
  text: string,
  values: unknown[] = [],
): Promise<pg.QueryResult> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(text, values)
  } finally {
    await client.end().catch(() => {})
  }
}

const pidOf = async (dataDir: string): Promise<number | undefined> => (await findPostmaster(dataDir))?.pid

async function problemOf(dataDir: string): Promise<string> {
  const error = await openIn(dataDir).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartError)
  const { message } = error as StartError
  expect(message).not.toContain('\n')
  return message
}

beforeAll(async () => {
  made = await emptyFolder()
  const first = await openEmbeddedPostgres({
    dataDir: made,
    role: 'server',
    label: 'first',
    settings: { fsync: 'off' },
  })
  await first.close()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((postgres) => postgres.close()))
})
afterAll(async () => {
  await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true })))
})

test('the first open makes a cluster with a password of its own, and the close stops it', async () => {
  const dataDir = await emptyFolder()
  const postgres = await openIn(dataDir)
  expect(postgres.adopted).toBe(false)
  const { rows } = await query(
    postgres,
    "SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding",
  )
  expect(rows).toEqual([{ fsync: 'off', encoding: 'UTF8' }])
  expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600)
  const wrong = { ...postgres, connection: { ...postgres.connection, password: 'wrong' } }
  await expect(query(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  await postgres.close()
  await postgres.close()
  expect(await pidOf(dataDir)).toBeUndefined()
})

test.skipIf(!isRoot)(
  'as root, in a folder that no other user can enter, PostgreSQL runs as another user',
  async () => {
    const dataDir = await folder()
    expect((await stat(dataDir)).mode & 0o077).toBe(0)
    await openIn(dataDir)
    const status = await readFile(`/proc/${await pidOf(dataDir)}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0')
    // At most the one capability that lets it through folders.
    const capabilities = BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(status)?.[1]}`)
    expect([0n, 1n << 2n]).toContain(capabilities)
  },
)

test('an admin beside a server shares its PostgreSQL; the last one out stops it', async () => {
  const dataDir = await folder()
  const server = await openIn(dataDir)
  const admin = await openIn(dataDir, 'admin')
  expect(admin.adopted).toBe(true)
  expect(admin.connection.port).toBe(server.connection.port)
  await server.close()
  expect((await query(admin, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await admin.close()
  expect(await pidOf(dataDir)).toBeUndefined()
})

test('a second server is refused with the first one’s label, and the first goes on', async () => {
  const dataDir = await folder()
  const first = await openIn(dataDir)
  expect(await problemOf(dataDir)).toContain('Another AgentClara server (test server) already uses')
  expect((await query(first, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('of two servers that start at once on an empty folder, one runs and one is told', async () => {
  for (let round = 0; round < 3; round++) {
    const dataDir = await emptyFolder()
    const results = await Promise.allSettled([openIn(dataDir), openIn(dataDir)])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const [rejected] = results.filter((result) => result.status === 'rejected')
    expect(rejected?.reason).toBeInstanceOf(StartError)
    expect((await readdir(dataDir)).filter((name) => name.includes('.new-'))).toEqual([])
  }
})

test('a server that starts while an admin leaves never fails for it', async () => {
  const dataDir = await folder()
  for (let round = 0; round < 8; round++) {
    const admin = await openIn(dataDir, 'admin')
    const [server] = await Promise.all([openIn(dataDir), admin.close()])
    expect((await query(server, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await server.close()
  }
})

test('a PostgreSQL that outlived its server is adopted, with what was committed', async () => {
  const dataDir = await folder()
  const first = await openIn(dataDir)
  await query(first, 'CREATE TABLE kept (n int)')
  await query(first, 'INSERT INTO kept VALUES (42)')
  const pid = await pidOf(dataDir)
  // What kill -9 of a server does: its connections end, and nothing else happens.
  await query(
    first,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'agentclara%'",
  )
  const second = await openIn(dataDir, 'admin')
  expect(second.adopted).toBe(true)
  expect(await pidOf(dataDir)).toBe(pid)
  expect((await query(second, 'SELECT n FROM kept')).rows).toEqual([{ n: 42 }])
})

test('a PostgreSQL that is killed under its server comes back on the same port with what was committed', async () => {
  const dataDir = await folder()
  const incidents: string[] = []
  const server = await openIn(dataDir, 'server', (message) => incidents.push(message))
  await query(server, 'CREATE TABLE kept (n int)')
  const pid = await pidOf(dataDir)
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(() => incidents, { timeout: 15_000 }).toHaveLength(2)
  expect((await query(server, 'SELECT n FROM kept')).rows).toEqual([])
  expect(await pidOf(dataDir)).not.toBe(pid)
  await server.close()
  expect(await pidOf(dataDir)).toBeUndefined()
})

test('a pid file whose number is another process’s now is no obstacle', async () => {
  const dataDir = await folder()
  const lines = [process.pid, join(dataDir, 'postgres'), 1, 54321, '', '127.0.0.1', '  1  1', 'ready']
  await writeFile(join(dataDir, 'postgres/postmaster.pid'), `${lines.join('\n')}\n`)
  expect((await openIn(dataDir)).adopted).toBe(false)
  expect(isAlive(process.pid)).toBe(true)
})

test('what a first start left that was killed is removed', async () => {
  const dataDir = await emptyFolder()
  await mkdir(join(dataDir, 'postgres.new-999999999-ab/base'), { recursive: true })
  await writeFile(join(dataDir, 'postgres.new-999999999-ab.password'), 'x')
  await openIn(dataDir)
  expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres-password', 'postgres.log'])
})

test('values of parameters never reach the log, not even with an error', async () => {
  const dataDir = await folder()
  const postgres = await openIn(dataDir)
  await query(postgres, 'CREATE TABLE t (id text PRIMARY KEY)')
  await query(postgres, 'INSERT INTO t VALUES ($1)', ['very-secret'])
  await expect(query(postgres, 'INSERT INTO t VALUES ($1)', ['very-secret'])).rejects.toThrow(/duplicate/)
  await expect(query(postgres, 'SELECT $1::int', ['very-secret'])).rejects.toThrow(/invalid input/)
  const log = await readFile(join(dataDir, 'postgres.log'), 'utf8')
  expect(log).not.toContain('very-secret')
})

describe('what a person can mend is one line with the fix', () => {
  test('a cluster of another version', async () => {
    const dataDir = await folder()
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), '17\n')
    expect(await problemOf(dataDir)).toMatch(/made by PostgreSQL 17, and this is 18.*DATABASE_URL/)
  })

  test('a password file that is missing, or another’s', async () => {
    const dataDir = await folder()
    await writeFile(join(dataDir, 'postgres-password'), 'another\n')
    expect(await problemOf(dataDir)).toMatch(/not the password.*backup/)
    await rm(join(dataDir, 'postgres-password'))
    expect(await problemOf(dataDir)).toMatch(/postgres-password can’t be read.*backup/)
  })

  test('a damaged cluster names the log', async () => {
    const dataDir = await folder()
    await rm(join(dataDir, 'postgres/global/pg_control'))
    expect(await problemOf(dataDir)).toMatch(/does not start: .*pg_control.*Its log: .*postgres\.log/)
  })

  test('a folder that is a file', async () => {
    const path = join(await emptyFolder(), 'file')
    await writeFile(path, '')
    expect(await problemOf(path)).toMatch(/is not a folder: set AGENTCLARA_DATA_DIR/)
  })

  test.skipIf(!isRoot)(
    'a full disk, at the first start and at a later one (needs root, to mount a small disk)',
    async () => {
      await withMount('size=20m', async (dataDir) => {
        expect(await problemOf(dataDir)).toMatch(/The disk with .* is full: free some space/)
      })
      await withMount('size=120m', async (dataDir) => {
        await cp(made, dataDir, { recursive: true })
        execFileSync('cp', ['-a', `${made}/.`, dataDir])
        execFileSync('sh', ['-c', `dd if=/dev/zero of=${dataDir}/filler bs=1M 2>/dev/null || true`])
        expect(await problemOf(dataDir)).toMatch(/The disk with .* is full: free some space/)
      })
    },
  )

  test.skipIf(!isRoot)('a read-only disk (needs root, to mount one)', async () => {
    await withMount('ro', async (dataDir) => {
      expect(await problemOf(dataDir)).toMatch(/is not writable for this user: change its owner/)
    })
  })
})

async function withMount(options: string, work: (path: string) => Promise<void>): Promise<void> {
  const path = await emptyFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
  try {
    await work(path)
  } finally {
    execFileSync('umount', ['--lazy', path])
  }
}
