/**
 * The terms an index knows, by number, and what a word of a question may stand for among them: itself, a synonym, the
 * word it is the beginning of, the word it is a misspelling of.
 */

import { synonymsOf } from '../terms/synonyms.ts'
import { chunksOf, phrasalTerm, type Word, wordsOf } from '../terms.ts'
import { editDistance } from './edit-distance.ts'

/** A known term a word may stand for. `weight` is 1 for the word itself, less the further it was fetched. */
export interface Alternative {
  readonly term: number
  readonly weight: number
}

const JOINED_WEIGHT = 0.95
const MISSPELLING_WEIGHT = 0.65
const BEGINNING_WEIGHT = 0.6
/** "Show" where the question says "show up". */
const WITHOUT_PARTICLE_WEIGHT = 0.8
const MIN_BEGINNING_LENGTH = 4
const MIN_MISSPELLING_LENGTH = 5
const TWO_MISTAKES_LENGTH = 8
const MAX_CORRECTIONS = 4
const NO_TERMS: readonly number[] = []

export class Vocabulary {
  readonly #ids = new Map<string, number>()
  readonly #parts = new Map<number, readonly number[]>()
  readonly #simple = new Map<string, number>()
  readonly #compounds = new Map<string, number>()
  #byLength: Map<number, string[]> | undefined
  #byBeginning: Map<string, string[]> | undefined

  get size(): number {
    return this.#ids.size
  }

  /** The number of a term, a new one if it is new. */
  add(term: string): number {
    const known = this.#ids.get(term)
    if (known !== undefined) return known
    const id = this.#ids.size
    this.#ids.set(term, id)
    return id
  }

  find(term: string): number | undefined {
    return this.#ids.get(term)
  }

  /** The terms a compound is made of; none for a simple word. */
  partsOf(term: number): readonly number[] {
    return this.#parts.get(term) ?? NO_TERMS
  }

  /** The terms of a text that aren't stop words, in reading order; a compound is one term. New ones are added. */
  tokenize(text: string): number[] {
    const tokens: number[] = []
    this.#read(text, (id, isStopWord) => {
      if (!isStopWord) tokens.push(id)
    })
    return tokens
  }

  /** The same with stop words, told apart. */
  tokenizeAll(text: string): { id: number; isStopWord: boolean }[] {
    const tokens: { id: number; isStopWord: boolean }[] = []
    this.#read(text, (id, isStopWord) => {
      tokens.push({ id, isStopWord })
    })
    return tokens
  }

  /** What the word at `at` may stand for, the likeliest first; nothing if the index knows no such word. */
  alternativesOf(words: readonly Word[], at: number, mayGuess: boolean): Alternative[] {
    const word = words[at]
    if (word === undefined) return []
    const found: Alternative[] = []
    const push = (term: number | undefined, weight: number): void => {
      if (term !== undefined && !found.some((each) => each.term === term)) found.push({ term, weight })
    }
    const phrasal = phrasalTerm(word, words[at + 1])
    if (phrasal !== undefined) push(this.#ids.get(phrasal), 1)
    push(this.#ids.get(word.term), phrasal === undefined ? 1 : WITHOUT_PARTICLE_WEIGHT)
    for (const joined of [joinedWith(word, words[at + 1]), joinedWith(words[at - 1], word)]) {
      if (joined !== undefined) push(this.#simple.get(joined) ?? this.#compounds.get(joined), JOINED_WEIGHT)
    }
    for (const known of phrasal === undefined ? [word.term] : [phrasal, word.term]) {
      for (const { term, weight } of synonymsOf(known)) push(this.#ids.get(term), weight)
    }
    if (found.length > 0 || !mayGuess || word.parts.length > 0 || /\d/.test(word.surface)) return found
    const whole = this.#completionOf(word.surface)
    return whole === undefined
      ? this.#correctionsOf(word.surface)
      : [{ term: whole, weight: BEGINNING_WEIGHT }]
  }

  #read(text: string, take: (id: number, isStopWord: boolean) => void): void {
    let before: Word | undefined
    for (const chunk of chunksOf(text)) {
      for (const word of wordsOf(chunk)) {
        const phrasal = phrasalTerm(before, word)
        if (phrasal !== undefined) take(this.add(phrasal), false)
        take(this.#addWord(word), word.isStopWord)
        before = word
      }
    }
  }

  #addWord(word: Word): number {
    const id = this.add(word.term)
    if (word.parts.length === 0) {
      if (!this.#simple.has(word.surface)) this.#simple.set(word.surface, id)
    } else if (!this.#compounds.has(word.surface)) {
      this.#compounds.set(word.surface, id)
      this.#parts.set(id, this.#parts.get(id) ?? word.parts.map((part) => this.add(part)))
    }
    return id
  }

  // The shortest known word that begins like this one.
  #completionOf(surface: string): number | undefined {
    if (surface.length < MIN_BEGINNING_LENGTH) return undefined
    this.#byBeginning ??= Map.groupBy(this.#simple.keys(), (known) => known.slice(0, MIN_BEGINNING_LENGTH))
    let best: string | undefined
    for (const known of this.#byBeginning.get(surface.slice(0, MIN_BEGINNING_LENGTH)) ?? []) {
      if (known.startsWith(surface) && (best === undefined || known.length < best.length)) best = known
    }
    return best === undefined ? undefined : this.#simple.get(best)
  }

  // The nearest known words: one mistake, two in long words; one of the first two letters must be right.
  #correctionsOf(surface: string): Alternative[] {
    if (surface.length < MIN_MISSPELLING_LENGTH) return []
    this.#byLength ??= Map.groupBy(this.#simple.keys(), (known) => known.length)
    const limit = surface.length >= TWO_MISTAKES_LENGTH ? 2 : 1
    let nearest = limit
    let found: number[] = []
    for (let length = surface.length - limit; length <= surface.length + limit; length++) {
      for (const known of this.#byLength.get(length) ?? []) {
        if (known.charCodeAt(0) !== surface.charCodeAt(0) && known.charCodeAt(1) !== surface.charCodeAt(1))
          continue
        const distance = editDistance(surface, known, nearest)
        if (distance > nearest) continue
        if (distance < nearest) found = []
        nearest = distance
        found.push(this.#simple.get(known) ?? 0)
      }
    }
    return [...new Set(found)].slice(0, MAX_CORRECTIONS).map((term) => ({ term, weight: MISSPELLING_WEIGHT }))
  }
}

// "wi fi" asks for "wifi", "check in" for "check-in".
function joinedWith(first: Word | undefined, second: Word | undefined): string | undefined {
  if (first === undefined || second === undefined) return undefined
  return first.surface.length < 2 || second.surface.length < 2 ? undefined : first.surface + second.surface
}
