/** Which commit brought a secret into a file: the oldest whose version of the file has it. */
import type { ContentFind } from './content-scanner.ts'
import { type GitPlace, gitFields } from './git.ts'
import { isoDate } from './object-head.ts'

/** What one content of a file has. */
export interface BlobFinds {
  /** A path that the content had, of many perhaps. */
  path: string
  finds: ContentFind[]
}

export interface Commit {
  id: string
  author: string
  date: string | null
  committedAtS: number
}

export interface PlacedFind {
  find: ContentFind
  file: string
  /** Undefined when no commit's diff has the content: a ref may point to it directly. */
  commit: Commit | undefined
}

/** Arguments stay below the 32 thousand characters that Windows allows. */
const BLOBS_PER_RUN = 400

/** One for each secret and path. Throws GitError. */
export async function findCommits(
  place: GitPlace,
  stashes: string,
  blobs: ReadonlyMap<string, BlobFinds>,
): Promise<PlacedFind[]> {
  const placed = new Map<string, PlacedFind>()
  const withoutCommit = new Set(blobs.keys())
  const ids = [...blobs.keys()]
  for (let i = 0; i < ids.length; i += BLOBS_PER_RUN) {
    for await (const change of listChanges(place, stashes, ids.slice(i, i + BLOBS_PER_RUN))) {
      const blob = blobs.get(change.blob)
      if (blob === undefined) continue
      withoutCommit.delete(change.blob)
      keepOldest(placed, blob.finds, change.file, change.commit)
    }
  }
  for (const id of withoutCommit) {
    const { finds, path } = blobs.get(id) ?? { finds: [], path: '' }
    keepOldest(placed, finds, path, undefined)
  }
  return [...placed.values()]
}

function keepOldest(
  placed: Map<string, PlacedFind>,
  finds: readonly ContentFind[],
  file: string,
  commit: Commit | undefined,
): void {
  // A version may have a secret twice: the first stands for it.
  for (const find of finds.toReversed()) {
    const name = `${find.secret}\0${file}`
    const known = placed.get(name)?.commit
    // Of the same second, the later listed is the older.
    if (known !== undefined && (commit === undefined || commit.committedAtS > known.committedAtS)) continue
    placed.set(name, { find, file, commit })
  }
}

/**
 * Files that got one of the contents, newest commits first. Merges are compared with each parent, so that what was
 * only written while merging is there, too.
 */
async function* listChanges(
  place: GitPlace,
  stashes: string,
  blobs: readonly string[],
): AsyncGenerator<{ blob: string; file: string; commit: Commit }, void, undefined> {
  const format = '--format=%x01%H%x00%an%x00%at%x00%ct'
  const diff = [
    '-m',
    '--root',
    '--raw',
    '--no-abbrev',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
  ]
  const wanted = blobs.map((id) => `--find-object=${id}`)
  const args = ['log', '--all', '--stdin', '--topo-order', format, ...diff, ...wanted]
  let commit: Commit | undefined
  const fields = gitFields(place, args, stashes)[Symbol.asyncIterator]()
  const next = async () => (await fields.next()).value?.toString()
  for (let field = await next(); field !== undefined; field = await next()) {
    if (field.startsWith('\u0001')) {
      const author = (await next()) ?? ''
      const date = isoDate((await next()) ?? '')
      commit = { id: field.slice(1), author, date, committedAtS: Number(await next()) }
      continue
    }
    // `:mode mode blob blob status`, then the path as the next field.
    const [, , , blob] = field.trimStart().split(' ')
    const file = (await next()) ?? ''
    if (blob !== undefined && commit !== undefined) yield { blob, file, commit }
  }
}
