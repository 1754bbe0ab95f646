// Finds the passages of texts and Markdown that answer a question: by the words they hold themselves, by those of the
// heading above, of their paragraph, of what introduces them.
import { type Passage, splitIntoPassages, type SourceType } from './passages.ts'
import { plainText } from './plain-text.ts'
import { type Postings, PostingsBuilder } from './postings.ts'
import type { Question } from './question.ts'
import { words } from './terms.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface PassageSource {
  readonly type: SourceType
  readonly title: string
  readonly content: string
}

/** A passage with the reasons for its rank; all numbers from 0 to 1. */
export interface RankedPassage {
  /** Its number in the index, in reading order within its source. */
  readonly at: number
  readonly score: number
  /** How much of the question, weighed by rarity, is met by the passage and what surrounds it. */
  readonly coverage: number
  /** How much of the question its own words meet. */
  readonly ownCoverage: number
  /** How much of the question the nearest heading meets. */
  readonly headingCoverage: number
  readonly lead: number
  readonly focus: number
  readonly pairs: number
  readonly strength: number
  readonly terms: number
}

/** How far a word counts as said by a passage that stands below, beside or under it. */
const NEARNESS = P.N
const CANDIDATES = 64
/** A small collection says little about how rare a word is; it is treated as if it had this many passages. */
const MIN_COLLECTION = 40

export class PassageIndex {
  readonly passages: Passage[] = []
  readonly sourceOf: number[] = []
  private readonly blockOf: number[] = []
  private readonly sectionOf: number[] = []
  private readonly blockStarts: number[] = []
  private readonly sectionStarts: number[] = []
  private readonly sourceStarts: number[] = []
  private readonly tokenStarts: number[] = [0]
  private readonly tokens: number[] = []
  private readonly headingTokens: number[][] = []
  private readonly sources: readonly PassageSource[]
  private readonly vocabulary: Vocabulary
  private readonly byOwn: Postings
  private readonly byHeading: Postings
  private readonly byAncestors: Postings
  private readonly byIntroduction: Postings
  private readonly byTitle: Postings

  constructor(sources: readonly PassageSource[], vocabulary: Vocabulary) {
    this.sources = sources
    this.vocabulary = vocabulary
    const own = new PostingsBuilder()
    const heading = new PostingsBuilder()
    const ancestors = new PostingsBuilder()
    const introduction = new PostingsBuilder()
    const title = new PostingsBuilder()
    sources.forEach((source, number) => {
      this.sourceStarts.push(this.passages.length)
      for (const token of this.tokenize(source.title)) title.addWord(token, vocabulary.partsOf(token), number)
      let section: readonly string[] | undefined
      let block = -1
      for (const passage of splitIntoPassages(source.type, source.content)) {
        if (passage.headings !== section) {
          section = passage.headings
          this.addSection(section, heading, ancestors)
        }
        if (passage.block !== block) {
          block = passage.block
          this.blockStarts.push(this.passages.length)
          if (passage.introduction !== null) {
            for (const token of this.tokenize(passage.introduction)) introduction.addWord(token, vocabulary.partsOf(token), this.blockStarts.length - 1)
          }
        }
        this.addPassage(passage, number, source.content, own)
      }
    })
    this.blockStarts.push(this.passages.length)
    this.sectionStarts.push(this.passages.length)
    this.sourceStarts.push(this.passages.length)
    const { size } = vocabulary
    this.byOwn = own.build(size)
    this.byHeading = heading.build(size)
    this.byAncestors = ancestors.build(size)
    this.byIntroduction = introduction.build(size)
    this.byTitle = title.build(size)
  }

  quote(at: number): string {
    const passage = this.passages[at]
    const source = this.sources[this.sourceOf[at] ?? -1]
    return passage === undefined || source === undefined ? '' : source.content.slice(passage.start, passage.end)
  }

  private tokenize(text: string): number[] {
    const tokens: number[] = []
    for (const word of words(text.replace(/https?:\/\/\S+/g, ' ').replace(/\b(section|chapter)\s+[\d.]+,?\s*[“"][^”"]{1,200}[”"]/gi, ' '))) if (!word.isStopWord) tokens.push(this.vocabulary.addWord(word))
    return tokens
  }

  private addSection(headings: readonly string[], nearest: PostingsBuilder, ancestors: PostingsBuilder): void {
    const section = this.sectionStarts.length
    this.sectionStarts.push(this.passages.length)
    const own = this.tokenize((headings.at(-1) ?? '').replace(/^(?:(?:chapter|section|part)\s+)?\d+(?:\.\d+)*\.?\s+/i, ''))
    this.headingTokens.push(own)
    for (const token of own) nearest.addWord(token, this.vocabulary.partsOf(token), section)
    for (const above of headings.slice(0, -1)) for (const token of this.tokenize(above)) ancestors.addWord(token, this.vocabulary.partsOf(token), section)
  }

  private addPassage(passage: Passage, source: number, content: string, own: PostingsBuilder): void {
    const at = this.passages.length
    this.passages.push(passage)
    this.sourceOf.push(source)
    this.blockOf.push(this.blockStarts.length - 1)
    this.sectionOf.push(this.sectionStarts.length - 1)
    const plain = plainText(this.sources[source]?.type ?? 'text', content.slice(passage.start, passage.end), null)
    for (const token of this.tokenize(plain)) {
      this.tokens.push(token)
      if (passage.kind !== 'heading') own.addWord(token, this.vocabulary.partsOf(token), at)
    }
    this.tokenStarts.push(this.tokens.length)
  }

  private rarity(term: number): number {
    const count = Math.max(this.passages.length, MIN_COLLECTION)
    const holding = this.byOwn.countOf(term)
    return Math.log(1 + (count - holding + 0.5) / (holding + 0.5))
  }

  /** The passages that answer best, best first, at most `limit`. */
  rank(question: Question, limit: number): RankedPassage[] {
    const weighed = this.weigh(question)
    const total = weighed.reduce((sum, term) => sum + term.weight, 0)
    if (total === 0 || this.passages.length === 0) return []
    const scores = new Float64Array(this.passages.length)
    const missing = new Float64Array(this.passages.length)
    for (const term of weighed) {
      const touched: number[] = []
      const meet = (from: number, to: number, degree: number): void => {
        for (let at = from; at < to; at++) {
          if (missing[at] === 0) {
            missing[at] = 1
            touched.push(at)
          }
          missing[at] = (missing[at] ?? 1) * (1 - degree) + 1e-9
        }
      }
      for (const { term: id, weight } of term.alternatives) {
        for (const at of this.byOwn.unitsOf(id)) {
          meet(at, at + 1, weight)
          const block = this.blockOf[at] ?? 0
          meet(this.blockStarts[block] ?? 0, this.blockStarts[block + 1] ?? 0, weight * NEARNESS.block)
        }
        for (const section of this.byHeading.unitsOf(id)) this.meetSection(meet, section, weight * NEARNESS.heading)
        for (const section of this.byAncestors.unitsOf(id)) this.meetSection(meet, section, weight * NEARNESS.ancestors)
        for (const block of this.byIntroduction.unitsOf(id)) {
          meet(this.blockStarts[block] ?? 0, this.blockStarts[block + 1] ?? 0, weight * NEARNESS.introduction)
        }
        for (const source of this.byTitle.unitsOf(id)) {
          meet(this.sourceStarts[source] ?? 0, this.sourceStarts[source + 1] ?? 0, weight * NEARNESS.title)
        }
      }
      for (const at of touched) {
        scores[at] = (scores[at] ?? 0) + term.weight * (1 - (missing[at] ?? 1))
        missing[at] = 0
      }
    }
    const candidates: number[] = []
    scores.forEach((score, at) => {
      if (score > 0 && this.passages[at]?.kind !== 'heading') candidates.push(at)
    })
    candidates.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
    const ranked = candidates.slice(0, CANDIDATES).map((at) => this.judge(at, (scores[at] ?? 0) / total, weighed, total, question))
    return ranked.sort((a, b) => b.score - a.score || a.at - b.at).slice(0, limit)
  }

  private meetSection(meet: (from: number, to: number, degree: number) => void, section: number, degree: number): void {
    meet(this.sectionStarts[section] ?? 0, this.sectionStarts[section + 1] ?? 0, degree)
  }

  private weigh(question: Question): Weighed[] {
    return question.terms
      .filter((term) => !term.isStopWord && !(term.isWeak && term.alternatives.length === 0))
      .map((term) => {
        const rarity = term.alternatives.length === 0 ? this.rarity(-1) : this.rarity(term.alternatives[0]?.term ?? -1)
        return { isWeak: term.isWeak, alternatives: term.alternatives, weight: term.emphasis * rarity * (term.isWeak ? P.WEAK : 1) }
      })
  }

  private judge(at: number, coverage: number, weighed: readonly Weighed[], total: number, question: Question): RankedPassage {
    const meant = new Map<number, number>()
    weighed.forEach((term, number) => { for (const each of term.alternatives) if (!meant.has(each.term)) meant.set(each.term, number) })
    const heading = this.headingTokens[this.sectionOf[at] ?? 0] ?? []
    const tokens = this.tokens.slice(this.tokenStarts[at] ?? 0, this.tokenStarts[at + 1] ?? 0)
    const ownCoverage = this.share(weighed, tokens) / total
    const headingCoverage = this.share(weighed, heading) / total
    const headingPrecision = this.precision(heading, meant)
    const likeness = (2 * headingCoverage * headingPrecision) / (headingCoverage + headingPrecision || 1)
    const lead = likeness / (1 + P.DECAY * this.positionInSection(at))
    const focus = this.precision(tokens, meant)
    const pairs = this.pairs(weighed, tokens, heading, meant)
    const strength = 1 - (1 - P.OWN * ownCoverage * (1 - P.FOCUS + P.FOCUS * focus)) * (1 - P.LEAD * lead)
    let score = Math.max(coverage, headingCoverage) * (1 - P.STR + P.STR * strength) * (1 - P.PAIRS + P.PAIRS * pairs)
    score *= this.manner(at, question)
    let said = 0
    for (const token of new Set(tokens)) if (this.meets(token, meant) < 1) said++
    if (said < 2) score *= 0.6
    if (question.wants.has('definition') && this.defines(at, meant)) score *= P.DEF
    return { at, score: Math.min(1, score), coverage, ownCoverage, headingCoverage, lead, focus, pairs, strength, terms: weighed.length }
  }

  // 1 for a word of the question, for a compound the share of its parts that are.
  private meets(token: number, meant: ReadonlyMap<number, number>): number {
    if (meant.has(token)) return 1
    const parts = this.vocabulary.partsOf(token)
    return parts.length === 0 ? 0 : parts.filter((part) => meant.has(part)).length / parts.length
  }

  private share(weighed: readonly Weighed[], tokens: readonly number[]): number {
    let share = 0
    const whole = new Set(tokens)
    const parts = new Set<number>()
    for (const token of tokens) for (const part of this.vocabulary.partsOf(token)) parts.add(part)
    for (const term of weighed) {
      let best = 0
      for (const each of term.alternatives) best = Math.max(best, each.weight * (whole.has(each.term) ? 1 : parts.has(each.term) ? P.PART : 0))
      share += best * term.weight
    }
    return share
  }

  private defines(at: number, meant: ReadonlyMap<number, number>): boolean {
    const quote = plainText('markdown', this.quote(at), null)
    const verb = /^(.{1,60}?)\b(?:(?:is|are|was|were) (?:a|an|the|one|any|short for|used)|means?|stands for|refers? to)\b/.exec(quote)
    if (verb === null || OPENER.test(quote)) return false
    const subject = this.tokenize(verb[1] ?? '')
    return subject.length > 0 && (this.precision(subject, meant) >= 0.5 || this.meets(subject.at(-1)!, meant) === 1)
  }

  private positionInSection(at: number): number {
    const start = this.sectionStarts[this.sectionOf[at] ?? 0] ?? 0
    let position = 0
    for (let before = at - 1; before >= start && position < 12; before--) {
      if (this.passages[before]?.kind !== 'heading') position++
    }
    return position
  }

  private precision(tokens: readonly number[], meant: ReadonlyMap<number, number>): number {
    let met = 0
    let all = 0
    for (const token of tokens) {
      const rarity = this.rarity(token)
      all += rarity
      met += rarity * this.meets(token, meant)
    }
    return all === 0 ? 0 : met / all
  }

  private pairs(weighed: readonly Weighed[], tokens: readonly number[], heading: readonly number[], meant: ReadonlyMap<number, number>): number {
    const numbers = [...weighed.keys()].filter((at) => weighed[at]!.alternatives.length > 0 && !weighed[at]!.isWeak)
    if (numbers.length < 2) return 1
    let met = 0
    for (let at = 0; at + 1 < numbers.length; at++) {
      if (this.areNear(numbers[at]!, numbers[at + 1]!, tokens, meant) || this.areNear(numbers[at]!, numbers[at + 1]!, heading, meant)) met++
    }
    return met / (numbers.length - 1)
  }

  private areNear(first: number, second: number, tokens: readonly number[], meant: ReadonlyMap<number, number>): boolean {
    let firstAt = -9
    let secondAt = -9
    for (let at = 0; at < tokens.length; at++) {
      for (const each of [tokens[at]!, ...this.vocabulary.partsOf(tokens[at]!)]) {
        const number = meant.get(each)
        if (number === first) firstAt = at
        else if (number === second) secondAt = at
        if (Math.abs(firstAt - secondAt) <= 3 && firstAt >= 0 && secondAt >= 0) return true
      }
    }
    return false
  }

  private manner(at: number, question: Question): number {
    const quote = this.quote(at)
    const passage = this.passages[at]
    let manner = 1
    if (/\?["'”’)\]*_]*$/.test(quote)) manner *= 0.6
    if (passage?.kind === 'code') manner *= 0.75
    if (POINTER.test(quote) || (passage?.kind === 'list_item' && quote.startsWith('['))) manner *= 0.8
    const { wants } = question
    if (wants.has('amount') && !/[€$£¥]|\d|\bfree\b|\bEUR\b|\bUSD\b/i.test(quote)) manner *= 0.85
    if (wants.has('count') && !/\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?)\b/i.test(quote)) manner *= 0.85
    if (wants.has('duration') && !DURATION.test(quote)) manner *= 0.85
    if (wants.has('time') && !TIME.test(quote)) manner *= 0.9
    if (wants.has('person') && !/\b\p{Lu}[\p{L}.]+ \p{Lu}\p{L}+|\bby \p{Lu}|\b(?:we|team|staff)\b/u.test(quote)) manner *= 0.9
    if (wants.has('definition') && /\b(?:is|are|means|refers to|stands for)\b/.test(quote)) manner *= 1.06
    if (wants.has('way') && /\b(?:you can|to \w+|use|using|run|call|set|by \w+ing|install|choose|click|go to)\b/i.test(quote)) manner *= P.WAY
    if (wants.has('way') && /^(?:in order )?to \p{L}+/iu.test(quote)) manner *= P.TO
    if (OPENER.test(quote)) manner *= 0.9
    if (wants.has('yes_no') && /^(?:yes|no)\b/i.test(quote)) manner *= 1.06
    return manner
  }
}

const OPENER = /^(?:note|notice|however|also|additionally|moreover|furthermore|for example|in this case|but|nevertheless)\b/i
const POINTER = /^(?:see|for (?:more|further|details|additional)|please (?:see|refer|read)|more (?:information|details)|refer to|further information)\b/i
const DURATION = /\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|ms|milliseconds?|permanent|always|forever|until)\b/i
const TIME = /\d{1,2}[:.]\d\d|\b\d{1,2} ?(?:am|pm|a\.m|p\.m|o'clock)|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:daily|weekly|monthly|yearly|every|twice|once|before|after|until|within|days?|hours?|weeks?|months?|years?|when|always|never|19\d\d|20\d\d)\b/i

interface Weighed {
  readonly isWeak: boolean
  readonly alternatives: readonly { readonly term: number; readonly weight: number }[]
  readonly weight: number
}
