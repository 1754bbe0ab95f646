/** The interpreters that run the blocks of guides, one process for each block. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunnableLanguage } from './docs-blocks.ts'

const ENDINGS: Readonly<Record<RunnableLanguage, string>> = {
  bash: 'sh',
  javascript: 'mjs',
  typescript: 'mts',
  python: 'py',
  ruby: 'rb',
}

/** A block that takes longer hangs. */
const LIMIT_MS = 120_000

export interface Running {
  /** What it printed so far, both streams. */
  printed(): string
  /** Its stdout alone. */
  stdout(): string
  ended: Promise<number>
  /** Ends it, and what it started. */
  stop(): Promise<void>
}

let python: string | undefined

/** Past the shims of version managers, which take longer than most blocks. */
function interpreterOf(language: RunnableLanguage): string {
  if (language === 'bash' || language === 'ruby') return language
  if (language !== 'python') return process.execPath
  python ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  return python
}

/** Ruby and Python may be passed over on a machine that hasn't got them; in CI they must be there. */
export function hasInterpreter(language: RunnableLanguage): boolean {
  if (process.env.CI === 'true' || (language !== 'ruby' && language !== 'python')) return true
  return spawnSync(language === 'ruby' ? 'ruby' : 'python3', ['--version']).status === 0
}

const RECALL = 'if [ -f .state ]; then . ./.state; fi; exec "$0" "$@"'

/** Variables and functions of a page's earlier blocks are there for the later ones, and variables in every language. */
function asBash(code: string, keepsState: boolean): string {
  const before = 'set -euo pipefail\nset -a\nif [ -f .state ]; then . ./.state; fi\n'
  const after = keepsState
    ? "trap '{ declare -px | grep -v AGENTCLARA_BASE_URL; declare -f; } > .state' EXIT\n"
    : ''
  return `${before}${after}${code}`
}

export async function startBlock(
  language: RunnableLanguage,
  code: string,
  {
    folder,
    name,
    env,
    isBackground,
  }: { folder: string; name: string; env: NodeJS.ProcessEnv; isBackground: boolean },
): Promise<Running> {
  const file = join(folder, `${name}.${ENDINGS[language]}`)
  await writeFile(file, language === 'bash' ? asBash(code, !isBackground) : code)
  // Through bash, so that a program is given the variables that earlier blocks set.
  const child = spawn('bash', ['-c', RECALL, interpreterOf(language), file], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => (printed += chunk))
  const limit = isBackground ? undefined : setTimeout(() => kill(child), LIMIT_MS)
  const ended = once(child, 'close').then(([code]) => {
    clearTimeout(limit)
    return typeof code === 'number' ? code : 1
  })
  return {
    printed: () => printed,
    stdout: () => stdout,
    ended,
    async stop() {
      kill(child)
      await ended
    },
  }
}

function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
