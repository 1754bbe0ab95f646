/**
 * The events of an environment as they happen, as Server-Sent Events (WHATWG HTML, section 9.2), to clients that stay
 * connected. A client that doesn't read is cut, and one whose key may no longer read events is ended: both resume, or
 * are refused, with the id of the last event that they saw.
 */
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Db } from '../../db/client.ts'
import { ApiError, invalidField, rateLimited } from '../../errors.ts'
import { Follower } from '../../events/follow.ts'
import { type EventRow, newestSequence } from '../../events/log.ts'
import type { EventTail } from '../../events/tail.ts'
import type { Id } from '../../lib/ids.ts'
import type { EnvironmentName, Scope } from '../../principal.ts'
import { toWire } from './schema.ts'

export interface EventStreamsOptions {
  db: Db
  tail: EventTail
  onError: (error: unknown) => void
  /** Open at once on this node: of one key or member, of one workspace, and of all. */
  maxPerKey?: number
  maxPerWorkspace?: number
  maxOpen?: number
  /** A comment is sent after so long without an event: proxies end what is silent. */
  keepAliveMs?: number
  /** How often it is asked whether the key may still read, when nothing happens. */
  checkMs?: number
  /** A client that takes nothing for so long is cut. */
  stallMs?: number
}

export interface StreamRequest {
  caller: Scope
  /** Whose streams are counted together: a key, or a member. */
  callerId: Id<'key'> | Id<'mem'>
  conversationId?: string | undefined
  types?: readonly string[] | undefined
  /** The id of the last event that the client saw. Left out: from now on. */
  lastEventId?: number | undefined
  /** Asked before each batch of events. */
  mayStillRead: () => Promise<boolean>
  /** For whoever ends it first: aborted when the client is gone, and when the server stops. */
  over: AbortController
  /** Ends the connection of a client that doesn't take what is written. */
  cut: () => void
}

const MAX_PER_KEY = 10
const MAX_PER_WORKSPACE = 100
const MAX_OPEN = 1_000
const KEEP_ALIVE_MS = 15_000
const CHECK_MS = 5_000
const STALL_MS = 30_000
/** How long a client waits before it comes back; also what one hears that has too many. */
const RETRY_MS = 1_000
const FULL_RETRY_MS = 5_000
/** Beside what the connection itself takes. */
const BUFFER_BYTES = 64 * 1024

export class EventStreams {
  readonly #options: Required<EventStreamsOptions>
  /** By key and by workspace: their ids differ. */
  readonly #openBy = new Map<string, number>()
  #entered = 0
  readonly #running = new Map<AbortController, Promise<void>>()
  #isClosed = false

  constructor(options: EventStreamsOptions) {
    this.#options = {
      maxPerKey: MAX_PER_KEY,
      maxPerWorkspace: MAX_PER_WORKSPACE,
      maxOpen: MAX_OPEN,
      keepAliveMs: KEEP_ALIVE_MS,
      checkMs: CHECK_MS,
      stallMs: STALL_MS,
      ...options,
    }
  }

  /** Now, on this node. */
  get open(): number {
    return this.#running.size
  }

  /**
   * What the client is sent, from now until it is gone. Throws `rate_limited` when its key, its workspace or the
   * server has too many, and `validation_failed` for an id that this installation never gave out.
   */
  async start(request: StreamRequest): Promise<PassThrough> {
    if (this.#isClosed) throw new ApiError('unavailable')
    const leave = this.#enter(request)
    try {
      const follower = await this.#follow(request)
      const out = new PassThrough({ highWaterMark: BUFFER_BYTES })
      const running = this.#run(request, follower, out)
        .catch((error: unknown) => this.#options.onError(error))
        .finally(() => {
          follower.close()
          leave()
          this.#running.delete(request.over)
          out.end()
        })
      this.#running.set(request.over, running)
      return out
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Ends all of them, and takes no more. Resolves when nothing is left of them. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const over of this.#running.keys()) over.abort()
    await Promise.all(this.#running.values())
  }

  #enter({ callerId, caller: { workspaceId } }: StreamRequest): () => void {
    const { maxPerKey, maxPerWorkspace, maxOpen } = this.#options
    const limits: [owner: string, open: number, max: number][] = [
      ['A key or member', this.#openBy.get(callerId) ?? 0, maxPerKey],
      ['A workspace', this.#openBy.get(workspaceId) ?? 0, maxPerWorkspace],
      ['This server', this.#entered, maxOpen],
    ]
    for (const [owner, open, max] of limits) {
      if (open < max) continue
      throw rateLimited('event_streams', FULL_RETRY_MS, {
        hint: `${owner} may have ${max} streams of events open at once. Close one, or share one among what listens.`,
      })
    }
    this.#count(callerId, 1)
    this.#count(workspaceId, 1)
    this.#entered += 1
    return () => {
      this.#count(callerId, -1)
      this.#count(workspaceId, -1)
      this.#entered -= 1
    }
  }

  #count(owner: string, change: 1 | -1): void {
    const open = (this.#openBy.get(owner) ?? 0) + change
    if (open === 0) this.#openBy.delete(owner)
    else this.#openBy.set(owner, open)
  }

  async #follow({ caller, conversationId, types, lastEventId }: StreamRequest): Promise<Follower> {
    const { db, tail } = this.#options
    if (lastEventId !== undefined && lastEventId > (await newestSequence(db))) {
      throw invalidField(
        'Last-Event-ID',
        'is higher than any event of this server',
        'Was the database replaced? Connect without it, and read what you need from GET /v1/events.',
      )
    }
    const { environmentId } = caller
    return Follower.start({ db, tail, environmentId, conversationId, types, afterSequence: lastEventId })
  }

  async #run(request: StreamRequest, follower: Follower, out: PassThrough): Promise<void> {
    const { keepAliveMs, checkMs } = this.#options
    const { signal: over } = request.over
    // The id first: a client that loses the connection before the first event comes back to this very place.
    out.write(`retry: ${RETRY_MS}\nid: ${follower.position}\n\n`)
    let writtenMs = performance.now()
    while (!over.aborted) {
      const rows = await follower.next(checkMs, over)
      if (over.aborted) return
      if (!(await request.mayStillRead())) {
        out.write(': this key may not read events any more\n\n')
        return
      }
      for (const row of rows) if (!(await this.#write(request, out, eventText(row, request.caller)))) return
      const isQuiet = rows.length === 0
      if (isQuiet && performance.now() - writtenMs < keepAliveMs - checkMs / 2) continue
      // The id goes on with what was left out, too.
      if (isQuiet && !(await this.#write(request, out, `: \nid: ${follower.position}\n\n`))) return
      writtenMs = performance.now()
    }
  }

  /** False when it is over, or the client takes nothing. */
  async #write({ over, cut }: StreamRequest, out: PassThrough, text: string): Promise<boolean> {
    if (over.signal.aborted) return false
    if (out.write(text)) return true
    try {
      const tooLong = AbortSignal.timeout(this.#options.stallMs)
      await once(out, 'drain', { signal: AbortSignal.any([over.signal, tooLong]) })
      return true
    } catch {
      cut()
      return false
    }
  }
}

const texts = new WeakMap<EventRow, string>()

/** Written once, however many clients listen: they are handed the same rows. */
function eventText(row: EventRow, { environment }: { readonly environment: EnvironmentName }): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const text = `id: ${row.sequence}\ndata: ${JSON.stringify(toWire(row, environment))}\n\n`
  texts.set(row, text)
  return text
}
