/** A whole server on a database of its own, for tests of routes: requests through inject, keys made as an admin would. */
import { randomBytes } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { parseConfig } from '../config.ts'
import { adminCaller } from '../features/api-keys/service.ts'
import type { Clock } from '../lib/clock.ts'
import type { Id } from '../lib/ids.ts'
import type { EnvironmentName, Grant } from '../principal.ts'
import { createTestDatabase } from './database.ts'

/** Time that stands still until it is told otherwise. */
export class TestClock implements Clock {
  #nowMs = Date.now()

  nowMs(): number {
    return this.#nowMs
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

/** A parsed answer. `data` and `error` stay untyped: tests assert what is in them. */
export interface TestResponse {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as any client of the API would
  body: any
}

export interface TestAppOptions {
  clock?: Clock
  env?: Record<string, string>
  /** As of createApp. */
  pageFolders?: readonly string[]
  /** One that another server of the test shares. */
  installationSecret?: Buffer
}

export interface RequestOptions {
  key?: string
  body?: unknown
  headers?: Record<string, string>
  /** Where the connection comes from; 127.0.0.1 unless told. */
  address?: string
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>

/** Close it in afterAll: that drops its database, too. */
export async function createTestApp({
  clock,
  env = {},
  pageFolders = [],
  installationSecret = randomBytes(32),
}: TestAppOptions = {}) {
  const database = await createTestDatabase()
  const logLines: string[] = []
  const app = await createApp({
    // A machine that is busy with other tests is no reason to refuse requests.
    config: parseConfig({
      AGENTCLARA_DATABASE_POOL_SIZE: '10',
      AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: '0',
      ...env,
    }),
    target: database.url,
    pageFolders,
    installationSecret,
    log: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
    ...(clock === undefined ? {} : { clock }),
  })
  const created = await app.workspaces.create('Acme')

  async function createKey(
    environment: EnvironmentName = 'test',
    permissions: Grant[] = ['*'],
    workspace: string = created.id,
  ): Promise<string> {
    const caller = adminCaller(await app.workspaces.getScope(workspace, environment))
    const { secret } = await app.apiKeys.create(caller, { name: 'test', permissions })
    return secret
  }

  return {
    app,
    db: app.db,
    url: database.url,
    logLines,
    workspaceId: created.id as Id<'ws'>,
    createWorkspace: (name: string) => app.workspaces.create(name),
    createKey,
    /** `request('POST /v1/contacts', { key, body })` */
    async request(
      route: string,
      { key, body, headers = {}, address }: RequestOptions = {},
    ): Promise<TestResponse> {
      const [method, url] = route.split(' ')
      const options: InjectOptions = {
        // The part before the space is a method by the convention of this function.
        method: method as NonNullable<InjectOptions['method']>,
        url: url ?? '/',
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(address === undefined ? {} : { remoteAddress: address }),
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      }
      const response = await app.http.inject(options)
      const isJson = String(response.headers['content-type']).startsWith('application/json')
      return {
        status: response.statusCode,
        headers: response.headers,
        text: response.body,
        body: isJson && response.body !== '' ? JSON.parse(response.body) : undefined,
      }
    },
    async close(): Promise<void> {
      await app.close()
      await database.drop()
    },
  }
}
