/**
 * Telling every node that a key changed, and learning when each has dropped what it remembered of it. A change is
 * announced in the transaction that makes it; nodes drop the key when they hear of it, and say so.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../db/client.ts'
import { listLiveNodes } from '../../../db/nodes.ts'
import type { Id } from '../../../lib/ids.ts'
import type { ClickWatch } from './click-watch.ts'
import type { PrincipalCache } from './principal-cache.ts'

/** When a node had dropped the key, counted from the start of the wait; null for one that did not say so in time. */
export interface NodeReceipt {
  id: Id<'node'>
  tookMs: number | null
}

/** What became of a change on every live node. */
export interface ChangeReceipt {
  tookMs: number
  nodes: NodeReceipt[]
  /** Requests with the key that nodes accepted while the change was under way: see ClickWatch. */
  requestsSinceClick: number
}

const CHANGE_CHANNEL = 'agentclara_api_keys'
const DROPPED_CHANNEL = 'agentclara_api_keys_dropped'
const CLICK_CHANNEL = 'agentclara_api_keys_click'
export const KEY_CHANGE_CHANNELS = [CHANGE_CHANNEL, DROPPED_CHANNEL, CLICK_CHANNEL] as const

/** After this long, a node that hears nothing remembers nothing either. */
const WAIT_MS = 2_000

export interface KeyChangesOptions {
  db: Db
  cache: PrincipalCache
  clicks: ClickWatch
  nodeId: Id<'node'>
  notify: (channel: string, payload: string) => void
}

/** One change that is under way. */
export interface PendingChange extends Disposable {
  /** Heard by every node when the transaction commits. */
  announce(tx: Tx): Promise<void>
  /** Call it after the commit: complete when every live node has dropped the key, or after two seconds. */
  settle(): Promise<ChangeReceipt>
}

interface Acknowledgement {
  atMs: number
  requests: number
}

export class KeyChanges {
  readonly #options: KeyChangesOptions
  /** Who waits for acknowledgements, by the change: those of an earlier one say nothing about it. */
  readonly #waiting = new Map<string, (nodeId: Id<'node'>, requests: number) => void>()

  constructor(options: KeyChangesOptions) {
    this.#options = options
  }

  /** What the listener hears on each channel. Only the lines of this class write to them. */
  hear = (channel: string, payload: string): void => {
    const { cache, clicks, nodeId, notify } = this.#options
    const [first = '', second = '', third = ''] = payload.split(' ')
    if (channel === CLICK_CHANNEL) {
      clicks.begin(first as Id<'key'>, second)
    } else if (channel === CHANGE_CHANNEL) {
      cache.forget(first as Id<'key'>)
      // What this node began it settles itself.
      if (!this.#waiting.has(second)) notify(DROPPED_CHANNEL, `${second} ${nodeId} ${clicks.end(second)}`)
    } else {
      this.#waiting.get(first)?.(second as Id<'node'>, Number(third))
    }
  }

  /** For what concerns many keys and needs no receipt: every node drops them when it hears of the commit. */
  async announceMany(tx: Tx, keyIds: readonly Id<'key'>[]): Promise<void> {
    await sql`
      SELECT pg_notify(${CHANGE_CHANNEL}, id || ' ' || ${randomUUID()}::text) FROM unnest(${keyIds}::text[]) AS id`.execute(
      tx,
    )
  }

  /** Begins a change of the key: requests that it accepts are counted from now on, acknowledgements waited for. */
  begin(keyId: Id<'key'>): PendingChange {
    const { db, cache, clicks, nodeId, notify } = this.#options
    const startedMs = performance.now()
    const changeId = randomUUID()
    const acknowledgements = new Map<Id<'node'>, Acknowledgement>()
    const acknowledged = new EventTarget()
    const acknowledge = (id: Id<'node'>, requests: number): void => {
      acknowledgements.set(id, { atMs: performance.now(), requests })
      acknowledged.dispatchEvent(new Event('one'))
    }
    this.#waiting.set(changeId, acknowledge)
    clicks.begin(keyId, changeId)
    notify(CLICK_CHANNEL, `${keyId} ${changeId}`)
    return {
      async announce(tx) {
        await sql`SELECT pg_notify(${CHANGE_CHANNEL}, ${`${keyId} ${changeId}`})`.execute(tx)
      },
      async settle() {
        cache.forget(keyId)
        acknowledge(nodeId, clicks.end(changeId))
        const live = new Set([nodeId, ...(await listLiveNodes(db))])
        await until(acknowledged, () => [...live].every((id) => acknowledgements.has(id)), WAIT_MS)
        const nodes = [...live].map((id) => ({
          id,
          tookMs: sinceMs(startedMs, acknowledgements.get(id)?.atMs),
        }))
        const requestsSinceClick = [...acknowledgements.values()].reduce((sum, one) => sum + one.requests, 0)
        return { tookMs: sinceMs(startedMs, performance.now()) ?? 0, nodes, requestsSinceClick }
      },
      [Symbol.dispose]: () => {
        this.#waiting.delete(changeId)
        clicks.end(changeId)
      },
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
