/** The command in this process and as users start it, folders and git repositories to run it in, and secrets to be found. */
import { execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { WriteStream } from 'node:tty'
import { fileURLToPath } from 'node:url'
import { checksum, findSecrets, type KeyEnvironment } from '@agentclara/key-format'
import { expect } from 'vitest'
import { agentclara } from '../agentclara.ts'
import type { Report } from '../scan/report.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const main = fileURLToPath(new URL('../main.ts', import.meta.url))

export function randomLetters(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}

export function newSecret(environment: KeyEnvironment = 'live'): string {
  const body = `sk_${environment}_${randomLetters(24)}`
  return body + checksum(body)
}

// Neither a developer's settings of git nor those of an AgentClara decide a test, in this process or in those it starts.
Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' })
for (const name of ['AGENTCLARA_BASE_URL', 'INIT_CWD', 'FORCE_COLOR']) delete process.env[name]

export interface Run {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd: string
  env?: Record<string, string>
}

/** As a terminal says what it can show, by the variables of this process. */
const terminal = { isTTY: true, columns: 80, getColorDepth: () => WriteStream.prototype.getColorDepth() }

/** Runs the command in this process, to its end. That it prints no secret is asserted every time. */
export async function run(
  args: readonly string[],
  { cwd, env = {}, isTerminal = false }: RunOptions & { isTerminal?: boolean },
): Promise<Run> {
  const host = {
    stdout: Object.assign(new PassThrough(), isTerminal ? terminal : {}),
    stderr: new PassThrough(),
    env: { ...process.env, ...env },
    exitCode: 0,
    cwd: () => cwd,
  }
  const written = Promise.all([text(host.stdout), text(host.stderr)])
  try {
    await agentclara(args, host)
  } finally {
    host.stdout.end()
    host.stderr.end()
  }
  const [stdout, stderr] = await written
  return withoutSecrets({ exitCode: host.exitCode, stdout, stderr })
}

/** The same as a process of its own, from the sources or another entry: about half a second each. */
export async function start(
  args: readonly string[],
  { cwd, env = {}, entry = main }: RunOptions & { entry?: string },
): Promise<Run> {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [exitCode] = await closed
  return withoutSecrets({ exitCode, stdout, stderr })
}

function withoutSecrets(run: Run): Run {
  expect([...findSecrets(run.stdout), ...findSecrets(run.stderr)]).toEqual([])
  return run
}

export type ScanResult = Report & { exitCode: number | null }

/** The JSON output of `agentclara scan`. */
export async function scan(args: readonly string[], options: RunOptions): Promise<ScanResult> {
  return parse(await run(['scan', ...args], options))
}

export function parse({ stdout, stderr, exitCode }: Run): ScanResult {
  expect(stdout, stderr).not.toBe('')
  return { ...(JSON.parse(stdout) as Report), exitCode }
}

/** Each place as text, in the order of the alphabet: `history a.txt:1:5`. */
export function placesOf(report: Report): string[] {
  return report.found
    .flatMap((leak) => leak.places)
    .map(({ source, file, line, column }) => {
      const at = [file, line, column].filter((part) => part !== null)
      return `${source} ${at.join(':')}`
    })
    .sort()
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'agentclara-cli-'))

  write(name: string, content: string | Uint8Array): void {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Clones from folders are allowed, and nothing is waited for that only a repository which is kept needs. */
const SETTINGS = [
  'protocol.file.allow=always',
  'core.fsync=none',
  'maintenance.auto=false',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting])

export class Repository extends Folder {
  #commits = 0

  constructor(...options: string[]) {
    super()
    this.git('init', '--quiet', '--template=', '--initial-branch=main', ...options)
  }

  git(...args: string[]): string {
    const identity = {
      NAME: 'Ada Example',
      EMAIL: 'ada@example.com',
      DATE: `${1_700_000_000 + this.#commits++ * 60} +0000`,
    }
    const env = Object.entries(identity).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ])
    return execFileSync('git', [...SETTINGS, ...args], {
      cwd: this.path,
      env: { ...process.env, ...Object.fromEntries(env) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  }

  /** Commits everything. */
  commit(message = 'change'): void {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '-m', message)
  }

  /** The id of the commit that is checked out. */
  head(): string {
    return this.git('rev-parse', 'HEAD')
  }
}
