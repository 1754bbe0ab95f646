// The words an index knows, and how a word it doesn't know may still be meant: joined, shortened, mistyped, a synonym.
import { synonymsOf } from './synonyms.ts'
import type { Word } from './terms.ts'

/** A known term a word may stand for. `weight` is 1 for the word itself, less the further it was fetched. */
export interface Alternative {
  readonly term: number
  readonly weight: number
}

const NO_PARTS: readonly number[] = []
const SYNONYM_WEIGHT = 0.7
const JOINED_WEIGHT = 0.95
const PREFIX_WEIGHT = 0.6
const TYPO_WEIGHT = 0.75
const MIN_PREFIX_LENGTH = 4
const MIN_TYPO_LENGTH = 4
const TWO_TYPOS_LENGTH = 8

export class Vocabulary {
  private readonly ids = new Map<string, number>()
  private readonly parts = new Map<number, readonly number[]>()
  private readonly surfaces = new Map<string, number>()
  private readonly compounds = new Map<string, number>()
  private byLength: Map<number, string[]> | undefined
  private byPrefix: Map<string, string[]> | undefined

  get size(): number {
    return this.ids.size
  }

  /** The number of a term, a new one if it is new. */
  add(term: string): number {
    const known = this.ids.get(term)
    if (known !== undefined) return known
    const id = this.ids.size
    this.ids.set(term, id)
    return id
  }

  /** The number of a word; what a compound is made of is then known by `partsOf`. */
  addWord(word: Word): number {
    const id = this.add(word.term)
    if (word.parts.length > 1) {
      if (!this.parts.has(id)) this.parts.set(id, word.parts.map((part) => this.add(part)))
      if (!this.compounds.has(word.surface)) this.compounds.set(word.surface, id)
    } else if (!this.surfaces.has(word.surface)) this.surfaces.set(word.surface, id)
    return id
  }

  /** The terms a compound is made of; none for a simple word. */
  partsOf(term: number): readonly number[] {
    return this.parts.get(term) ?? NO_PARTS
  }

  find(term: string): number | undefined {
    return this.ids.get(term)
  }

  /** What the words at `at` may stand for, best first; nothing if the index knows no such word. */
  alternativesOf(words: readonly Word[], at: number): Alternative[] {
    const word = words[at]
    if (word === undefined) return []
    const found: Alternative[] = []
    const push = (term: number | undefined, weight: number): void => {
      if (term !== undefined && !found.some((each) => each.term === term)) found.push({ term, weight })
    }
    push(this.ids.get(word.term), 1)
    for (const joined of [joinedWith(word, words[at + 1]), joinedWith(words[at - 1], word)]) {
      if (joined !== undefined) push(this.surfaces.get(joined) ?? this.compounds.get(joined), JOINED_WEIGHT)
    }
    for (const synonym of synonymsOf(word.term)) push(this.ids.get(synonym), SYNONYM_WEIGHT)
    if (found.length === 0 && word.parts.length === 0) for (const each of this.resembling(word.surface)) push(each.term, each.weight)
    return found
  }

  private resembling(surface: string): Alternative[] {
    if (surface.length < MIN_PREFIX_LENGTH || /\d/.test(surface)) return []
    const longer = this.completionOf(surface)
    if (longer !== undefined) return [{ term: longer, weight: PREFIX_WEIGHT }]
    return this.correctionsOf(surface)
  }

  private completionOf(surface: string): number | undefined {
    this.byPrefix ??= Map.groupBy(this.surfaces.keys(), (known) => known.slice(0, MIN_PREFIX_LENGTH))
    let best: string | undefined
    for (const known of this.byPrefix.get(surface.slice(0, MIN_PREFIX_LENGTH)) ?? []) {
      if (known.startsWith(surface) && (best === undefined || known.length < best.length)) best = known
    }
    return best === undefined ? undefined : this.surfaces.get(best)
  }

  private correctionsOf(surface: string): Alternative[] {
    if (surface.length < MIN_TYPO_LENGTH) return []
    const limit = surface.length >= TWO_TYPOS_LENGTH ? 2 : 1
    let nearest = limit
    let found: Alternative[] = []
    this.byLength ??= Map.groupBy(this.surfaces.keys(), (known) => known.length)
    for (let length = surface.length - limit; length <= surface.length + limit; length++) {
      for (const known of this.byLength.get(length) ?? []) {
        if (known.charCodeAt(0) !== surface.charCodeAt(0) && known.charCodeAt(1) !== surface.charCodeAt(1)) continue
        const distance = editDistance(surface, known, nearest)
        if (distance > nearest) continue
        if (distance < nearest) found = []
        nearest = distance
        found.push({ term: this.surfaces.get(known) ?? 0, weight: TYPO_WEIGHT })
      }
    }
    return found.slice(0, 4)
  }
}

function joinedWith(first: Word | undefined, second: Word | undefined): string | undefined {
  if (first === undefined || second === undefined) return undefined
  if (first.surface.length < 2 || second.surface.length < 2) return undefined
  return first.surface + second.surface
}

/**
 * How many letters have to be inserted, removed, changed or swapped with their neighbour to turn `a` into `b`;
 * any number above `limit` once it is certain to be above. The first letters of long words are compared first.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let twoAbove: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      let distance = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1))
      const isSwap = a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      if (i > 1 && j > 1 && isSwap) distance = Math.min(distance, (twoAbove[j - 2] ?? 0) + 1)
      row.push(distance)
      least = Math.min(least, distance)
    }
    if (least > limit) return limit + 1
    twoAbove = above
    above = row
  }
  return above[b.length] ?? limit + 1
}
