/** Scans the files under paths. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { ContentFind } from './content-scanner.ts'
import { type FilePath, listFiles } from './file-list.ts'
import type { Repository } from './repository.ts'
import type { ScanRun } from './scan-run.ts'

/** A signal or a closed pipe is heard this often. */
const PAUSE_INTERVAL_MS = 50

/** A named pipe without a writer must not be waited for. Windows knows neither flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Returns the repositories that were met, each history once. */
export async function scanFiles(
  run: ScanRun,
  paths: readonly string[],
  includeIgnored: boolean,
): Promise<Repository[]> {
  const repositories = new Map<string, Repository>()
  let ignored = 0
  let pausedAtMs = performance.now()
  for (const path of paths) {
    const files = listFiles(path, {
      includeIgnored,
      onRepository: (repository) => {
        if (!repositories.has(repository.commonFolder)) repositories.set(repository.commonFolder, repository)
      },
      onIgnored: (count) => {
        ignored += count
      },
      onProblem: (where, error) => run.problem(run.shown(where), error),
    })
    for await (const file of files) {
      scanOne(run, file)
      if (performance.now() - pausedAtMs < PAUSE_INTERVAL_MS) continue
      run.progress.show(() => `${run.scanned.files} files, ${Math.round(run.scanned.bytes / 1e6)} MB`)
      await setImmediate()
      pausedAtMs = performance.now()
    }
  }
  if (ignored > 0) {
    run.notes.push(
      `Git ignores ${ignored === 1 ? 'one file or folder, which was' : `${ignored} files and folders, which were`} not scanned: --include-ignored scans them, too.`,
    )
  }
  return [...repositories.values()]
}

function scanOne(run: ScanRun, path: FilePath): void {
  let finds: ContentFind[] | undefined
  try {
    finds = readThrough(run, path)
  } catch (error) {
    run.scanner.reset()
    // What git still lists may be gone, and a file may go while others are read.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') run.problem(run.shown(path.toString()), error)
    return
  }
  if (finds === undefined) return
  run.scanned.files++
  for (const find of finds) {
    const { line, column } = find
    run.leaks.add(find, {
      source: 'file',
      repository: null,
      file: run.shown(path.toString()),
      line,
      column,
      commit: null,
      author: null,
      date: null,
    })
  }
}

/** Undefined for what is no regular file: devices, sockets, pipes. */
function readThrough(run: ScanRun, path: FilePath): ContentFind[] | undefined {
  const descriptor = openSync(path, OPEN_FLAGS)
  try {
    if (!fstatSync(descriptor).isFile()) return undefined
    for (;;) {
      const bytes = readSync(descriptor, run.scanner.space)
      if (bytes === 0) return run.scanner.finish()
      run.scanner.wrote(bytes)
      run.scanned.bytes += bytes
    }
  } finally {
    closeSync(descriptor)
  }
}
