/**
 * Telling every node that a key changed, and learning when each has dropped what it remembered of it. A change is
 * announced in the transaction that makes it; nodes drop the key when they hear of it, and say so.
 */
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import { listLiveNodes } from '../../db/nodes.ts'
import type { Id } from '../../lib/ids.ts'
import type { PrincipalCache } from './principal-cache.ts'

/** When a node had dropped the key, counted from the start of the wait; null for one that did not say so in time. */
export interface NodeReceipt {
  id: Id<'node'>
  tookMs: number | null
}

const CHANGE_CHANNEL = 'agentclara_api_keys'
const DROPPED_CHANNEL = 'agentclara_api_keys_dropped'
export const KEY_CHANGE_CHANNELS = [CHANGE_CHANNEL, DROPPED_CHANNEL] as const

/** After this long, a node that hears nothing remembers nothing either. */
const WAIT_MS = 2_000

export interface KeyChangesOptions {
  db: Db
  cache: PrincipalCache
  nodeId: Id<'node'>
  notify: (channel: string, payload: string) => void
}

/** Acknowledgements of one change. */
export interface Acknowledgements {
  /** Complete when every live node has acknowledged, or after two seconds. Times count from `startedMs`. */
  collect(startedMs: number): Promise<NodeReceipt[]>
}

export class KeyChanges {
  readonly #options: KeyChangesOptions
  /** Who waits for acknowledgements, by the change: those of an earlier one say nothing about it. */
  readonly #waiting = new Map<string, (nodeId: Id<'node'>) => void>()

  constructor(options: KeyChangesOptions) {
    this.#options = options
  }

  /** Heard by every node when the transaction commits. */
  async announce(tx: Tx, keyId: Id<'key'>, changeId: string): Promise<void> {
    await sql`SELECT pg_notify(${CHANGE_CHANNEL}, ${`${keyId} ${changeId}`})`.execute(tx)
  }

  /** Drops the key on this very node, which need not hear of its own change. */
  dropHere(keyId: Id<'key'>): void {
    this.#options.cache.forget(keyId)
  }

  /** What the listener hears on either channel. */
  hear = (channel: string, payload: string): void => {
    const { cache, nodeId, notify } = this.#options
    const [first = '', second = ''] = payload.split(' ')
    if (channel === CHANGE_CHANNEL) {
      cache.forget(first as Id<'key'>) // only announce() writes to this channel
      notify(DROPPED_CHANNEL, `${second} ${nodeId}`)
    } else {
      this.#waiting.get(first)?.(second as Id<'node'>) // only the line above writes to this channel
    }
  }

  /** Call it before the change is announced, so that no acknowledgement comes too early to be heard. */
  expect(changeId: string): Acknowledgements & Disposable {
    const { db, nodeId } = this.#options
    const droppedAtMs = new Map<Id<'node'>, number>()
    const acknowledged = new EventTarget()
    const acknowledge = (id: Id<'node'>): void => {
      if (!droppedAtMs.has(id)) droppedAtMs.set(id, performance.now())
      acknowledged.dispatchEvent(new Event('one'))
    }
    this.#waiting.set(changeId, acknowledge)
    return {
      async collect(startedMs) {
        acknowledge(nodeId)
        const live = new Set([nodeId, ...(await listLiveNodes(db))])
        await until(acknowledged, () => [...live].every((id) => droppedAtMs.has(id)), WAIT_MS)
        return [...live].map((id) => ({ id, tookMs: sinceMs(startedMs, droppedAtMs.get(id)) }))
      },
      [Symbol.dispose]: () => void this.#waiting.delete(changeId),
    }
  }
}

/** Resolves when the condition holds, which is looked at after each event, or when the time is up. */
function until(events: EventTarget, condition: () => boolean, timeoutMs: number): Promise<void> {
  if (condition()) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, timeoutMs)
    const look = (): void => {
      if (condition()) done()
    }
    function done(): void {
      clearTimeout(timer)
      events.removeEventListener('one', look)
      resolve()
    }
    events.addEventListener('one', look)
  })
}

function sinceMs(startedMs: number, atMs: number | undefined): number | null {
  return atMs === undefined ? null : Math.round((atMs - startedMs) * 10) / 10
}
