/**
 * Ranks FAQ sources against a question: by BM25 over all the questions of a source taken together (its title and its
 * other wordings), helped by the single questions that are most like the one asked.
 */
import { type Postings, PostingsBuilder, rarity } from './postings.ts'
import type { Question, QuestionTerm } from './question.ts'
import type { Alternative, Vocabulary } from './vocabulary.ts'

export interface QuestionSource {
  readonly title: string
  readonly content: string
  readonly alternateQuestions: readonly string[]
}

export interface RankedSource {
  /** The source's number in the index. */
  readonly source: number
  /** 0 to 1, comparable between questions. */
  readonly score: number
}

/** In a short question even "why" and "not" tell one intent from another. */
const STOP_WORD_WEIGHT = 0.5
/** Synonyms count for less where the word itself is known: with many wordings each says what it means. */
const KNOWN_SYNONYM_WEIGHT = 0.4
/** What is said around a question tells more of the intent than of an answer's wording. */
const MIN_EMPHASIS = 0.8
const SATURATION = 2.5
const LENGTH_SHARE = 0.75
const NEAREST_SHARE = 0.25
const LIKENESS_SHARE = 0.5
/** A word that only the answer holds. */
const ANSWER_NEARNESS = 0.7
/** An answer is quoted from its beginning: what stands further on than this many UTF-16 units finds nothing. */
const MAX_ANSWER_READ = 50_000
const MIN_COLLECTION = 40
const CANDIDATES = 50

/** One question as a vector of weights, with the vector's length. */
interface Wording {
  readonly weights: ReadonlyMap<number, number>
  readonly norm: number
}

interface Need extends QuestionTerm {
  readonly weight: number
}

interface Candidate {
  readonly source: number
  readonly fit: number
  readonly likeness: readonly number[]
}

export class QuestionIndex {
  readonly #vocabulary: Vocabulary
  readonly #sourceCount: number
  readonly #asked: Postings
  readonly #answered: Postings
  readonly #stopWords = new Set<number>()
  /** By source: in how many of its questions a term stands. */
  readonly #counts: Map<number, number>[] = []
  readonly #lengths: number[] = []
  readonly #meanLength: number
  readonly #wordings: Wording[][] = []

  constructor(sources: readonly QuestionSource[], vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
    this.#sourceCount = sources.length
    const asked = new PostingsBuilder()
    const answered = new PostingsBuilder()
    const tokenized = sources.map((source, number) => {
      const questions = [source.title, ...source.alternateQuestions].map((each) => this.#tokenize(each))
      for (const tokens of questions) for (const token of tokens) asked.add(token, number)
      for (const token of this.#tokenize(source.content.slice(0, MAX_ANSWER_READ)))
        answered.add(token, number)
      return questions
    })
    this.#asked = asked.build(vocabulary.size)
    this.#answered = answered.build(vocabulary.size)
    for (const questions of tokenized) this.#addSource(questions)
    this.#meanLength = this.#lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, sources.length)
  }

  /** The sources whose questions are closest, best first, at most `limit`. */
  rank(question: Question, limit: number): RankedSource[] {
    const needs = question.terms.filter((term) => term.role !== 'kind').map((term) => this.#need(term))
    const telling = needs.filter((need) => need.role === 'word')
    const total = telling.reduce((sum, need) => sum + tellingWeight(need), 0)
    if (total === 0 || limit <= 0) return []
    let ceiling = 1
    return this.#candidates(needs, telling)
      .slice(0, limit)
      .map(({ source, likeness }) => {
        const coverage =
          telling.reduce((sum, need) => sum + tellingWeight(need) * this.#met(source, need), 0) / total
        const score = coverage * (1 - LIKENESS_SHARE + LIKENESS_SHARE * Math.sqrt(likeness[0] ?? 0))
        ceiling = Math.min(ceiling, score)
        return { source, score: ceiling }
      })
  }

  #tokenize(text: string): number[] {
    const tokens: number[] = []
    for (const { id, isStopWord } of this.#vocabulary.tokenizeAll(text)) {
      tokens.push(id)
      for (const part of this.#vocabulary.partsOf(id)) tokens.push(part)
      if (isStopWord) this.#stopWords.add(id)
    }
    return tokens
  }

  #addSource(questions: readonly number[][]): void {
    const counts = new Map<number, number>()
    let length = 0
    const wordings = questions.map((tokens) => {
      const weights = new Map<number, number>()
      for (const token of tokens) {
        weights.set(token, this.#rarity(token) * (this.#stopWords.has(token) ? STOP_WORD_WEIGHT : 1))
      }
      for (const token of weights.keys()) counts.set(token, (counts.get(token) ?? 0) + 1)
      length += weights.size
      return { weights, norm: normOf(weights.values()) }
    })
    this.#counts.push(counts)
    this.#lengths.push(length)
    this.#wordings.push(wordings)
  }

  #rarity(term: number | undefined): number {
    const holding = term === undefined ? 0 : this.#asked.countOf(term)
    return rarity(Math.max(this.#sourceCount, MIN_COLLECTION), holding)
  }

  #need(term: QuestionTerm): Need {
    const isKnown = term.alternatives[0]?.weight === 1
    const alternatives = term.alternatives.map((each) =>
      isKnown && each.weight < 1 ? { ...each, weight: each.weight * KNOWN_SYNONYM_WEIGHT } : each,
    )
    const share = term.role === 'stop_word' ? STOP_WORD_WEIGHT : 1
    const weight = Math.max(term.emphasis, MIN_EMPHASIS) * share * this.#rarity(term.alternatives[0]?.term)
    return { ...term, alternatives, weight }
  }

  #candidates(needs: readonly Need[], telling: readonly Need[]): Candidate[] {
    const fits = this.#fits(needs)
    for (const need of telling) {
      for (const { term, weight } of need.alternatives) {
        const part = (ANSWER_NEARNESS * weight * need.weight) / (1 + SATURATION)
        for (const source of this.#answered.unitsOf(term)) {
          if (!this.#counts[source]?.has(term)) fits.set(source, (fits.get(source) ?? 0) + part)
        }
      }
    }
    const norm = normOf(needs.map((need) => need.weight))
    const fitting = [...fits].sort(([a, x], [b, y]) => y - x || a - b).slice(0, CANDIDATES)
    const candidates = fitting.map(([source, fit]) => ({
      source,
      fit,
      likeness: this.#likeness(source, needs, norm),
    }))
    const mostFit = Math.max(Number.MIN_VALUE, ...candidates.map(({ fit }) => fit))
    const mostLike = Math.max(Number.MIN_VALUE, ...candidates.map(({ likeness }) => ofNearest(likeness)))
    const rank = ({ fit, likeness }: Candidate): number =>
      fit / mostFit + (NEAREST_SHARE * ofNearest(likeness)) / mostLike
    return candidates.sort((a, b) => rank(b) - rank(a) || a.source - b.source)
  }

  // BM25 with each source as one document of all its questions.
  #fits(needs: readonly Need[]): Map<number, number> {
    const fits = new Map<number, number>()
    for (const need of needs) {
      for (const { term, weight } of need.alternatives) {
        for (const source of this.#asked.unitsOf(term)) {
          const count = this.#counts[source]?.get(term) ?? 0
          const length = (this.#lengths[source] ?? 0) / this.#meanLength
          const part = count / (count + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length))
          fits.set(source, (fits.get(source) ?? 0) + weight * need.weight * part)
        }
      }
    }
    return fits
  }

  // How like each question of the source is to the one asked (the cosine of their vectors), highest first.
  #likeness(source: number, needs: readonly Need[], norm: number): number[] {
    const likeness = (this.#wordings[source] ?? []).map((wording) => {
      let product = 0
      for (const need of needs) {
        const shared = need.alternatives.find(({ term }) => wording.weights.has(term))
        if (shared !== undefined)
          product += shared.weight * need.weight * (wording.weights.get(shared.term) ?? 0)
      }
      const lengths = norm * wording.norm
      return lengths === 0 ? 0 : product / lengths
    })
    return likeness.sort((a, b) => b - a)
  }

  #met(source: number, need: Need): number {
    const degree = ({ term, weight }: Alternative): number => {
      if (this.#counts[source]?.has(term)) return weight
      return this.#answered.holds(term, source) ? weight * ANSWER_NEARNESS : 0
    }
    return Math.max(0, ...need.alternatives.map(degree))
  }
}

// What is said around the question is no reason not to answer it.
function tellingWeight(need: Need): number {
  return (need.weight * need.importance * need.emphasis) / Math.max(need.emphasis, MIN_EMPHASIS)
}

function ofNearest(likeness: readonly number[]): number {
  return (likeness[0] ?? 0) + 0.7 * (likeness[1] ?? 0) + 0.5 * (likeness[2] ?? 0)
}

function normOf(weights: Iterable<number>): number {
  let sum = 0
  for (const weight of weights) sum += weight * weight
  return Math.sqrt(sum)
}
