/** The postmaster of a cluster: found by its pid file, started, and stopped. */
import { once } from 'node:events'
import { open, readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive } from '../lib/is-alive.ts'
import { StartError } from '../lib/start-error.ts'
import { within } from '../lib/within.ts'
import { clusterFolder, folderProblem, fullDisk } from './data-folder.ts'
import type { Runner } from './postgres-runner.ts'

export interface Postmaster {
  pid: number
  port: number
}

/** Durability stays at PostgreSQL's defaults. No statement and no value of one may reach the log. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '2GB',
  wal_compression: 'on',
  jit: 'off',
  // Errors of statements quote what was wrong in them; the server logs its own.
  log_min_messages: 'log',
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
}

const POLL_MS = 20
const STOP_DEADLINE_MS = 30_000
const LOG_LIMIT_BYTES = 10 * 1024 * 1024

const pidFile = (dataDir: string): string => join(clusterFolder(dataDir), 'postmaster.pid')
const logFile = (dataDir: string): string => join(dataDir, 'postgres.log')

/** The postmaster that serves this folder, whatever state it is in; undefined when there is none. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const read = await readPidFile(dataDir)
  if (read === undefined || !isAlive(read.pid)) return undefined
  const folder = await readlink(`/proc/${read.pid}/cwd`).catch(() => undefined)
  if (folder !== undefined && folder !== (await realpath(clusterFolder(dataDir)))) {
    // After a reboot or in a new container, the number may be another process's.
    await removeStalePidFile(dataDir)
    return undefined
  }
  return read
}

async function readPidFile(dataDir: string): Promise<(Postmaster & { status: string }) | undefined> {
  const text = await readFile(pidFile(dataDir), 'utf8').catch(() => '')
  const [pid, , , port, , , , status = ''] = text.split('\n')
  return Number(pid) > 0 && Number(port) > 0
    ? { pid: Number(pid), port: Number(port), status: status.trim() }
    : undefined
}

export function removeStalePidFile(dataDir: string): Promise<void> {
  return rm(pidFile(dataDir), { force: true })
}

/**
 * Starts one and waits until it takes connections. Undefined when it has to be looked at again: somebody else was
 * quicker, the port was taken in between, or what a crash left is still going away.
 */
export async function startPostmaster(
  dataDir: string,
  runner: Runner,
  settings: Readonly<Record<string, string>>,
  preferredPort: number | undefined,
): Promise<Postmaster | undefined> {
  const port = preferredPort ?? (await freePort())
  const log = await openLog(dataDir).catch((error: unknown) => Promise.reject(folderProblem(error, dataDir)))
  const all = Object.entries({ ...SETTINGS, port: String(port), ...settings })
  const args = ['-D', clusterFolder(dataDir), ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  // A session of its own: Ctrl-C in the terminal must reach the server only, which drains before it stops this one.
  const child = runner.spawn(runner.binaries.postgres, args, {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  })
  const exited = once(child, 'exit').then(() => true)
  exited.catch(() => {})
  child.unref()
  await log.close()
  for (;;) {
    const hasExited = await within(exited, POLL_MS, false)
    if (hasExited) return explainExit(dataDir, log.offset)
    const running = await readPidFile(dataDir)
    if (running?.pid === child.pid && running?.status === 'ready') return running
  }
}

async function openLog(dataDir: string): Promise<{ fd: number; offset: number; close: () => Promise<void> }> {
  const path = logFile(dataDir)
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  const file = await open(path, size > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600)
  return { fd: file.fd, offset: size > LOG_LIMIT_BYTES ? 0 : size, close: () => file.close() }
}

async function explainExit(dataDir: string, offset: number): Promise<undefined> {
  const text = (await readFile(logFile(dataDir))).subarray(offset).toString()
  if (/"postmaster\.pid" already exists|still in use|could not bind|could not create any TCP/.test(text))
    return undefined
  if (/No space left on device/.test(text)) throw fullDisk(dataDir)
  const fatal =
    text.split('\n').findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? text.trim().split('\n').at(-1)
  const reason = fatal?.replace(/^.*?(?:FATAL|PANIC):\s*/, '') || 'it ended without saying why' // an empty line says nothing
  throw new StartError(`PostgreSQL in ${dataDir} does not start: ${reason}. Its log: ${logFile(dataDir)}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

/** Fast shutdown: transactions under way are rolled back, everything committed is kept. Returns when it has gone. */
export async function stopPostmaster({ pid }: Postmaster): Promise<void> {
  signal(pid, 'SIGINT')
  const deadlineMs = performance.now() + STOP_DEADLINE_MS
  let wasPressed = false
  while (isAlive(pid)) {
    if (!wasPressed && performance.now() > deadlineMs) {
      wasPressed = true
      signal(pid, 'SIGQUIT')
    }
    await delay(POLL_MS)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
