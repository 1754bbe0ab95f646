/** The data folder: what lies where, and what can be wrong with it, each in one line that names the fix. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StartError } from '../lib/start-error.ts'

export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/**
 * Makes the folder and what is missing above it. Step by step: where a folder can't be made at all, as below /proc,
 * the recursive mkdir of Node never returns. Throws StartError.
 */
export async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir)
  } catch (error) {
    throw folderProblem(error, dataDir)
  }
}

async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (found?.isDirectory() === true) return
  if (found === undefined) await makeFolder(dirname(path))
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    const isThere = error.code === 'EEXIST' && (await stat(path)).isDirectory()
    if (!isThere) throw error
  })
}

export function fullDisk(dataDir: string): StartError {
  return new StartError(
    `The disk with ${dataDir} is full: free some space, or set AGENTCLARA_DATA_DIR to a folder on another disk.`,
  )
}

/** A problem of the data folder in one line, or the error as it was. */
export function folderProblem(error: unknown, dataDir: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
      return fullDisk(dataDir)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(
        `${dataDir} is not writable for this user: change its owner, or set AGENTCLARA_DATA_DIR to another folder.`,
      )
    case 'EEXIST':
    case 'ENOTDIR':
      return new StartError(`${dataDir} is not a folder: set AGENTCLARA_DATA_DIR to one.`)
    case 'ENOENT':
      return new StartError(`${dataDir} can’t be made: set AGENTCLARA_DATA_DIR to another folder.`)
    default:
      return error
  }
}
