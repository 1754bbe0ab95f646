/**
 * Scans a git history: the content of every file version that any ref, HEAD or stash reaches, and every commit and tag
 * message. Objects are listed by `git rev-list --objects` and read through one `git cat-file --batch`: each version of
 * a file once however many commits have it, merges and binary files included, which patches (`git log -p`) leave out.
 * Which commits brought them is asked only for versions that have a secret.
 */
import { type BlobFinds, findCommits } from './blame.ts'
import type { ContentFind } from './content-scanner.ts'
import { type GitPlace, git, outputOf, startGit } from './git.ts'
import { readHead } from './object-head.ts'
import { BATCH_FORMAT, type GitObject, type ObjectReader, ObjectStream } from './objects.ts'
import type { Repository } from './repository.ts'
import type { ScanRun } from './scan-run.ts'

/** The header of a commit or tag is looked for in so much of it. */
const HEAD_BYTES = 64 * 1024

/** Throws GitError when git fails: then not all was scanned. */
export async function scanHistory(run: ScanRun, repository: Repository): Promise<void> {
  const place: GitPlace = { folder: repository.folder, isHook: false }
  const shown = run.shown(repository.folder)
  const stashes = await listStashes(place)
  const reader = new HistoryReader(run, shown)
  await readObjects(place, stashes, reader)
  await addBlobs(run, shown, place, stashes, reader.blobs)
  if (reader.missingCount > 0) {
    const objects = reader.missingCount === 1 ? 'one object' : `${reader.missingCount} objects`
    run.problem(shown, `${objects} of the history are not in this clone: \`git fetch --refetch\` brings them`)
  }
  if ((await git(place, ['rev-parse', '--is-shallow-repository'])).trim() === 'true') {
    run.notes.push(
      `The clone ${shown} is shallow: commits that it lacks were not scanned. \`git fetch --unshallow\` brings them.`,
    )
  }
}

/** All stashes: refs reach only the newest, the log of the ref names the others. */
async function listStashes(place: GitPlace): Promise<string> {
  const hasStash = await git(place, ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/stash'])
  return hasStash === '' ? '' : git(place, ['rev-list', '--walk-reflogs', 'refs/stash', '--'])
}

async function readObjects(place: GitPlace, stashes: string, reader: ObjectReader): Promise<void> {
  const catFile = startGit(place, ['cat-file', `--batch=${BATCH_FORMAT}`, '--buffer'])
  const { stdin } = catFile.child
  const listed = listInto(place, stashes, stdin).finally(() => stdin.end())
  // Whatever goes wrong with it is heard below.
  listed.catch(() => {})
  const stream = new ObjectStream(reader)
  for await (const chunk of outputOf(catFile)) stream.write(chunk)
  await listed
}

/** Writes what is to be read: a line for each commit, tag and version of a file. */
async function listInto(place: GitPlace, stashes: string, target: NodeJS.WritableStream): Promise<void> {
  for (const type of ['commit', 'tag', 'blob']) {
    const filter = [`--filter=object:type=${type}`, '--filter-provided-objects']
    // What a partial clone lacks is named, not fetched.
    const { child, ended } = startGit(place, [
      'rev-list',
      '--objects',
      ...filter,
      '--missing=print',
      '--all',
      '--stdin',
    ])
    child.stdin.end(stashes)
    child.stdout.pipe(target, { end: false })
    // Nobody reads the list any more.
    const stop = () => child.kill()
    target.once('close', stop)
    await ended.finally(() => target.off('close', stop))
  }
}

class HistoryReader implements ObjectReader {
  /** By the id of the blob. */
  readonly blobs = new Map<string, BlobFinds>()
  missingCount = 0
  readonly #run: ScanRun
  readonly #repository: string
  #head: Buffer[] = []
  #headBytes = 0

  constructor(run: ScanRun, repository: string) {
    this.#run = run
    this.#repository = repository
  }

  start(): void {
    this.#head = []
    this.#headBytes = 0
  }

  data(bytes: Buffer): void {
    this.#run.scanner.write(bytes)
    this.#run.scanned.bytes += bytes.length
    if (this.#headBytes >= HEAD_BYTES) return
    this.#head.push(bytes)
    this.#headBytes += bytes.length
  }

  end(object: GitObject): void {
    const { scanned, scanner, progress } = this.#run
    const finds = scanner.finish()
    scanned.objects++
    if (object.type === 'commit') scanned.commits++
    if (finds.length > 0) this.#found(object, finds)
    progress.show(
      () =>
        `history: ${scanned.commits} commits, ${scanned.objects} objects, ${Math.round(scanned.bytes / 1e6)} MB`,
    )
  }

  missing(): void {
    this.missingCount++
  }

  #found(object: GitObject, finds: ContentFind[]): void {
    if (object.type === 'blob') {
      this.blobs.set(object.id, { path: object.rest, finds })
      return
    }
    const head = readHead(Buffer.concat(this.#head))
    for (const find of finds) {
      const isInMessage = find.line > head.lines
      this.#run.leaks.add(find, {
        source: object.type === 'tag' ? 'tag_message' : 'commit_message',
        repository: this.#repository,
        file: null,
        line: isInMessage ? find.line - head.lines : null,
        column: isInMessage ? find.column : null,
        commit: object.id,
        author: head.author,
        date: head.date,
      })
    }
  }
}

async function addBlobs(
  run: ScanRun,
  repository: string,
  place: GitPlace,
  stashes: string,
  blobs: Map<string, BlobFinds>,
): Promise<void> {
  if (blobs.size === 0) return
  run.progress.show(() => 'history: looking for the commits')
  for (const { find, file, commit } of await findCommits(place, stashes, blobs)) {
    const { line, column } = find
    run.leaks.add(find, {
      source: 'history',
      repository,
      file,
      line,
      column,
      commit: commit?.id ?? null,
      author: commit?.author ?? null,
      date: commit?.date ?? null,
    })
  }
}
