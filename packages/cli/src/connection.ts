/** The API as commands use it: with the key from the environment, and where it is sent. */
import { findMalformation, type KeyEnvironment } from '@agentclara/key-format'
import { AgentClara } from '@agentclara/sdk'
import type { Host } from './host.ts'
import { CommandProblem } from './problem.ts'
import { parseServer } from './scan/liveness.ts'

export const DEFAULT_SERVER = 'http://localhost:4000'

export interface ConnectOptions {
  /** Default: AGENTCLARA_BASE_URL, or this machine's. */
  server?: string | undefined
  insecureHttp?: boolean | undefined
  userAgent: string
}

export interface Connection {
  client: AgentClara
  /** Ends with `/v1/`. */
  base: URL
  /** What the key says of itself. */
  environment: KeyEnvironment
  /** The same server with another key. */
  connectAs: (key: string, headers?: Record<string, string>) => AgentClara
}

/** Throws CommandProblem when the key is missing or damaged, or would be sent in clear. */
export function connect(host: Host, { server, insecureHttp, userAgent }: ConnectOptions): Connection {
  const key = host.env.AGENTCLARA_API_KEY
  if (key === undefined || key === '') {
    throw new CommandProblem(
      'No API key: AGENTCLARA_API_KEY is not set.',
      'Put a key of the test environment there, for this command alone: AGENTCLARA_API_KEY=sk_test_… agentclara …',
    )
  }
  const malformation = findMalformation(key)
  if (malformation !== undefined) {
    throw new CommandProblem(
      `AGENTCLARA_API_KEY is no API key: ${malformation.replace('_', ' ')}.`,
      'Copy the whole key again: sk_test_ or sk_live_ and 30 letters and digits.',
    )
  }
  const url = parseServer(server ?? (host.env.AGENTCLARA_BASE_URL || DEFAULT_SERVER), insecureHttp ?? false)
  if (typeof url === 'string') throw new CommandProblem(url)
  const base = new URL('./', url)
  const connectAs: Connection['connectAs'] = (apiKey, headers) =>
    new AgentClara({ apiKey, baseUrl: base.href, headers: { 'user-agent': userAgent, ...headers } })
  const environment = key.startsWith('sk_live_') ? 'live' : 'test'
  return { client: connectAs(key), base, environment, connectAs }
}
