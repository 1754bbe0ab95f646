/** Starts what is measured: the server as `npm start` would, on a data folder of its own, with what a load needs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const server = fileURLToPath(new URL('../../packages/server/src/', import.meta.url))

export interface RunningServer {
  url: string
  dataDir: string
  key: string
  stop(): Promise<void>
}

/** The first line that a process prints, which tells where it listens. */
async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout')
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => {
      throw new Error('the process ended before it listened')
    }),
  ])
  return String(line)
}

export async function startServer(): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'agentclara-bench-'))
  const env = { ...process.env, PORT: '0', AGENTCLARA_DATA_DIR: dataDir, AGENTCLARA_LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [join(server, 'main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = /http:\S+/.exec(await firstLine(child))?.[0]
  if (url === undefined) throw new Error('the server printed no URL')
  const admin = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [join(server, 'admin.ts'), ...args], { env })).stdout.trim()
  await admin('workspaces', 'create', '--name', 'Bench')
  const key = await admin(
    'keys',
    'create',
    '--workspace',
    'Bench',
    '--environment',
    'live',
    '--name',
    'bench',
  )
  return {
    url,
    dataDir,
    key,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export async function startPeer(file: string): Promise<{ url: string; stop(): Promise<void> }> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await firstLine(child)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
