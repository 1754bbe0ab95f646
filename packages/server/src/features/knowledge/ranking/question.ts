/** Reads a customer's message: the words it is about and how much each counts, and what kind of answer it wants. */
import { splitSentences } from '../passages/sentences.ts'
import { GENERAL_WORDS, PREMISES, WEAK_WORDS } from '../terms/stop-words.ts'
import { phrasalTerm, type Word, words } from '../terms.ts'
import { kindWanted, type WantedKind } from './answer-kinds.ts'
import type { Alternative, Vocabulary } from './vocabulary.ts'

/** How an answer is likely to be worded. */
export type Manner = 'definition' | 'instruction' | 'advice' | 'yes_no' | 'exception' | 'present' | 'clock'

/** Something a question asks for: a word with the terms it may stand for, or a kind of answer. */
export interface QuestionTerm {
  readonly surface: string
  readonly role: 'word' | 'stop_word' | 'kind'
  /** How much of the subject the word carries, before its rarity: 0 to 1. */
  readonly importance: number
  /** 1 in the sentence that asks, less in what is said around it. */
  readonly emphasis: number
  /** Empty if the index knows no such word. */
  readonly alternatives: readonly Alternative[]
}

export interface Question {
  readonly terms: readonly QuestionTerm[]
  readonly manners: ReadonlySet<Manner>
}

/** More words than these don't make a question clearer. */
const MAX_TERMS = 64
/** Words the index doesn't know for which a spelling close by is looked up. */
const MAX_GUESSES = 12
const MAX_PATTERN_LENGTH = 1000
const CONTEXT_EMPHASIS = 0.3
const WEAK_IMPORTANCE = 0.25
const GENERAL_IMPORTANCE = 0.5
/** A number nobody wrote down ("a group of 12") is rarely the point. */
const UNKNOWN_NUMBER_IMPORTANCE = 0.3
/** A word that asks for a price names none. */
const LITERAL_KIND_WEIGHT = 0.5
const OPEN_WEIGHT = 0.9

const ASKS =
  /\?\s*$|^(?:who|whom|whose|which|what|whats|when|where|why|how|can|could|do|does|did|is|are|am|was|were|will|would|should|may|must|has|have)\b/i
/** Where, inside a sentence, the question begins: "My card is lost, what should I do?" */
const CLAUSE =
  /(?:[,;:–—]|\.{2,8}) ?(?:(?:and|but|so|then) )?(?=(?:who|which|what|when|where|why|how|can|could|do|does|is|are|will|would|should|may|must)\b)/i

const MANNERS: readonly (readonly [Manner, RegExp])[] = [
  [
    'definition',
    /^(?:so |and |but )?(?:what(?:'s| is| are|s)\b|define|explain|what do(?:es)? .{1,60} (?:mean|do)\b)/,
  ],
  ['instruction', /\bhow (?:do|can|should|would|could|to|does one|might)\b/],
  ['advice', /\bshould (?:i|we)\b|\brecommend|\bbest\b|\bbetter\b/],
  [
    'exception',
    /\b(?:without|except|excluding|but (?:keep|not|leave|still)|(?:and|but) (?:do not|don't|never)|while keeping|(?:rather|other) than|instead of)\b/,
  ],
  ['present', /^who(?:'s| is)\b|\b(?:current|currently|now|nowadays|today|at the moment|latest|newest)\b/],
  ['clock', /\b(?:when|what time|how late)\b.{1,60}\bcloses?\b/],
  ['yes_no', /^(?:can|could|do|does|did|is|are|am|was|were|will|would|should|may|must|has|have)\b/],
]

/** Reads a message. Linear in its length, but for a bounded number of words that are looked up by their spelling. */
export function readQuestion(message: string, vocabulary: Vocabulary): Question {
  const asking: string[] = []
  const telling: string[] = []
  splitSentences(message, 0, message.length, { isMarkdown: false }, (start, end) => {
    for (const clause of message.slice(start, end).split(CLAUSE))
      (ASKS.test(clause) ? asking : telling).push(clause)
  })
  const reader = new TermReader(vocabulary)
  const asked = asking.length === 0 ? telling : asking
  for (const clause of asked) reader.read(clause, 1)
  // "It arrived broken. What now?" asks by what it tells.
  const emphasis = reader.isAboutSomething ? CONTEXT_EMPHASIS : 1
  if (asking.length > 0) for (const clause of telling) reader.read(clause, emphasis)
  const folded = asked.map((clause) =>
    clause.slice(0, MAX_PATTERN_LENGTH).toLowerCase().replace(/’/g, "'").trim(),
  )
  const kind = folded.map(kindWanted).find((wanted) => wanted !== undefined)
  if (kind !== undefined) reader.want(kind)
  const manners = MANNERS.filter(([, pattern]) => folded.some((clause) => pattern.test(clause))).map(
    ([manner]) => manner,
  )
  return { terms: [...reader.terms.values()], manners: new Set(manners) }
}

class TermReader {
  readonly terms = new Map<string, QuestionTerm>()
  readonly #vocabulary: Vocabulary
  #guesses = 0

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  get isAboutSomething(): boolean {
    return [...this.terms.values()].some(
      (term) => term.role === 'word' && term.importance >= GENERAL_IMPORTANCE,
    )
  }

  read(clause: string, emphasis: number): void {
    const found = words(clause)
    for (let at = 0; at < found.length && this.terms.size < MAX_TERMS; at++) {
      const word = found[at]
      if (word === undefined || this.terms.has(word.term)) continue
      const alternatives = this.#vocabulary.alternativesOf(found, at, this.#guesses < MAX_GUESSES)
      if (alternatives[0]?.weight !== 1 && !word.isStopWord) this.#guesses++
      if (alternatives.length === 0 && word.parts.length > 0) this.#readParts(word.parts, emphasis)
      // What the index doesn't know is missed only where it is asked for.
      else if (alternatives.length > 0 || emphasis === 1) {
        const importance = importanceOf(found, at, alternatives.length > 0)
        const role = word.isStopWord ? 'stop_word' : 'word'
        this.terms.set(word.term, { surface: word.surface, role, importance, emphasis, alternatives })
      }
    }
  }

  /** Adds the kind of answer; the words that ask for nothing else give way to it. */
  want(wanted: WantedKind): void {
    const alternatives: Alternative[] = []
    for (const [kind, weight] of wanted.kinds) {
      const term = this.#vocabulary.find(kind)
      if (term !== undefined) alternatives.push({ term, weight })
    }
    for (const [key, { surface, alternatives: literal }] of this.terms) {
      if (!wanted.words.has(surface)) continue
      this.terms.delete(key)
      if (literal[0] !== undefined) alternatives.push({ term: literal[0].term, weight: LITERAL_KIND_WEIGHT })
    }
    this.#closesWhereOpenEnds(wanted)
    this.terms.set('', { surface: '', role: 'kind', importance: 1, emphasis: 1, alternatives })
  }

  // "Open from 9:00 to 18:00" tells when a place closes.
  #closesWhereOpenEnds(wanted: WantedKind): void {
    const close = this.terms.get('close')
    if (close === undefined || !wanted.kinds.some(([kind]) => kind === '#time')) return
    const open = this.#vocabulary.find('open')
    if (open === undefined || close.alternatives.some(({ term }) => term === open)) return
    const alternatives = [...close.alternatives, { term: open, weight: OPEN_WEIGHT }]
    this.terms.set('close', { ...close, alternatives })
  }

  #readParts(parts: readonly string[], emphasis: number): void {
    for (const part of parts) {
      if (this.terms.has(part)) continue
      const term = this.#vocabulary.find(part)
      const alternatives = term === undefined ? [] : [{ term, weight: 1 }]
      this.terms.set(part, { surface: part, role: 'word', importance: 1, emphasis, alternatives })
    }
  }
}

function importanceOf(found: readonly Word[], at: number, isKnown: boolean): number {
  const word = found[at]
  if (word === undefined) return 0
  if (phrasalTerm(word, found[at + 1]) !== undefined) return 1
  const isPremises = PREMISES.has(word.surface) && /^(?:the|your)$/.test(found[at - 1]?.surface ?? '')
  if (isKnown && isPremises) return WEAK_IMPORTANCE
  if (WEAK_WORDS.has(word.surface)) return WEAK_IMPORTANCE
  if (GENERAL_WORDS.has(word.surface)) return GENERAL_IMPORTANCE
  return !isKnown && /^\d{1,4}$/.test(word.surface) ? UNKNOWN_NUMBER_IMPORTANCE : 1
}
