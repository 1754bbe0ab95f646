/** How git is run: as a child process, without its settings running anything, without a network, without a terminal. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** git failed or isn't there. The message is what it said. */
export class GitError extends Error {
  override name = 'GitError'
}

/** What a hook or another git has set and would make git look at another repository than that of the folder. */
const LOCAL_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CEILING_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]

/** The repository of a folder, or that which a hook was started for. */
export interface GitPlace {
  folder: string
  isHook: boolean
}

function environment(place: GitPlace): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A commit that was replaced is still there to be read.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    // Git before 2.39.4 and 2.45.1 doesn't know the line above, and the settings of a clone name what a fetch runs.
    GIT_ALLOW_PROTOCOL: 'none',
  }
  if (!place.isHook) for (const name of LOCAL_VARIABLES) delete env[name]
  return env
}

/** Settings that would start another program. */
const SETTINGS = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'i18n.logOutputEncoding=utf-8',
]

export interface RunningGit {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  ended: Promise<void>
}

/** Starts git. `ended` resolves when it ended well and rejects with GitError otherwise; stdout must be read. */
export function startGit(place: GitPlace, args: readonly string[]): RunningGit {
  const child = spawn('git', ['--no-pager', ...SETTINGS, ...args], {
    cwd: place.folder,
    env: environment(place),
    stdio: 'pipe',
    windowsHide: true,
  })
  let said = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    if (said.length < 2_000) said += text
  })
  // A git that ends early says why by its exit code; that it reads no more is no news.
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(
    ([code]) => {
      if (code !== 0)
        throw new GitError(said.trim().replace(/\s+/g, ' ') || `git ${args[0]} ended with ${code}`)
    },
    (error: NodeJS.ErrnoException) => {
      throw new GitError(error.code === 'ENOENT' ? 'git is not installed' : error.message)
    },
  )
  // Whoever reads stdout first comes to `ended` later.
  ended.catch(() => {})
  return { child, ended }
}

/** What git writes, to its end. Throws GitError when git fails, even where that shows as a broken stream first. */
export async function* outputOf({ child, ended }: RunningGit): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* child.stdout
  } catch (error) {
    await ended
    throw error
  }
  await ended
}

/** All that git writes. For answers that are short. */
export async function git(place: GitPlace, args: readonly string[], input = ''): Promise<string> {
  const chunks: Buffer[] = []
  const running = startGit(place, args)
  running.child.stdin.end(input)
  for await (const chunk of outputOf(running)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What git writes between NULs, piece by piece. */
export async function* gitFields(
  place: GitPlace,
  args: readonly string[],
  input = '',
): AsyncGenerator<Buffer, void, undefined> {
  const running = startGit(place, args)
  running.child.stdin.end(input)
  let pending: Buffer[] = []
  for await (const chunk of outputOf(running)) {
    let from = 0
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, from)) {
      pending.push(chunk.subarray(from, at))
      yield pending.length === 1 ? (pending[0] ?? chunk) : Buffer.concat(pending)
      pending = []
      from = at + 1
    }
    if (from < chunk.length) pending.push(chunk.subarray(from))
  }
}
