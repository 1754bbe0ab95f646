/** A Redis for tests: Debian's redis-server on a free port of this machine, in a folder of its own, nothing kept on disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Why tests that need redis-server can't run here; false where they can. Throws where they must: with CI=true.
 * For `describe.skipIf`.
 */
export function whyNoRedis(): string | false {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    const reason = 'redis-server is not installed (Debian: apt-get install redis-server)'
    if (process.env.CI === 'true') throw new Error(reason)
    process.stderr.write(`Skipped: ${reason}\n`)
    return reason
  }
}

export interface TestRedis {
  url: string
  /** Of the running process; a stopped one doesn't answer, a killed one is gone. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** As a crash would: what it knew is gone. */
  kill(): Promise<void>
  /** Again, at the same address, empty. */
  start(): Promise<void>
  remove(): Promise<void>
}

export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'agentclara-redis-'))
  const port = await freePort()
  let child = await run(port, folder)
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (name) => void child.kill(name),
    kill,
    async start() {
      child = await run(port, folder)
    },
    async remove() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when it answers. */
async function run(port: number, folder: string): Promise<ChildProcess> {
  const options = { port: String(port), bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) {
    if (!line.includes('Ready to accept connections')) continue
    child.stdout.resume()
    return child
  }
  throw new Error('redis-server ended before it answered')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
