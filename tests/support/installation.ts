/** A server process on a data folder of its own, and who may ask it. */
import {
  type Answer,
  call,
  createDataFolder,
  createKey,
  type DataFolder,
  startServer,
  type TestServer,
} from './server.ts'

/** Stop it in afterAll: that removes its folder, too. */
export class Installation {
  readonly folder: DataFolder
  /** A key of the test environment that may do everything. */
  readonly key: string
  #server: TestServer

  constructor(folder: DataFolder, server: TestServer, key: string) {
    this.folder = folder
    this.#server = server
    this.key = key
  }

  /** The one that was started last. */
  get server(): TestServer {
    return this.#server
  }

  get url(): string {
    return this.#server.url
  }

  ask(route: string, body?: unknown): Promise<Answer> {
    return call(this.url, this.key, route, body)
  }

  /** Starts a server again, after the one before ended. */
  async restart(env: Record<string, string> = {}): Promise<void> {
    this.#server = await startServer({ ...this.folder.env, ...env })
  }

  async stop(): Promise<void> {
    await this.#server.stop()
    await this.folder.remove()
  }
}

/** `env` is what the server is told beside what it needs. */
export async function startInstallation(
  plan: 'standard' | 'enterprise' = 'standard',
  env: Record<string, string> = {},
): Promise<Installation> {
  const folder = await createDataFolder()
  const server = await startServer({ ...folder.env, ...env })
  return new Installation(folder, server, await createKey(folder.env, plan))
}
