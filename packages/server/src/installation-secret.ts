/** The secret that keys are hashed and cursors signed with: made at the first start, kept in the data folder. */
import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderProblem } from './db/data-folder.ts'
import { createFileOnce } from './lib/create-file.ts'
import { StartError } from './lib/start-error.ts'

const FILE_NAME = 'installation-secret'
const SECRET_BYTES = 32

/** Reads the secret, or makes it (mode 0600) when there is none. Two starts at once end with the same one. */
export async function loadInstallationSecret(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, FILE_NAME)
  try {
    await mkdir(dataDir, { recursive: true })
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
