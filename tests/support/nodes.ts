/** Several servers of one installation, each a process of its own, and what they must have in common. */
import { randomBytes } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '../../packages/server/src/testing/database.ts'
import { type ListenerProxy, startListenerProxy } from '../../packages/server/src/testing/listener-proxy.ts'
import { type Answer, call, createDataFolder, createKey, startServer, type TestServer } from './server.ts'

export interface Shared {
  database: TestDatabase
  env: Record<string, string>
  remove(): Promise<void>
}

/** `env` is what the servers are told beside what they need. */
export async function createShared(env: Record<string, string> = {}): Promise<Shared> {
  const database = await createTestDatabase()
  const folder = await createDataFolder()
  return {
    database,
    env: {
      ...folder.env,
      DATABASE_URL: database.url,
      AGENTCLARA_INSTALLATION_SECRET: randomBytes(32).toString('hex'),
      AGENTCLARA_LOG_LEVEL: 'error',
      ...env,
    },
    async remove() {
      await database.drop()
      await folder.remove()
    },
  }
}

/** The third hears the others through a proxy that can be cut. */
export interface ThreeNodes {
  urls: [string, string, string]
  /** A key of the test environment that may do everything. */
  adminSecret: string
  proxy: ListenerProxy
  /** Asks the first node as admin. */
  ask(route: string, body?: unknown): Promise<Answer>
  stop(): Promise<void>
}

/** `env` is what they are told beside what they need. */
export async function startThreeNodes(
  env: Record<string, string> = {},
  plan: 'standard' | 'enterprise' = 'standard',
): Promise<ThreeNodes> {
  const shared = await createShared({ AGENTCLARA_DATABASE_POOL_SIZE: '5', ...env })
  const proxy = await startListenerProxy(shared.database.url)
  const servers = await Promise.all([
    startServer(shared.env),
    startServer(shared.env),
    startServer({ ...shared.env, DATABASE_URL: proxy.url }),
  ])
  const [first, second, third] = servers as [TestServer, TestServer, TestServer]
  const adminSecret = await createKey(shared.env, plan)
  return {
    urls: [first.url, second.url, third.url],
    adminSecret,
    proxy,
    ask: (route, body) => call(first.url, adminSecret, route, body),
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
      await proxy.close()
      await shared.remove()
    },
  }
}
