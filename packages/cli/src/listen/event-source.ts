/**
 * The stream of events, followed through breaks of the network and restarts of the server: each event once, in order.
 * The format is that of Server-Sent Events (WHATWG HTML, section 9.2.6), as far as the API uses it.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs, type Client, codeOf, isPassing, problemOf, retryAfterMs } from '../client.ts'

/** The server says something every 15 seconds. */
const SILENCE_MS = 45_000
/** A stream that held for so long was no failure. */
const STEADY_MS = 5_000
const MAX_DELAY_MS = 5_000

export interface StreamedEvent {
  /** The event's sequence, as text. */
  id: string
  /** JSON, in the very bytes that the server sent. */
  data: string
}

export interface FollowOptions {
  client: Client
  types: readonly string[] | undefined
  signal: AbortSignal
  onConnected: () => void
  /** The connection broke, or couldn't be made; it is tried again after so long. */
  onBroken: (reason: string, waitMs: number) => void
}

/** Ends when the signal is aborted. Throws ClientProblem for what trying again doesn't mend: a wrong key, say. */
export async function* followEvents(options: FollowOptions): AsyncGenerator<StreamedEvent, void, undefined> {
  const { client, types, signal, onConnected, onBroken } = options
  const query = types === undefined ? '' : `?types=${encodeURIComponent(types.join(','))}`
  let lastId: string | undefined
  for (let failures = 0; !signal.aborted; ) {
    const startedMs = performance.now()
    let waitMs: number | undefined
    let reason = 'the server ended the stream'
    const silence = new Silence(signal)
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      }
      const response = await client.fetch(`events/stream${query}`, { headers, signal: silence.signal })
      if (response.ok) {
        onConnected()
        for await (const block of blocksOf(response, silence)) {
          lastId = block.id ?? lastId
          if (block.data !== undefined && lastId !== undefined) yield { id: lastId, data: block.data }
        }
      } else {
        waitMs = retryAfterMs(response)
        const problem = await problemOf(response)
        if (!isPassing(response.status)) throw problem
        reason = problem.message
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Error && error.name === 'ClientProblem') throw error
      reason = silence.isOver ? 'nothing was heard for 45 s' : codeOf(error)
    } finally {
      silence.end()
    }
    if (signal.aborted) return
    failures = performance.now() - startedMs > STEADY_MS ? 1 : failures + 1
    waitMs ??= Math.min(MAX_DELAY_MS, backoffMs(failures))
    onBroken(reason, waitMs)
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Aborts what hears nothing for too long, and what is to end. */
class Silence {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal
  readonly #abort = (): void => this.#controller.abort()
  #timer: NodeJS.Timeout
  isOver = false

  constructor(outer: AbortSignal) {
    this.#outer = outer
    this.#timer = this.#start()
    outer.addEventListener('abort', this.#abort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  heard(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#start()
  }

  /** The reader is busy: what is not asked for can't be heard. */
  pause(): void {
    clearTimeout(this.#timer)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#outer.removeEventListener('abort', this.#abort)
    this.#controller.abort()
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.isOver = true
      this.#controller.abort()
    }, SILENCE_MS)
  }
}

async function* blocksOf({ body }: Response, silence: Silence): AsyncGenerator<Block, void, undefined> {
  const parser = new BlockParser()
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) {
    silence.pause()
    yield* parser.push(decoder.decode(chunk, { stream: true }))
    silence.heard()
  }
}

/** What stands between two empty lines. */
export interface Block {
  id: string | undefined
  data: string | undefined
}

/** Lines end with CR, LF or both; a block that the end of the stream cuts off is none. */
export class BlockParser {
  #rest = ''
  #id: string | undefined
  #data: string[] = []

  /** The blocks that the text completes. */
  push(text: string): Block[] {
    const blocks: Block[] = []
    // A CR at the end may be half of a line's end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        this.#read(line)
        continue
      }
      const data = this.#data.length === 0 ? undefined : this.#data.join('\n')
      if (this.#id !== undefined || data !== undefined) blocks.push({ id: this.#id, data })
      this.#id = undefined
      this.#data = []
    }
    return blocks
  }

  #read(line: string): void {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'data') this.#data.push(value)
  }
}
