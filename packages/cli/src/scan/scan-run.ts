/** What the parts of one scan share: where finds, problems and notes go, and what was looked at. */
import { relative } from 'node:path'
import type { Progress } from '../progress.ts'
import { ContentScanner } from './content-scanner.ts'
import { Leaks } from './leaks.ts'

/** Something that could not be scanned, or a server that could not be asked. */
export interface Problem {
  where: string
  message: string
}

export class ScanRun {
  readonly scanner = new ContentScanner()
  readonly leaks = new Leaks()
  readonly problems: Problem[] = []
  readonly notes: string[] = []
  readonly scanned = { files: 0, commits: 0, objects: 0, bytes: 0 }
  readonly baseFolder: string
  readonly progress: Progress

  constructor(baseFolder: string, progress: Progress) {
    this.baseFolder = baseFolder
    this.progress = progress
  }

  /** A path as it is shown: from the folder that the command was started in. */
  shown(path: string): string {
    return relative(this.baseFolder, path) || '.'
  }

  problem(where: string, error: unknown): void {
    this.problems.push({ where, message: messageOf(error) })
  }
}

const MESSAGES: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such file or folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return MESSAGES[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message
}
