/**
 * Requests and their answers: what each is sent with, how long it may take, and when it is tried again. A write has
 * the same idempotency key in each try, so that it has its effect once.
 */
import { connectionProblem, readAnswer, type Success } from './answers.ts'
import { AgentClaraError, ApiError, ConnectionError, TimeoutError } from './errors.ts'
import { isPassing, nextTryMs } from './retry.ts'
import { delay, randomUuid } from './runtime.ts'
import type { Settings } from './settings.ts'

/** For one call, instead of what the client was made with. */
export interface RequestOptions {
  /** Ends the call, whose promise then rejects with the signal's reason. A write may have had its effect. */
  signal?: AbortSignal
  /** How long each try may take. */
  timeoutMs?: number
  /** How long all tries together may take, with the waits between them. */
  totalTimeoutMs?: number
  /** Tries beyond the first. */
  maxRetries?: number
  /** Of a write. Give your own, and a write that you repeat within 24 hours has its effect once. Default: a new UUID. */
  idempotencyKey?: string
  headers?: Readonly<Record<string, string>>
}

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete'

export interface Call {
  method: Method
  /** Below the base URL, without a slash in front. */
  path: string
  query?: object | undefined
  body?: unknown
}

export class Transport {
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Throws ApiError, ConnectionError, TimeoutError, or the signal's reason. */
  async send(call: Call, options: RequestOptions = {}): Promise<Success> {
    const { timeoutMs = this.#settings.timeoutMs, maxRetries = this.#settings.maxRetries, signal } = options
    const totalMs = options.totalTimeoutMs ?? Math.max(this.#settings.totalTimeoutMs, timeoutMs)
    const endMs = performance.now() + totalMs
    const idempotencyKey = call.method === 'get' ? undefined : (options.idempotencyKey ?? randomUuid())
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    const headers = {
      ...options.headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    }
    for (let tries = 1; ; tries++) {
      const remainingMs = endMs - performance.now()
      try {
        const limitMs = Math.min(timeoutMs, remainingMs)
        return await this.#try(call, { headers, body, limitMs, signal })
      } catch (error) {
        const told = waitOf(error)
        const waitMs =
          told &&
          nextTryMs({
            tries,
            maxRetries,
            retryAfterMs: told.retryAfterMs,
            remainingMs: endMs - performance.now(),
            random: Math.random(),
          })
        if (waitMs === undefined) throw error
        await delay(waitMs, signal)
      }
    }
  }

  /** One try, whose answer's body is the caller's to read. Rejects as fetch does; any status is an answer. */
  open(
    { method, path, query }: Call,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response> {
    return this.#settings.fetch(this.#url(path, query), {
      method: method.toUpperCase(),
      headers: this.#headers(headers),
      redirect: 'manual',
      ...(signal && { signal }),
    })
  }

  async #try({ method, path, query }: Call, { headers, body, limitMs, signal }: Try): Promise<Success> {
    signal?.throwIfAborted()
    const url = this.#url(path, query)
    // What is wrong with a header is the caller's mistake, and no failure of the network.
    const init: RequestInit = {
      method: method.toUpperCase(),
      headers: this.#headers(headers),
      // The key must not go on to where a redirect leads.
      redirect: 'manual',
      ...(body !== undefined && { body }),
    }
    const limit = new TimeLimit(limitMs, signal)
    try {
      const response = await this.#settings.fetch(url, { ...init, signal: limit.signal })
      const text = await response.text()
      return readAnswer(response, text)
    } catch (error) {
      if (error instanceof AgentClaraError) throw error
      signal?.throwIfAborted()
      if (limit.isOver) throw new TimeoutError(`No answer from ${url.host} within ${Math.ceil(limitMs)} ms.`)
      const { code, reason } = connectionProblem(error)
      throw new ConnectionError(
        `No answer from ${url.host}: ${reason}. Is the server there? AGENTCLARA_BASE_URL or \`baseUrl\` says where it is.`,
        { code, cause: error },
      )
    } finally {
      limit.end()
    }
  }

  #url(path: string, query: object | undefined): URL {
    const url = new URL(path, this.#settings.baseUrl)
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value))
    return url
  }

  #headers(own: Record<string, string>): Headers {
    const { apiKey, headers, userAgent } = this.#settings
    const all = new Headers({ accept: 'application/json', ...(userAgent && { 'user-agent': userAgent }) })
    if (apiKey !== null) all.set('authorization', `Bearer ${apiKey}`)
    for (const [name, value] of [...Object.entries(headers()), ...Object.entries(own)]) all.set(name, value)
    return all
  }
}

interface Try {
  headers: Record<string, string>
  body: string | undefined
  limitMs: number
  signal: AbortSignal | undefined
}

/** Aborts what takes too long, and what the caller no longer wants. */
class TimeLimit {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #abort = (): void => this.#controller.abort(this.#outer?.reason)
  readonly #timer: ReturnType<typeof setTimeout>
  isOver = false

  constructor(ms: number, outer: AbortSignal | undefined) {
    this.#outer = outer
    outer?.addEventListener('abort', this.#abort, { once: true })
    this.#timer = setTimeout(() => {
      this.isOver = true
      this.#controller.abort()
    }, ms)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#abort)
  }
}

/** Of a failure that may pass: what the server asked for. Undefined for one that trying again doesn't mend. */
function waitOf(error: unknown): Pick<ApiError, 'retryAfterMs'> | undefined {
  if (error instanceof ConnectionError) return { retryAfterMs: undefined }
  return error instanceof ApiError && isPassing(error.status, error.code) ? error : undefined
}
