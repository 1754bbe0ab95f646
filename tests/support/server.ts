/** Real processes for end-to-end tests: the server and the admin command as npm would run them, on a data folder each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../packages/server/src/', import.meta.url))

/** The environment without what the machine may have set for a server of its own. */
function cleanEnv(extra: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      !/^(AGENTCLARA_|DATABASE_URL$|PORT$)/.test(entry[0]) && entry[1] !== undefined,
  )
  // Compiled code is kept between the many starts of a test run.
  const cache = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))
  // A machine that is busy with other tests is no reason to refuse requests.
  const calm = { AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: '0' }
  return { NODE_COMPILE_CACHE: cache, ...calm, ...Object.fromEntries(kept), ...extra }
}

export interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunningProcess {
  child: ChildProcess
  /** What it printed so far. */
  stdout(): string
  stderr(): string
  ended: Promise<Outcome>
}

export function run(
  file: 'main.ts' | 'admin.ts',
  args: string[],
  env: Record<string, string>,
): RunningProcess {
  const child = spawn(process.execPath, [join(source, file), ...args], {
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = once(child, 'close').then(([code, signal]): Outcome => ({ code, signal, stdout, stderr }))
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

export interface TestServer extends RunningProcess {
  url: string
  stop(signal?: NodeJS.Signals): Promise<Outcome>
}

/** Resolves when the server says that it answers; rejects with what it printed when it ends before. */
export async function startServer(env: Record<string, string>): Promise<TestServer> {
  const running = run('main.ts', [], { PORT: '0', ...env })
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const found = /answers at (http:\S+)/.exec(running.stdout())?.[1]
      if (found !== undefined) resolve(found)
    }
    running.child.stdout?.on('data', look)
    void running.ended.then(({ code, stderr }) =>
      reject(new Error(`the server ended with ${code}: ${stderr}`)),
    )
  })
  return {
    ...running,
    url,
    stop(signal = 'SIGTERM') {
      running.child.kill(signal)
      return running.ended
    },
  }
}

export async function admin(args: string[], env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await run('admin.ts', args, env).ended
  if (code !== 0) throw new Error(`admin ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** A workspace Acme and a key of its test environment; the secret. Its plan says how many requests a minute it may make. */
export async function createKey(
  env: Record<string, string>,
  plan: 'standard' | 'enterprise' = 'standard',
): Promise<string> {
  await admin(['workspaces', 'create', '--name', 'Acme', '--plan', plan], env)
  return (
    await admin(['keys', 'create', '--workspace', 'Acme', '--environment', 'test', '--name', 'ci'], env)
  ).trim()
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as any client of the API would
  body: any
}

export async function call(url: string, key: string, route: string, body?: unknown): Promise<Answer> {
  const [method, path] = route.split(' ')
  const response = await fetch(`${url}/v1${path}`, {
    ...(method === undefined ? {} : { method }),
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

export interface DataFolder {
  path: string
  env: Record<string, string>
  /** Stops a PostgreSQL that a killed server left behind, and removes the folder. */
  remove(): Promise<void>
}

export async function createDataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'agentclara-e2e-'))
  return {
    path,
    env: { AGENTCLARA_DATA_DIR: path },
    async remove() {
      const pid = await readFile(join(path, 'postgres/postmaster.pid'), 'utf8').then(
        (text) => Number(text.split('\n')[0]),
        () => undefined,
      )
      if (pid !== undefined) killQuietly(pid)
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It ended by itself.
  }
}
