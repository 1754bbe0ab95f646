/** Which units (passages, sections, sources, …) hold a term: built once, then read only. */

const NOTHING = new Int32Array(0)

/** Collects (term, unit) pairs; units must arrive in ascending order. A pair counts once, however often it is added. */
export class PostingsBuilder {
  private readonly terms: number[] = []
  private readonly units: number[] = []
  private readonly lastUnit: number[] = []

  add(term: number, unit: number): void {
    if (this.lastUnit[term] === unit) return
    this.lastUnit[term] = unit
    this.terms.push(term)
    this.units.push(unit)
  }

  /** `termCount` is one more than the highest term. */
  build(termCount: number): Postings {
    const starts = new Int32Array(termCount + 1)
    for (const term of this.terms) starts[term + 1] = (starts[term + 1] ?? 0) + 1
    for (let term = 0; term < termCount; term++)
      starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0)
    const next = starts.slice()
    const units = new Int32Array(this.units.length)
    this.terms.forEach((term, at) => {
      const slot = next[term] ?? 0
      units[slot] = this.units[at] ?? 0
      next[term] = slot + 1
    })
    return new Postings(starts, units)
  }
}

export class Postings {
  private readonly starts: Int32Array
  private readonly units: Int32Array

  constructor(starts: Int32Array, units: Int32Array) {
    this.starts = starts
    this.units = units
  }

  /** The units that hold the term, ascending; none for a term that is unknown. */
  unitsOf(term: number): Int32Array {
    const from = this.starts[term]
    return from === undefined ? NOTHING : this.units.subarray(from, this.starts[term + 1])
  }

  countOf(term: number): number {
    return this.unitsOf(term).length
  }

  holds(term: number, unit: number): boolean {
    let low = this.starts[term] ?? 0
    let high = this.starts[term + 1] ?? 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.units[middle] ?? 0) < unit) low = middle + 1
      else high = middle
    }
    return low < (this.starts[term + 1] ?? 0) && this.units[low] === unit
  }
}

/** How telling a term is that `holding` of `count` units hold: inverse document frequency as BM25 weighs it. */
export function rarity(count: number, holding: number): number {
  return Math.log(1 + (count - holding + 0.5) / (holding + 0.5))
}

/** The numbers of the `limit` highest scores above 0, highest first; of equal ones the lower number first. */
export function highest(scores: Float64Array, limit: number): number[] {
  const best: number[] = []
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? 0
    if (score <= 0 || (best.length >= limit && score <= (scores[best.at(-1) ?? 0] ?? 0))) continue
    let low = 0
    let high = best.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((scores[best[middle] ?? 0] ?? 0) >= score) low = middle + 1
      else high = middle
    }
    best.splice(low, 0, at)
    if (best.length > limit) best.pop()
  }
  return best
}
