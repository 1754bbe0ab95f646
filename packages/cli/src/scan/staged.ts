/** Scans what the next commit adds: the staged content of changed files, without what HEAD's version of them has. */
import type { ContentFind } from './content-scanner.ts'
import { type GitPlace, git, gitFields, outputOf, startGit } from './git.ts'
import { BATCH_FORMAT, ObjectStream } from './objects.ts'
import type { ScanRun } from './scan-run.ts'

interface StagedFile {
  blob: string
  /** The content that it had in HEAD, under the same name or that it was renamed from. */
  oldBlob: string | undefined
  path: string
}

/** `paths` are as git takes them, from the folder; none: the whole index. Throws GitError outside of repositories. */
export async function scanStaged(run: ScanRun, folder: string, paths: readonly string[]): Promise<void> {
  const place: GitPlace = { folder, isHook: process.env.GIT_INDEX_FILE !== undefined }
  const repository = run.shown((await git(place, ['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, ''))
  const files = await listStaged(place, paths)
  run.scanned.files += files.length
  const found = await scanBlobs(
    run,
    place,
    files.map((file) => file.blob),
  )
  if (found.size === 0) return
  const oldBlobs = files.flatMap(({ blob, oldBlob }) =>
    oldBlob !== undefined && found.has(blob) ? [oldBlob] : [],
  )
  const before = await scanBlobs(run, place, oldBlobs)
  for (const { blob, oldBlob, path } of files) {
    const known = new Set(before.get(oldBlob ?? '')?.map((find) => find.secret))
    for (const find of found.get(blob) ?? []) {
      if (known.has(find.secret)) continue
      const { line, column } = find
      run.leaks.add(find, {
        source: 'staged',
        repository,
        file: path,
        line,
        column,
        commit: null,
        author: null,
        date: null,
      })
    }
  }
}

async function listStaged(place: GitPlace, paths: readonly string[]): Promise<StagedFile[]> {
  const head = await git(place, ['rev-parse', '--quiet', '--verify', 'HEAD^{commit}']).catch(() => '')
  // Before the first commit: the tree of nothing.
  const base = head.trim() || (await git(place, ['hash-object', '-t', 'tree', '--stdin'])).trim()
  const options = ['--cached', '--raw', '-z', '--no-abbrev', '--find-renames', '--diff-filter=d']
  const fields = gitFields(place, ['--literal-pathspecs', 'diff-index', ...options, base, '--', ...paths])
  const files: StagedFile[] = []
  for (let field = await fields.next(); !field.done; field = await fields.next()) {
    // `:mode mode blob blob status`, then the path; of a rename the old path, then the new one.
    const [, mode, oldBlob = '', blob = '', status = ''] = field.value.toString().split(' ')
    let path = String((await fields.next()).value)
    if (/^[RC]/.test(status)) path = String((await fields.next()).value)
    const isSubmodule = mode === '160000'
    if (!isSubmodule && !isNone(blob)) {
      files.push({ blob, oldBlob: isNone(oldBlob) ? undefined : oldBlob, path })
    }
  }
  return files
}

function isNone(blob: string): boolean {
  return /^0*$/.test(blob)
}

/** The finds of those blobs that have any. */
async function scanBlobs(
  run: ScanRun,
  place: GitPlace,
  blobs: readonly string[],
): Promise<Map<string, ContentFind[]>> {
  const found = new Map<string, ContentFind[]>()
  if (blobs.length === 0) return found
  const catFile = startGit(place, ['cat-file', `--batch=${BATCH_FORMAT}`, '--buffer'])
  catFile.child.stdin.end(`${blobs.join('\n')}\n`)
  const stream = new ObjectStream({
    start: () => {},
    data: (bytes) => {
      run.scanner.write(bytes)
      run.scanned.bytes += bytes.length
    },
    end: ({ id }) => {
      run.scanned.objects++
      const finds = run.scanner.finish()
      if (finds.length > 0) found.set(id, finds)
    },
    missing: (id) => run.problem(id, 'the object is not in this clone'),
  })
  for await (const chunk of outputOf(catFile)) stream.write(chunk)
  return found
}
