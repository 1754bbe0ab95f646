/** Which git repository a folder belongs to, and what of it is ignored. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { GitError, type GitPlace, git, gitFields } from './git.ts'

export interface Repository {
  /** The top folder of the work tree; for a bare repository and inside `.git` the folder that was asked about. */
  folder: string
  hasWorkTree: boolean
  /** The same for all work trees of a repository. */
  commonFolder: string
}

/** Undefined outside of repositories. Throws GitError when git refuses to say or isn't installed where there is one. */
export async function findRepository(folder: string): Promise<Repository | undefined> {
  const place = { folder, isHook: false }
  try {
    const answer = await git(place, ['rev-parse', '--is-inside-work-tree', '--git-common-dir'])
    const lineEnd = answer.indexOf('\n')
    const hasWorkTree = answer.slice(0, lineEnd) === 'true'
    const commonFolder = resolve(folder, withoutLineEnd(answer.slice(lineEnd + 1)))
    if (!hasWorkTree) return { folder, hasWorkTree, commonFolder }
    const top = withoutLineEnd(await git(place, ['rev-parse', '--show-toplevel']))
    return { folder: resolve(top), hasWorkTree, commonFolder }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (error.message.includes('not a git repository')) return undefined
    if (error.message === 'git is not installed' && !hasGitAbove(folder)) return undefined
    throw error
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function hasGitAbove(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true
    if (dirname(at) === at) return false
  }
}

/** The paths of a folder's files that are tracked, or neither tracked nor ignored. A repository inside ends with `/` or is a folder. */
export function listPaths(folder: string): AsyncGenerator<Buffer, void, undefined> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  return gitFields({ folder, isHook: false }, args)
}

/** How many files, and folders as one, are ignored. */
export async function countIgnored(folder: string): Promise<number> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']
  let count = 0
  for await (const path of gitFields({ folder, isHook: false }, args)) if (path.length > 0) count++
  return count
}

/** Whether a folder below the top is ignored as a whole: then who names it wants it scanned. */
export async function isIgnored(folder: string, repository: Repository): Promise<boolean> {
  const below = withoutLineEnd(await git({ folder, isHook: false }, ['rev-parse', '--show-prefix']))
  if (below === '') return false
  const place: GitPlace = { folder: repository.folder, isHook: false }
  // Exit code 1 says that it isn't.
  return (await git(place, ['check-ignore', '--', below]).catch(() => '')) !== ''
}
