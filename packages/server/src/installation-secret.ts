/** The secret that keys are hashed and cursors signed with: made at the first start, kept in the data folder. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from './lib/start-error.ts'

const FILE_NAME = 'installation-secret'
const SECRET_BYTES = 32

/** Reads the secret, or makes it (mode 0600) when there is none. Two starts at once end with the same one. */
export async function loadInstallationSecret(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, FILE_NAME)
  try {
    await mkdir(dataDir, { recursive: true })
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${randomBytes(SECRET_BYTES).toString('base64url')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') {
      throw new StartError(
        `${path} can’t be written (${code ?? message}): make the folder writable, or set AGENTCLARA_DATA_DIR.`,
      )
    }
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
