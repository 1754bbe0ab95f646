/** The data folder: what lies where, and what can be wrong with it, each in one line that names the fix. */
import { join } from 'node:path'
import { StartError } from '../lib/start-error.ts'

export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres')
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
