/**
 * What waits to be delivered to one webhook, in lanes: a conversation's events follow each other, lanes don't wait for
 * each other. A lane whose first event failed is parked, and with it what comes after; all others go on. Pure.
 */

export interface Waiting {
  readonly sequence: number
  /** Null: ordered with nothing. */
  readonly lane: string | null
}

interface Lane<T> {
  readonly name: string
  /** By sequence; the first one is under way while the lane is busy. */
  readonly items: T[]
  isBusy: boolean
  /** 0: now. */
  dueMs: number
  /** In the line of those that are due, or in that of the parked ones. */
  place: 'none' | 'ready' | 'parked'
}

export class Lanes<T extends Waiting> {
  readonly #lanes = new Map<string, Lane<T>>()
  readonly #bySequence = new Map<number, T>()
  /** First come, first served. */
  #ready: Lane<T>[] = []
  #readyFrom = 0
  /** A heap by `dueMs`; one that is there for an earlier due than it now has is put back when it comes up. */
  readonly #parked: { lane: Lane<T>; dueMs: number }[] = []

  get size(): number {
    return this.#bySequence.size
  }

  find(sequence: number): T | undefined {
    return this.#bySequence.get(sequence)
  }

  /** Adds to its lane, in order, behind what is under way. True when it must wait for others of a parked lane. */
  add(item: T, dueMs = 0): boolean {
    const name = item.lane ?? `#${item.sequence}`
    const lane = this.#lanes.get(name) ?? { name, items: [], isBusy: false, dueMs: 0, place: 'none' }
    this.#lanes.set(name, lane)
    this.#bySequence.set(item.sequence, item)
    let at = lane.items.length
    const first = lane.isBusy ? 1 : 0
    while (at > first && (lane.items[at - 1]?.sequence ?? 0) > item.sequence) at -= 1
    lane.items.splice(at, 0, item)
    // What comes first says when the lane is due.
    if (at === 0) lane.dueMs = dueMs
    if (!lane.isBusy) this.#place(lane)
    return lane.items.length > 1 && lane.dueMs > 0
  }

  /** The next item that is due; its lane is busy until `done` or `park`. */
  take(nowMs: number): T | undefined {
    this.#promote(nowMs)
    while (this.#readyFrom < this.#ready.length) {
      const lane = this.#ready[this.#readyFrom]
      this.#readyFrom += 1
      if (this.#readyFrom > 1_000 && this.#readyFrom * 2 > this.#ready.length) {
        this.#ready = this.#ready.slice(this.#readyFrom)
        this.#readyFrom = 0
      }
      if (lane?.place !== 'ready') continue
      lane.place = 'none'
      const [item] = lane.items
      if (item === undefined) continue
      lane.isBusy = true
      return item
    }
    return undefined
  }

  /** It is over: the next of its lane is due. */
  done(item: T): void {
    const lane = this.#laneOf(item)
    lane.items.shift()
    lane.isBusy = false
    lane.dueMs = 0
    this.#bySequence.delete(item.sequence)
    if (lane.items.length === 0) this.#lanes.delete(lane.name)
    else this.#place(lane)
  }

  /** It stays first in its lane, which waits until then. Those behind it are returned. */
  park(item: T, dueMs: number): readonly T[] {
    const lane = this.#laneOf(item)
    lane.isBusy = false
    lane.dueMs = dueMs
    this.#place(lane)
    return lane.items.slice(1)
  }

  /** Makes its lane due now, unless it is under way. */
  hurry(item: T): void {
    const lane = this.#laneOf(item)
    if (lane.isBusy) return
    lane.dueMs = 0
    this.#place(lane)
  }

  /** The earliest instant at which something is due; infinite when nothing will be by time alone. */
  nextDueMs(): number {
    if (this.#readyFrom < this.#ready.length) return 0
    return this.#parked[0]?.dueMs ?? Number.POSITIVE_INFINITY
  }

  #laneOf(item: T): Lane<T> {
    const lane = this.#lanes.get(item.lane ?? `#${item.sequence}`)
    if (lane === undefined) throw new Error(`${item.sequence} is in no lane`)
    return lane
  }

  #place(lane: Lane<T>): void {
    if (lane.dueMs === 0) {
      if (lane.place === 'ready') return
      lane.place = 'ready'
      this.#ready.push(lane)
    } else {
      lane.place = 'parked'
      push(this.#parked, { lane, dueMs: lane.dueMs })
    }
  }

  #promote(nowMs: number): void {
    for (;;) {
      const [first] = this.#parked
      if (first === undefined || first.dueMs > nowMs) return
      pop(this.#parked)
      const { lane } = first
      if (lane.place !== 'parked' || lane.isBusy || lane.dueMs !== first.dueMs) continue
      lane.dueMs = 0
      this.#place(lane)
    }
  }
}

interface Due {
  readonly dueMs: number
}

/** Binary heap, the earliest first. */
function push<D extends Due>(heap: D[], entry: D): void {
  heap.push(entry)
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1
    if (dueAt(heap, parent) <= dueAt(heap, at)) return
    swap(heap, at, parent)
    at = parent
  }
}

function pop<D extends Due>(heap: D[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  heap[0] = last
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    const child = left + 1 < heap.length && dueAt(heap, left + 1) < dueAt(heap, left) ? left + 1 : left
    if (child >= heap.length || dueAt(heap, at) <= dueAt(heap, child)) return
    swap(heap, at, child)
    at = child
  }
}

function dueAt(heap: readonly Due[], index: number): number {
  return heap[index]?.dueMs ?? Number.POSITIVE_INFINITY
}

function swap<D>(heap: D[], a: number, b: number): void {
  // Both are indexes of the heap.
  ;[heap[a], heap[b]] = [heap[b] as D, heap[a] as D]
}
