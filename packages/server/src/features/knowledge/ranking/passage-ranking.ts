/**
 * Ranks passages against a question. First by how much of the question is met, each word weighed by its rarity (as BM25F
 * weighs fields: what a passage says itself counts fully, what its heading or neighbours say counts in part); the best
 * of these are then judged one by one.
 */
import { type Meaning, mannerOf, meaningOf } from './passage-manner.ts'
import type { PassageTable, Range } from './passage-table.ts'
import { highest } from './postings.ts'
import type { Question } from './question.ts'
import type { Alternative } from './vocabulary.ts'

export interface RankedPassage {
  /** The passage's number in the table. */
  readonly at: number
  /** 0 to 1, comparable between questions. */
  readonly score: number
  /** How much of the question the passage's own words meet, 0 to 1. */
  readonly ownCoverage: number
  /** How much of the question the nearest heading meets, 0 to 1. */
  readonly headingCoverage: number
}

/** How far a word counts as said by a passage when it is said by what surrounds the passage. */
const NEARNESS = { heading: 0.9, referredTo: 0.8, introduction: 0.6, ancestors: 0.4, block: 0.35, title: 0.2 }
/** A compound's part counts for a little less than the word alone: "apt" in "apt-able". */
const PART_NEARNESS = 0.85
const CANDIDATES = 64
/** A kind of answer weighs as much as a fairly rare word, and at least this share of all the words. */
const KIND_RARITY = 2.5
const KIND_SHARE = 0.6
/** How much of the score is won by standing under the right heading or by saying it all in one sentence. */
const STRENGTH_SHARE = 0.55
const OWN_STRENGTH = 0.65
const FOCUS_SHARE = 0.4
const NEIGHBOURS_SHARE = 0.05
const DEPTH_PENALTY = 0.18
const MAX_DEPTH = 12
/** One word alone proves little where many passages hold it. */
const ONE_WORD_PASSAGES = 3
const ONE_WORD_PENALTY = 0.04
const REPEATS_QUESTION = 0.6

/** Something the question asks for, weighed. */
interface Need {
  readonly isKind: boolean
  readonly importance: number
  readonly weight: number
  readonly alternatives: readonly Alternative[]
}

/** The passages that answer a question best, best first, at most `limit`. */
export function rankPassages(table: PassageTable, question: Question, limit: number): RankedPassage[] {
  const needs = needsOf(table, question)
  const total = needs.reduce((sum, need) => sum + need.weight, 0)
  if (total === 0 || limit <= 0) return []
  const coverages = coverAll(table, needs, total)
  const judge = new Judge(table, needs, total, question)
  const ranked = highest(coverages, Math.max(CANDIDATES, limit)).map((at) =>
    judge.judge(at, coverages[at] ?? 0),
  )
  return ranked.sort((a, b) => b.score - a.score || a.at - b.at).slice(0, limit)
}

function needsOf(table: PassageTable, question: Question): Need[] {
  const needs = question.terms.flatMap((term) => {
    const isKind = term.role === 'kind'
    const isForgone = term.importance < 0.5 && term.alternatives.length === 0 && !/^\d/.test(term.surface)
    if (term.role === 'stop_word' || isForgone) return []
    const rarity = isKind ? KIND_RARITY : table.rarity(term.alternatives[0]?.term)
    const weight = term.emphasis * term.importance * rarity
    return [{ isKind, importance: term.importance, weight, alternatives: term.alternatives }]
  })
  const inWords = needs.reduce((sum, need) => sum + (need.isKind ? 0 : need.weight), 0)
  return needs.map((need) =>
    need.isKind ? { ...need, weight: Math.max(need.weight, KIND_SHARE * inWords) } : need,
  )
}

// How much of the question each passage meets with what surrounds it, 0 to 1. Headings answer nothing and get 0.
function coverAll(table: PassageTable, needs: readonly Need[], total: number): Float64Array {
  const coverages = new Float64Array(table.passages.length)
  const met = new Float64Array(table.passages.length)
  for (const need of needs) {
    const touched: number[] = []
    const meet = ([from, to]: Range, degree: number): void => {
      for (let at = from; at < to; at++) {
        const before = met[at] ?? 0
        if (before === 0) touched.push(at)
        met[at] = before + (1 - before) * degree
      }
    }
    for (const { term, weight } of need.alternatives) spread(table, term, weight, need.isKind, meet)
    for (const at of touched) {
      if (table.passages[at]?.kind !== 'heading') {
        coverages[at] = (coverages[at] ?? 0) + ((met[at] ?? 0) * need.weight) / total
      }
      met[at] = 0
    }
  }
  return coverages
}

function spread(
  table: PassageTable,
  term: number,
  weight: number,
  isKind: boolean,
  meet: (range: Range, degree: number) => void,
): void {
  for (const at of table.holding.unitsOf(term)) {
    meet([at, at + 1], weight)
    if (isKind) continue
    if (table.refersBack(at + 1)) meet([at + 1, at + 2], weight * NEARNESS.referredTo)
  }
  if (!isKind) spreadInBlocks(table, term, weight * NEARNESS.block, meet)
  for (const section of table.headed.unitsOf(term)) meet(table.section(section), weight * NEARNESS.heading)
  for (const section of table.under.unitsOf(term)) meet(table.section(section), weight * NEARNESS.ancestors)
  for (const introduction of table.introduced.unitsOf(term)) {
    for (const block of table.blocksIntroduced(introduction))
      meet(table.block(block), weight * NEARNESS.introduction)
  }
  for (const source of table.titled.unitsOf(term)) meet(table.source(source), weight * NEARNESS.title)
}

// Each passage is met once, by all occurrences around it together: n of degree d leave (1 - d)^n of a need unmet.
function spreadInBlocks(
  table: PassageTable,
  term: number,
  degree: number,
  meet: (range: Range, degree: number) => void,
): void {
  const holding = table.holding.unitsOf(term)
  let first = 0
  let beyond = 0
  let reached = 0
  for (const holder of holding) {
    const [from, to] = table.blockAround(holder)
    for (let at = Math.max(reached, from); at < to; at++) {
      const [start, end] = table.blockAround(at)
      while (first < holding.length && (holding[first] ?? 0) < start) first++
      while (beyond < holding.length && (holding[beyond] ?? 0) < end) beyond++
      meet([at, at + 1], 1 - (1 - degree) ** (beyond - first))
    }
    reached = Math.max(reached, to)
  }
}

class Judge {
  readonly #table: PassageTable
  readonly #needs: readonly Need[]
  readonly #total: number
  readonly #question: Question
  readonly #meaning: Meaning

  constructor(table: PassageTable, needs: readonly Need[], total: number, question: Question) {
    this.#table = table
    this.#needs = needs
    this.#total = total
    this.#question = question
    this.#meaning = meaningOf(
      table,
      needs.map((need) => need.alternatives),
    )
  }

  judge(at: number, coverage: number): RankedPassage {
    const table = this.#table
    const tokens = table.tokens(at)
    const heading = table.heading(at)
    const before = table.refersBack(at) ? table.tokens(at - 1) : []
    const ownCoverage = this.#cover([...tokens, ...table.kinds(at)], before)
    const headingCoverage = this.#cover(heading, [])
    const lead =
      this.#likeness(headingCoverage, heading) / (1 + DEPTH_PENALTY * table.positionInSection(at, MAX_DEPTH))
    const focus = 1 - FOCUS_SHARE + FOCUS_SHARE * this.#meaning.share(tokens)
    const strength = 1 - (1 - OWN_STRENGTH * ownCoverage * focus) * (1 - lead)
    const neighbours = this.#neighbours(tokens, heading)
    const score =
      Math.max(coverage, headingCoverage) *
      (1 - STRENGTH_SHARE + STRENGTH_SHARE * strength) *
      (1 - NEIGHBOURS_SHARE + NEIGHBOURS_SHARE * neighbours) *
      mannerOf(table, at, this.#question.manners, this.#meaning) *
      (tokens.every((token) => this.#meaning.met(token) === 1) ? REPEATS_QUESTION : 1) *
      this.#certainty(lead)
    return { at, score: Math.min(1, score), ownCoverage, headingCoverage }
  }

  #cover(tokens: readonly number[], before: readonly number[]): number {
    const parts = new Set(tokens.flatMap((token) => this.#table.vocabulary.partsOf(token)))
    const nearness = (term: number): number => {
      if (tokens.includes(term)) return 1
      if (parts.has(term)) return PART_NEARNESS
      return before.includes(term) ? NEARNESS.referredTo : 0
    }
    let covered = 0
    for (const need of this.#needs) {
      covered +=
        need.weight * Math.max(0, ...need.alternatives.map(({ term, weight }) => weight * nearness(term)))
    }
    return covered / this.#total
  }

  // 1 if question and heading say the same, less the more either says beside.
  #likeness(headingCoverage: number, heading: readonly number[]): number {
    const precision = this.#meaning.share(heading)
    const sum = headingCoverage + precision
    return sum === 0 ? 0 : (2 * headingCoverage * precision) / sum
  }

  // The share of words next to each other in the question that stand near each other in the passage or its heading.
  #neighbours(tokens: readonly number[], heading: readonly number[]): number {
    const numbers = [...this.#needs.keys()].filter((number) => {
      const need = this.#needs[number]
      return need !== undefined && !need.isKind && need.importance >= 0.5 && need.alternatives.length > 0
    })
    if (numbers.length < 2) return 1
    let near = 0
    for (let each = 0; each + 1 < numbers.length; each++) {
      const first = numbers[each] ?? -1
      const second = numbers[each + 1] ?? -1
      if (this.#meaning.areNear(first, second, tokens) || this.#meaning.areNear(first, second, heading))
        near++
    }
    return near / (numbers.length - 1)
  }

  // A question of one word is answered with certainty by a heading, or where the word is rare.
  #certainty(lead: number): number {
    const telling = this.#needs.filter((need) => !need.isKind && need.importance === 1)
    if (telling.length > 1 || lead >= 0.5 || this.#needs.some((need) => need.isKind)) return 1
    const [only] = telling[0]?.alternatives ?? []
    const passages = only === undefined ? 0 : this.#table.holding.countOf(only.term)
    return 1 / (1 + ONE_WORD_PENALTY * Math.max(0, passages - ONE_WORD_PASSAGES))
  }
}
