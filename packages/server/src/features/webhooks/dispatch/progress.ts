/**
 * How far a webhook's log was read, and how far what was read is recorded: the position is behind the first event that
 * isn't recorded yet, so that the next owner misses none. Pure.
 */

/** Recorded ones are let go by so many. */
const COMPACT_AFTER = 200

interface Read {
  readonly sequence: number
  isUnrecorded: boolean
}

export class Progress {
  /** In the order they were read; the first from `#from` on is never recorded. */
  #unrecorded: Read[] = []
  #from = 0
  #readTo: number
  /** The position that is written, or about to be. */
  #notedTo: number

  constructor(position: number) {
    this.#readTo = position
    this.#notedTo = position
  }

  get readTo(): number {
    return this.#readTo
  }

  /** From the first event that isn't recorded to the last one that was read. */
  get readAhead(): number {
    return this.#unrecorded.length - this.#from
  }

  /** How far the position would move if the state were written now without any delivery. */
  get unnoted(): number {
    return this.readAhead === 0 ? this.#readTo - this.#notedTo : 0
  }

  /** It is to be recorded before the position moves past it. In order. */
  add(item: Read): void {
    this.#unrecorded.push(item)
  }

  /** Everything up to here was read, and what is to be recorded of it was added. */
  advanceTo(sequence: number): void {
    if (sequence > this.#readTo) this.#readTo = sequence
  }

  /** These are about to be written: the position as it will be with them. */
  record(sequences: readonly number[]): number {
    const recorded = new Set(sequences)
    for (let at = this.#from; at < this.#unrecorded.length; at++) {
      const item = this.#unrecorded[at]
      if (item !== undefined && recorded.has(item.sequence)) item.isUnrecorded = false
    }
    while (this.#unrecorded[this.#from]?.isUnrecorded === false) this.#from += 1
    if (this.#from > COMPACT_AFTER) {
      this.#unrecorded = this.#unrecorded.slice(this.#from)
      this.#from = 0
    }
    const first = this.#unrecorded[this.#from]
    this.#notedTo = first === undefined ? this.#readTo : first.sequence - 1
    return this.#notedTo
  }
}
