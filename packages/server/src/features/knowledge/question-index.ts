// Finds the FAQ source whose questions, title and other wordings together, are closest to what a customer asks.
import { type Postings, PostingsBuilder } from './postings.ts'
import type { Question } from './question.ts'
import { words } from './terms.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface QuestionSource {
  readonly title: string
  readonly content: string
  readonly alternateQuestions: readonly string[]
}

export interface RankedQuestion {
  /** The source's number in the index. */
  readonly source: number
  readonly score: number
  readonly coverage: number
  readonly near: number
}

const STOP_WORD_WEIGHT = 0.5
const SATURATION = 2.5
const LENGTH_SHARE = 0.75
const MIN_COLLECTION = 40
const ANSWER_NEARNESS = 0.7

interface Asked {
  readonly weights: ReadonlyMap<number, number>
  readonly norm: number
}

export class QuestionIndex {
  readonly sourceCount: number
  private readonly vocabulary: Vocabulary
  private readonly profiles: Map<number, number>[] = []
  private readonly lengths: number[] = []
  private readonly meanLength: number
  private readonly asked: Asked[][] = []
  private readonly byQuestion: Postings
  private readonly byAnswer: Postings
  private readonly stopWords = new Set<number>()

  constructor(sources: readonly QuestionSource[], vocabulary: Vocabulary) {
    this.vocabulary = vocabulary
    this.sourceCount = sources.length
    const asked = new PostingsBuilder()
    const answers = new PostingsBuilder()
    const tokens = sources.map((source, number) => {
      const questions = [source.title, ...source.alternateQuestions].map((each) => this.tokenize(each))
      for (const question of questions) for (const token of question) asked.add(token, number)
      for (const token of this.tokenize(source.content)) answers.add(token, number)
      return questions
    })
    this.byQuestion = asked.build(vocabulary.size)
    this.byAnswer = answers.build(vocabulary.size)
    for (const questions of tokens) this.addProfile(questions)
    this.meanLength = this.lengths.reduce((sum, each) => sum + each, 0) / Math.max(1, this.lengths.length)
  }

  private addProfile(questions: readonly number[][]): void {
    const profile = new Map<number, number>()
    let length = 0
    const asked: Asked[] = []
    for (const question of questions) {
      const weights = new Map<number, number>()
      for (const token of question) weights.set(token, this.rarity(token) * (this.stopWords.has(token) ? STOP_WORD_WEIGHT : 1))
      for (const token of weights.keys()) profile.set(token, (profile.get(token) ?? 0) + 1)
      length += weights.size
      asked.push({ weights, norm: Math.sqrt([...weights.values()].reduce((sum, each) => sum + each * each, 0)) })
    }
    this.profiles.push(profile)
    this.lengths.push(length)
    this.asked.push(asked)
  }

  private tokenize(text: string): number[] {
    const tokens: number[] = []
    for (const word of words(text)) {
      const id = this.vocabulary.addWord(word)
      tokens.push(id, ...this.vocabulary.partsOf(id))
      if (word.isStopWord) this.stopWords.add(this.vocabulary.add(word.term))
    }
    return tokens
  }

  private rarity(term: number): number {
    const count = Math.max(this.sourceCount, MIN_COLLECTION)
    const holding = this.byQuestion.countOf(term)
    return Math.log(1 + (count - holding + 0.5) / (holding + 0.5))
  }

  rank(question: Question, limit: number): RankedQuestion[] {
    if (this.sourceCount === 0) return []
    const terms = question.terms.map((term) => ({
      ...term,
      weight: term.emphasis * (term.isStopWord ? STOP_WORD_WEIGHT : 1) * this.rarity(term.alternatives[0]?.term ?? -1),
    }))
    const informative = terms.filter((term) => !term.isStopWord)
    const total = informative.reduce((sum, term) => sum + term.weight, 0)
    if (total === 0) return []
    const norm = Math.sqrt(terms.reduce((sum, term) => sum + term.weight * term.weight, 0))
    const fits = new Float64Array(this.sourceCount)
    for (const term of terms) {
      for (const { term: id, weight } of term.alternatives) {
        for (const source of this.byQuestion.unitsOf(id)) {
          const count = this.profiles[source]?.get(id) ?? 0
          const length = (this.lengths[source] ?? 0) / this.meanLength
          fits[source] = (fits[source] ?? 0) + (weight * term.weight * count) / (count + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length))
        }
      }
    }
    for (const term of informative) for (const { term: id, weight } of term.alternatives) for (const source of this.byAnswer.unitsOf(id)) if (fits[source] === 0) fits[source] = 0.01 * weight
    const candidates = [...fits.keys()].filter((source) => (fits[source] ?? 0) > 0)
    candidates.sort((a, b) => (fits[b] ?? 0) - (fits[a] ?? 0) || a - b)
    const best = fits[candidates[0] ?? 0] ?? 1
    const ranked = candidates.slice(0, 50).map((source) => {
      const nearest = this.nearest(source, terms, norm)
      const coverage = informative.reduce((sum, term) => sum + term.weight * this.met(source, term.alternatives), 0) / total
      const fit = (fits[source] ?? 0) / best
      const top = (nearest[0] ?? 0) + 0.7 * (nearest[1] ?? 0) + 0.5 * (nearest[2] ?? 0)
      return { source, fit, top, coverage, near: nearest[0] ?? 0 }
    })
    const bestTop = Math.max(...ranked.map((each) => each.top), 1e-9)
    const ordered = ranked.sort((a, b) => b.fit + (P.TOP * b.top) / bestTop - (a.fit + (P.TOP * a.top) / bestTop) || a.source - b.source)
    let ceiling = 1
    return ordered.slice(0, limit).map((each) => {
      ceiling = Math.min(ceiling, each.coverage * (1 - P.QN + P.QN * Math.sqrt(each.near)))
      return { source: each.source, coverage: each.coverage, near: each.near, score: ceiling }
    })
  }

  private met(source: number, alternatives: readonly { term: number; weight: number }[]): number {
    let most = 0
    for (const { term, weight } of alternatives) {
      if (this.profiles[source]?.has(term)) most = Math.max(most, weight)
      else if (this.byAnswer.unitsOf(term).includes(source)) most = Math.max(most, weight * ANSWER_NEARNESS)
    }
    return most
  }

  private nearest(source: number, terms: readonly { alternatives: readonly { term: number; weight: number }[]; weight: number }[], norm: number): number[] {
    const nearest = (this.asked[source] ?? []).map((asked) => {
      let dot = 0
      for (const term of terms) {
        for (const { term: id, weight } of term.alternatives) {
          const held = asked.weights.get(id)
          if (held === undefined) continue
          dot += weight * term.weight * held
          break
        }
      }
      return dot / (norm * asked.norm || 1)
    })
    return nearest.sort((a, b) => b - a)
  }
}
