/**
 * The stream of events, followed through breaks of the network and restarts of the server: each event once, in order.
 * It ends only when it is told to, or when the server refuses for good.
 */
import { connectionProblem, parsed, responseError } from './answers.ts'
import { ApiError } from './errors.ts'
import type { Event } from './generated/wire.ts'
import { backoffMs, isPassing } from './retry.ts'
import { delay } from './runtime.ts'
import { SseParser } from './sse-parser.ts'
import type { Transport } from './transport.ts'

/** The server says something every 15 seconds. */
const SILENCE_MS = 45_000
/** A stream that held for so long was no failure. */
const STEADY_MS = 5_000
/** Whoever follows wants to know soon. */
const MAX_WAIT_MS = 5_000
const PATH = 'events/stream'

export interface StreamOptions {
  /** Ends the stream. */
  signal?: AbortSignal
  /** Only these types: `['message.received']`. Default: all. */
  types?: readonly string[]
  conversation_id?: string
  /** Go on after the event with this `sequence`. Default: with what happens from now on. */
  last_event_id?: string | number
  /** The server answered, the first time or again. */
  onConnected?: () => void
  /** The connection broke or couldn't be made; it is tried again after `waitMs`. */
  onBroken?: (reason: string, waitMs: number) => void
}

/** One event as it was sent. */
export interface StreamedEvent {
  /** The event's `sequence`. */
  id: string
  /** JSON, in the very bytes that the server sent. */
  data: string
}

/** Walk it by `for await`. It connects when that begins, and stays connected until it is left. */
export class EventStream implements AsyncIterable<Event> {
  readonly #transport: Transport
  readonly #options: StreamOptions

  constructor(transport: Transport, options: StreamOptions) {
    this.#transport = transport
    this.#options = options
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    // The server sends its Event, as openapi.json has it.
    for await (const { data } of this.raw()) yield JSON.parse(data) as Event
  }

  /** The events as they were sent. Ends when the signal is aborted; throws ApiError for what waiting doesn't mend. */
  async *raw(): AsyncGenerator<StreamedEvent, void, undefined> {
    const { signal, onConnected, onBroken } = this.#options
    let lastId = this.#options.last_event_id?.toString()
    for (let failures = 0; !signal?.aborted; ) {
      const startedMs = performance.now()
      const silence = new Silence(signal)
      let failure: Failure = { reason: 'the server ended the stream' }
      try {
        const body = await this.#connect(lastId, silence.signal)
        onConnected?.()
        for await (const { id, data } of blocksOf(body, silence)) {
          lastId = id ?? lastId
          if (data !== undefined && lastId !== undefined) yield { id: lastId, data }
        }
      } catch (error) {
        if (signal?.aborted) return
        failure = failureOf(error, silence.isOver)
      } finally {
        silence.end()
      }
      if (signal?.aborted) return
      failures = performance.now() - startedMs > STEADY_MS ? 1 : failures + 1
      const waitMs = failure.retryAfterMs ?? Math.min(MAX_WAIT_MS, backoffMs(failures, Math.random()))
      onBroken?.(failure.reason, waitMs)
      // It rejects when the stream is to end, which is looked at next.
      await delay(waitMs, signal).catch(() => undefined)
    }
  }

  async #connect(lastId: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { types, conversation_id } = this.#options
    const query = { types: types?.join(','), conversation_id }
    const headers = {
      accept: 'text/event-stream',
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    }
    const response = await this.#transport.open({ method: 'get', path: PATH, query }, headers, signal)
    if (response.ok && response.body !== null) return response.body
    throw responseError(response, parsed(await response.text()))
  }
}

interface Failure {
  reason: string
  retryAfterMs?: number | undefined
}

/** Throws what trying again doesn't mend. */
function failureOf(error: unknown, isSilent: boolean): Failure {
  if (isSilent) return { reason: `nothing was heard for ${SILENCE_MS / 1000} s` }
  if (!(error instanceof ApiError)) return { reason: connectionProblem(error).reason }
  if (!isPassing(error.status, error.code)) throw error
  return { reason: error.message, retryAfterMs: error.retryAfterMs }
}

/** Aborts what hears nothing for too long, and what is to end. */
class Silence {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #abort = (): void => this.#controller.abort()
  #timer: ReturnType<typeof setTimeout>
  isOver = false

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer
    this.#timer = this.#start()
    outer?.addEventListener('abort', this.#abort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  listen(): void {
    this.#timer = this.#start()
  }

  /** The reader is busy: what isn't asked for can't be heard. */
  pause(): void {
    clearTimeout(this.#timer)
  }

  /** Ends the connection, too. */
  end(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#abort)
    this.#controller.abort()
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.isOver = true
      this.#controller.abort()
    }, SILENCE_MS)
  }
}

/** By a reader: not every browser walks a stream by `for await`. */
async function* blocksOf(body: ReadableStream<Uint8Array>, silence: Silence) {
  const parser = new SseParser()
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    silence.pause()
    if (done) return
    yield* parser.push(decoder.decode(value, { stream: true }))
    silence.listen()
  }
}
