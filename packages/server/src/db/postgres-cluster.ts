/** The cluster in the data folder: made once, whole or not at all, also when two processes try at the same time. */

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFileOnce } from '../lib/create-file.ts'
import { isAlive } from '../lib/is-alive.ts'
import { StartError } from '../lib/start-error.ts'
import { clusterFolder, folderProblem, fullDisk } from './data-folder.ts'
import type { Runner } from './postgres-runner.ts'

/** The process that makes it, and a name of its own: one process may try twice at once. */
const NEW_CLUSTER = /^postgres\.new-(\d+)-/

/** Makes the cluster when there is none, and checks that this version can use the one there is. */
export async function ensureCluster(dataDir: string, runner: Runner): Promise<void> {
  const version = await readVersion(dataDir)
  if (version === undefined)
    return createCluster(dataDir, runner).catch((error: unknown) =>
      Promise.reject(folderProblem(error, dataDir)),
    )
  const expected = await postgresMajor(runner)
  if (version !== expected) {
    throw new StartError(
      `The database in ${dataDir} was made by PostgreSQL ${version}, and this is ${expected}: dump it with the version that made it and restore it here, or set DATABASE_URL to a server of version ${version}.`,
    )
  }
  await readFile(join(dataDir, 'postgres-password'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(
      `${join(dataDir, 'postgres-password')} can’t be read (${error.code}): restore it from a backup; the database can’t be opened without it.`,
    )
  })
}

async function readVersion(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(clusterFolder(dataDir), 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw folderProblem(error, dataDir)
  }
}

async function postgresMajor({ spawn, binaries }: Runner): Promise<string> {
  const child = spawn(binaries.postgres, ['-V'], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout?.on('data', (chunk) => (text += chunk))
  await once(child, 'close')
  return /(\d+)\./.exec(text)?.[1] ?? text
}

async function createCluster(dataDir: string, runner: Runner): Promise<void> {
  const passwordFile = join(dataDir, 'postgres-password')
  await removeAbandoned(dataDir)
  await createFileOnce(passwordFile, `${randomBytes(24).toString('base64url')}\n`, 0o600)
  const folder = `${clusterFolder(dataDir)}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  // initdb reads the password as the user that it runs as, so it gets a copy of that user's own.
  const passwordCopy = `${folder}.password`
  try {
    await mkdir(folder, { mode: 0o700 })
    await writeFile(passwordCopy, await readFile(passwordFile), { mode: 0o600 })
    if (runner.owner !== undefined) {
      await chown(folder, runner.owner.uid, runner.owner.gid)
      await chown(passwordCopy, runner.owner.uid, runner.owner.gid)
    }
    await initdb(runner, folder, passwordCopy, dataDir)
    await rename(folder, clusterFolder(dataDir))
  } catch (error) {
    // Another process was quicker: its cluster is as good, and has the same password.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await rm(passwordCopy, { force: true })
    await rm(folder, { recursive: true, force: true })
  }
}

async function initdb(runner: Runner, folder: string, passwordFile: string, dataDir: string): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    '--username=agentclara',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  const child = runner.spawn(runner.binaries.initdb, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr?.on('data', (chunk) => (errors += chunk))
  const [code] = await once(child, 'close')
  if (code === 0) return
  if (/No space left on device/.test(errors)) throw fullDisk(dataDir)
  const line =
    errors
      .trim()
      .split('\n')
      .find((text) => /error|fatal/i.test(text)) ?? errors.trim().split('\n').at(-1)
  throw new StartError(`The database in ${dataDir} could not be made: ${line}`)
}

/** What a first start that was killed left behind. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = NEW_CLUSTER.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    await rm(join(dataDir, name), { recursive: true, force: true })
  }
}
