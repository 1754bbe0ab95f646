/** Instants in order, in a ring that grows: added at the new end, dropped at the old one, found by halving. */

const SMALLEST = 8

/**
 * In the unit of whoever uses it. Ages are compared as `nowMs - at < windowMs`, always in this form: an instant counts
 * while that holds, and no longer when it is exactly as old as the window.
 */
export class Instants {
  /** Its length is a power of two. */
  #ring = new Float64Array(SMALLEST)
  #first = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** 1 is the newest, `size` the oldest. */
  newest(rank: number): number {
    return this.#at(this.#size - rank)
  }

  /** Not older than the newest. */
  push(at: number): void {
    if (this.#size === this.#ring.length) this.#grow()
    this.#ring[(this.#first + this.#size) & (this.#ring.length - 1)] = at
    this.#size += 1
  }

  /** At its place, behind those that are equal. */
  insert(at: number): void {
    this.push(at)
    let index = this.#size - 1
    for (; index > 0 && this.#at(index - 1) > at; index--) this.#set(index, this.#at(index - 1))
    this.#set(index, at)
  }

  /** Drops the instants that are as old as the window, or older. */
  dropOld(nowMs: number, windowMs: number): void {
    while (this.#size > 0 && !(nowMs - this.#at(0) < windowMs)) {
      this.#first = (this.#first + 1) & (this.#ring.length - 1)
      this.#size -= 1
    }
  }

  /** How many are younger than the window. */
  countYoung(nowMs: number, windowMs: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (nowMs - this.#at(middle) < windowMs) high = middle
      else low = middle + 1
    }
    return this.#size - low
  }

  /** Removes one that is equal; nothing when none is. */
  remove(at: number): void {
    let index = this.#size - this.countYoung(at, 0)
    // No instant is younger than no time at all but those after `at`: the one before them is it, or it isn't there.
    index -= 1
    if (index < 0 || this.#at(index) !== at) return
    for (; index < this.#size - 1; index++) this.#set(index, this.#at(index + 1))
    this.#size -= 1
  }

  #at(index: number): number {
    return this.#ring[(this.#first + index) & (this.#ring.length - 1)] ?? Number.NaN
  }

  #set(index: number, at: number): void {
    this.#ring[(this.#first + index) & (this.#ring.length - 1)] = at
  }

  #grow(): void {
    const larger = new Float64Array(this.#ring.length * 2)
    for (let index = 0; index < this.#size; index++) larger[index] = this.#at(index)
    this.#ring = larger
    this.#first = 0
  }
}
