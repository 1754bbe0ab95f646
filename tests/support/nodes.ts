/** Three servers of one installation, each a process of its own; the third hears the others through a proxy that can be cut. */
import { randomBytes } from 'node:crypto'
import { createTestDatabase } from '../../packages/server/src/testing/database.ts'
import { type ListenerProxy, startListenerProxy } from '../../packages/server/src/testing/listener-proxy.ts'
import { type Answer, call, createDataFolder, createKey, startServer, type TestServer } from './server.ts'

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
  const database = await createTestDatabase()
  const proxy = await startListenerProxy(database.url)
  const folder = await createDataFolder()
  const shared = {
    ...folder.env,
    AGENTCLARA_INSTALLATION_SECRET: randomBytes(32).toString('hex'),
    AGENTCLARA_DATABASE_POOL_SIZE: '5',
    AGENTCLARA_LOG_LEVEL: 'error',
    ...env,
  }
  const start = (url: string): Promise<TestServer> => startServer({ ...shared, DATABASE_URL: url })
  const servers = await Promise.all([start(database.url), start(database.url), start(proxy.url)])
  const [first, second, third] = servers as [TestServer, TestServer, TestServer]
  const adminSecret = await createKey({ ...shared, DATABASE_URL: database.url }, plan)
  return {
    urls: [first.url, second.url, third.url],
    adminSecret,
    proxy,
    ask: (route, body) => call(first.url, adminSecret, route, body),
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
      await proxy.close()
      await database.drop()
      await folder.remove()
    },
  }
}
