/** What is done to the server while it works: killed without warning, and its PostgreSQL restarted under it. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type DataFolder, startServer, type TestServer } from '../tests/support/server.ts'

export class Victim {
  readonly #folder: DataFolder
  readonly #env: Record<string, string>
  #server: TestServer
  kills = 0
  restarts = 0

  private constructor(folder: DataFolder, env: Record<string, string>, server: TestServer) {
    this.#folder = folder
    this.#env = env
    this.#server = server
  }

  /** At one port all the time, as clients know it. */
  static async start(folder: DataFolder, env: Record<string, string>): Promise<Victim> {
    const all = { ...folder.env, ...env, PORT: String(await freePort()) }
    return new Victim(folder, all, await startServer(all))
  }

  get url(): string {
    return this.#server.url
  }

  /** kill -9, and started again at once. */
  async kill(): Promise<void> {
    this.kills += 1
    this.#server.child.kill('SIGKILL')
    await this.#server.ended
    this.#server = await startServer(this.#env)
  }

  /** The fast shutdown that an administrator or a package upgrade makes. Resolves when the server answers again. */
  async restartPostgres(): Promise<void> {
    this.restarts += 1
    const pid = await this.#postmaster()
    process.kill(pid, 'SIGINT')
    while ((await this.#postmaster().catch(() => pid)) === pid || !(await this.#isReady())) await delay(50)
  }

  stop(): Promise<unknown> {
    return this.#server.stop()
  }

  async #postmaster(): Promise<number> {
    const text = await readFile(join(this.#folder.path, 'postgres/postmaster.pid'), 'utf8')
    return Number(text.split('\n')[0])
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
