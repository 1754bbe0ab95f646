/** The files under a path: in a git work tree those that aren't ignored, elsewhere all. Symbolic links aren't followed. */
import { isUtf8 } from 'node:buffer'
import { existsSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { countIgnored, findRepository, isIgnored, listPaths, type Repository } from './repository.ts'

/** A name that isn't UTF-8 can only be opened by its bytes. */
export type FilePath = string | Buffer

export interface ListOptions {
  includeIgnored: boolean
  /** Called for each repository that is met, before its files. */
  onRepository: (repository: Repository) => void
  /** So many files and folders of a work tree were left out. */
  onIgnored: (count: number) => void
  onProblem: (path: string, error: unknown) => void
}

/** A symbolic link that is named by the user is followed. */
export async function* listFiles(
  path: string,
  options: ListOptions,
): AsyncGenerator<FilePath, void, undefined> {
  let stats: Stats
  try {
    stats = statSync(path)
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('neither a file nor a folder')
  } catch (error) {
    options.onProblem(path, error)
    return
  }
  if (stats.isDirectory()) {
    yield* filesIn(path, options)
    return
  }
  const repository = await repositoryOf(join(path, '..'), options)
  if (repository !== undefined) options.onRepository(repository)
  yield path
}

async function repositoryOf(folder: string, options: ListOptions): Promise<Repository | undefined> {
  try {
    return await findRepository(folder)
  } catch (error) {
    options.onProblem(folder, error)
    return undefined
  }
}

async function* filesIn(folder: string, options: ListOptions): AsyncGenerator<FilePath, void, undefined> {
  const repository = await repositoryOf(folder, options)
  if (repository !== undefined) options.onRepository(repository)
  // A bare repository, or the inside of `.git`: its content is its history.
  if (repository?.hasWorkTree === false) return
  if (repository === undefined || options.includeIgnored || (await isIgnored(folder, repository))) {
    yield* walk(folder, options)
    return
  }
  try {
    for await (const name of listPaths(folder)) yield* tracked(joined(folder, name), options)
    options.onIgnored(await countIgnored(folder))
  } catch (error) {
    options.onProblem(folder, error)
  }
}

/** What git lists is a file or a link, the folder of another repository, or has been deleted. */
async function* tracked(path: FilePath, options: ListOptions): AsyncGenerator<FilePath, void, undefined> {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isFile()) yield path
  else if (stats?.isDirectory() && existsSync(join(path.toString(), '.git'))) {
    yield* filesIn(path.toString(), options)
  }
}

async function* walk(top: string, options: ListOptions): AsyncGenerator<FilePath, void, undefined> {
  const folders: FilePath[] = [top]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries: ReturnType<typeof readFolder>
    try {
      entries = readFolder(folder)
    } catch (error) {
      options.onProblem(folder.toString(), error)
      continue
    }
    if (folder !== top && entries.some((entry) => entry.name.equals(GIT))) {
      yield* filesIn(folder.toString(), options)
      continue
    }
    for (const entry of entries) {
      if (entry.name.equals(GIT)) continue
      const path = joined(folder, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile()) yield path
    }
  }
}

const GIT = Buffer.from('.git')

function readFolder(folder: FilePath) {
  return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })
}

function joined(folder: FilePath, name: Buffer): FilePath {
  if (typeof folder === 'string' && isUtf8(name)) return join(folder, name.toString())
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), name])
}
