/** The command as users start it, folders and git repositories to run it in, and secrets to be found. */
import { execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checksum, findSecrets, type KeyEnvironment } from '@agentclara/key-format'
import { expect } from 'vitest'
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

export interface Run {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd: string
  env?: Record<string, string>
  /** What to run instead of the sources. */
  entry?: string
}

/** Runs the command to its end. That it prints no secret is asserted every time. */
export async function agentclara(
  args: readonly string[],
  { cwd, env = {}, entry = main }: RunOptions,
): Promise<Run> {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const run: Run = { exitCode: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    run.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    run.stderr += text
  })
  const [exitCode] = await once(child, 'close')
  run.exitCode = exitCode
  expect([...findSecrets(run.stdout), ...findSecrets(run.stderr)]).toEqual([])
  return run
}

/** The JSON output of `agentclara scan`. */
export async function scan(
  args: readonly string[],
  options: RunOptions,
): Promise<Report & { exitCode: number | null }> {
  const { stdout, stderr, exitCode } = await agentclara(['scan', ...args], options)
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

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { AGENTCLARA_BASE_URL: _, INIT_CWD: __, FORCE_COLOR: ___, ...env } = process.env
  return { ...env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
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

export class Repository extends Folder {
  #commits = 0

  constructor(...options: string[]) {
    super()
    this.git('init', '--quiet', '--initial-branch=main', ...options)
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
    return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
      cwd: this.path,
      env: { ...cleanEnvironment(), ...Object.fromEntries(env) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  }

  /** Commits everything; returns the commit's id. */
  commit(message = 'change'): string {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '-m', message)
    return this.git('rev-parse', 'HEAD')
  }
}
