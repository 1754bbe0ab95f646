/**
 * The calls of the API that commands make: with the key from the environment, tried again when the server says or shows
 * that it can't answer now. A write that is tried again has its effect once.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { findMalformation, type KeyEnvironment } from '@agentclara/key-format'
import type { Host } from './host.ts'
import { parseServer } from './scan/liveness.ts'

export const DEFAULT_SERVER = 'http://localhost:4000'

const TRIES = 4
const TIMEOUT_MS = 30_000
const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 30_000

/** What went wrong, for people: a sentence, and what to do about it. */
export class ClientProblem extends Error {
  override readonly name = 'ClientProblem'
  /** Of the server's answer; undefined when there was none. */
  readonly status: number | undefined
  readonly hint: string | undefined

  constructor(message: string, { status, hint }: { status?: number; hint?: string | undefined } = {}) {
    super(message)
    this.status = status
    this.hint = hint
  }
}

export interface ClientOptions {
  /** Ends with `/v1/`. */
  base: URL
  key: string
  userAgent: string
}

export interface ConnectOptions {
  /** Default: AGENTCLARA_BASE_URL, or this machine's. */
  server?: string | undefined
  insecureHttp?: boolean | undefined
  userAgent: string
}

/** Reads key and server. Throws ClientProblem when the key is missing or damaged, or would be sent in clear. */
export function connect(host: Host, { server, insecureHttp, userAgent }: ConnectOptions): Client {
  const key = host.env.AGENTCLARA_API_KEY
  if (key === undefined || key === '') {
    throw new ClientProblem('No API key: AGENTCLARA_API_KEY is not set.', {
      hint: 'Put a key of the test environment there, for this command alone: AGENTCLARA_API_KEY=sk_test_… agentclara …',
    })
  }
  const malformation = findMalformation(key)
  if (malformation !== undefined) {
    throw new ClientProblem(`AGENTCLARA_API_KEY is no API key: ${malformation.replace('_', ' ')}.`, {
      hint: 'Copy the whole key again: sk_test_ or sk_live_ and 30 letters and digits.',
    })
  }
  const url = parseServer(server ?? (host.env.AGENTCLARA_BASE_URL || DEFAULT_SERVER), insecureHttp ?? false)
  if (typeof url === 'string') throw new ClientProblem(url)
  return new Client({ base: new URL('./', url), key, userAgent })
}

/** Who the key is. */
export interface Me {
  environment: KeyEnvironment
  workspace: { name: string }
}

export class Client {
  readonly base: URL
  readonly environment: KeyEnvironment
  readonly #headers: Readonly<Record<string, string>>

  constructor({ base, key, userAgent }: ClientOptions) {
    this.base = base
    this.environment = key.startsWith('sk_live_') ? 'live' : 'test'
    this.#headers = { authorization: `Bearer ${key}`, 'user-agent': userAgent }
  }

  /** The answer's `data`, of the type that the API declares. Throws ClientProblem. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
    }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    for (let tries = 1; ; tries++) {
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS)
        const response = await this.fetch(path, { method, headers, ...sent, signal })
        if (response.ok) return ((await response.json()) as { data: T }).data
        const waitMs = retryAfterMs(response)
        const problem = await problemOf(response)
        if (tries === TRIES || !isPassing(response.status)) throw problem
        await delay(waitMs ?? backoffMs(tries))
      } catch (error) {
        if (error instanceof ClientProblem) throw error
        // Nobody listens there: that is more often a mistake than a restart, and waiting says nothing.
        if (tries === TRIES || isRefused(error)) throw unreachable(this.base, error)
        await delay(backoffMs(tries))
      }
    }
  }

  /** With the key, and never on to where a redirect leads. Rejects as fetch does; any status is an answer. */
  fetch(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = { ...this.#headers, ...(options.headers as Record<string, string> | undefined) }
    return fetch(new URL(path.replace(/^\//, ''), this.base), { ...options, headers, redirect: 'manual' })
  }
}

/** Whether the same request may be answered later. */
export function isPassing(status: number): boolean {
  return status === 429 || status >= 500
}

/** Of the header, in milliseconds; never longer than half a minute. Undefined without one. */
export function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.min(MAX_DELAY_MS, Math.max(0, seconds * 1000)) : undefined
}

/** After so many tries without an answer: twice as long each time, and never all clients at once. */
export function backoffMs(tries: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1)) * (0.5 + Math.random() / 2)
}

interface ErrorAnswer {
  error?: unknown
  hint?: unknown
  details?: { required?: unknown }
}

/** What the server said, in its words. */
export async function problemOf(response: Response): Promise<ClientProblem> {
  const { status } = response
  const answer = await response.json().then(
    (body) => (body ?? {}) as ErrorAnswer,
    (): ErrorAnswer => ({}),
  )
  if (typeof answer.error !== 'string') {
    const hint =
      status >= 300 && status < 400
        ? 'Redirects are not followed with a key: give the final URL with --server.'
        : 'Is the URL of --server, or AGENTCLARA_BASE_URL, that of an AgentClara server?'
    return new ClientProblem(`The server answered ${status}, not as AgentClara does.`, { status, hint })
  }
  const hint = typeof answer.hint === 'string' ? answer.hint : undefined
  return new ClientProblem(`${answer.error} (${status}).`, { status, hint })
}

/** fetch says "fetch failed" and puts what happened into the cause. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : undefined
  return cause?.code ?? (cause?.message || error.message)
}

/** Nobody listens at that address: also when it has several, of IPv4 and IPv6. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED'
}

function unreachable(base: URL, error: unknown): ClientProblem {
  const hint = isRefused(error)
    ? 'Nothing listens there: start the server (npm start), or say with --server where it is.'
    : 'Look at --server or AGENTCLARA_BASE_URL, and at the network in between.'
  return new ClientProblem(`No answer from ${base.origin}: ${codeOf(error)}.`, { hint })
}
