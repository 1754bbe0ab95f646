/** Processes that rows start beside the server. The first line that one prints is JSON: what the row needs of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Peer<T> {
  /** What it printed. */
  said: T
  stop(): Promise<void>
}

/** `nodeOptions` are those of the command `node`; `args` are the file's. */
export async function startPeer<T>(
  file: string,
  args: string[] = [],
  nodeOptions: string[] = [],
): Promise<Peer<T>> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [...nodeOptions, path, ...args], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  // The type is a matter of the row and the file it starts, which stand side by side.
  const said = JSON.parse(await firstLine(child)) as T
  return {
    said,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The first line that a process prints. Throws when it ends without one. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout')
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => {
      throw new Error('the process ended before it printed a line')
    }),
  ])
  return String(line)
}
