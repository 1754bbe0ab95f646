/** The secret that keys are hashed and cursors signed with: made at the first start, kept in the data folder. */
import { randomBytes } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from './db/client.ts'
import { folderProblem, makeDataFolder } from './db/data-folder.ts'
import { createFileOnce } from './lib/create-file.ts'
import { deriveKey } from './lib/derive-key.ts'
import { StartError } from './lib/start-error.ts'

const FILE_NAME = 'installation-secret'
const SECRET_BYTES = 32

/** Reads the secret, or makes it (mode 0600) when there is none. Two starts at once end with the same one. */
export async function loadInstallationSecret(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, FILE_NAME)
  try {
    await makeDataFolder(dataDir)
    await access(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw folderProblem(error, dataDir)
    await createFileOnce(path, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, 0o600).catch(
      (problem: unknown) => {
        throw folderProblem(problem, dataDir)
      },
    )
  }
  return readSecret(path)
}

async function readSecret(path: string): Promise<Buffer> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`${path} can’t be read (${error.code}): give this user the right to read it.`)
  })
  const secret = Buffer.from(text.trim(), 'base64url')
  if (secret.length === SECRET_BYTES) return secret
  throw new StartError(
    `${path} is damaged: restore it from a backup. Without it, no existing API key is accepted.`,
  )
}

/**
 * Throws StartError when the database was written with another secret: with this one, every key in it would be refused.
 * The first start leaves the secret's fingerprint, from which nothing of the secret can be learned.
 */
export async function assertSecretFits(db: Db, installationSecret: Buffer): Promise<void> {
  const fingerprint = deriveKey(installationSecret, 'fingerprint').export()
  await db
    .insertInto('installation')
    .values({ fingerprint })
    .onConflict((row) => row.doNothing())
    .execute()
  const { fingerprint: expected } = await db
    .selectFrom('installation')
    .select('fingerprint')
    .executeTakeFirstOrThrow()
  if (expected.equals(fingerprint)) return
  throw new StartError(
    'The installation secret is not the one that this database was written with, so no existing API key would be accepted: set AGENTCLARA_INSTALLATION_SECRET, or the data folder that has it.',
  )
}
