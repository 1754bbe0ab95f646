// Which units (passages, sections, sources, …) hold a term: built once, then read only.

const NOTHING = new Int32Array(0)

/** Collects (term, unit) pairs; units must arrive in ascending order. A pair counts once, however often it is added. */
export class PostingsBuilder {
  private readonly terms: number[] = []
  private readonly units: number[] = []
  private readonly lastUnit: number[] = []

  /** Adds a word's term and the terms it is made of. */
  addWord(term: number, parts: readonly number[], unit: number): void {
    this.add(term, unit)
    for (const part of parts) this.add(part, unit)
  }

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
    for (let term = 0; term < termCount; term++) starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0)
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

  /** The units that hold the term, ascending. */
  unitsOf(term: number): Int32Array {
    const from = this.starts[term]
    return from === undefined ? NOTHING : this.units.subarray(from, this.starts[term + 1])
  }

  countOf(term: number): number {
    return (this.starts[term + 1] ?? 0) - (this.starts[term] ?? 0)
  }
}
