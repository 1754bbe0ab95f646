/** All passages of an environment's texts, with the words they hold and the words of what surrounds them. */
import { type Passage, type SourceType, splitIntoPassages } from '../passages.ts'
import { searchableText } from '../plain-text.ts'
import { kindsHeld } from './answer-kinds.ts'
import { type Postings, PostingsBuilder, rarity } from './postings.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface PassageSource {
  readonly type: SourceType
  readonly title: string
  readonly content: string
}

/** A half-open range of passage numbers. */
export type Range = readonly [from: number, to: number]

/** A sentence that begins so is about what the sentence before it is about. */
const REFERS_BACK = /^(?:this|that|these|those|it|they|he|she|such)\b/i
const NUMBERING = /^(?:(?:chapter|section|part|kapitel)\s+)?\d+(?:\.\d+)*[.:]?\s+/i
/** A small collection says little about how rare a word is: it is treated as if it had this many passages. */
const MIN_COLLECTION = 40
/** Sentences further apart than this have nothing to do with each other, not even in one paragraph. */
const MAX_DISTANCE = 20
const NO_TERMS: readonly number[] = []

// Passages, blocks, sections and sources are numbered through the whole table, in reading order.
export class PassageTable {
  readonly passages: Passage[] = []
  readonly vocabulary: Vocabulary
  readonly holding: Postings
  readonly headed: Postings
  readonly under: Postings
  /** The introductions that hold a term: `blocksIntroduced` tells what each introduces. */
  readonly introduced: Postings
  readonly titled: Postings
  readonly #sources: readonly PassageSource[]
  readonly #sourceOf: number[] = []
  readonly #sectionOf: number[] = []
  readonly #blockOf: number[] = []
  readonly #sourceStarts: number[] = []
  readonly #sectionStarts: number[] = []
  readonly #blockStarts: number[] = []
  readonly #introduces: number[][] = []
  readonly #tokens: (readonly number[])[] = []
  readonly #kinds: (readonly number[])[] = []
  readonly #headings: (readonly number[])[] = []
  readonly #refersBack: boolean[] = []

  constructor(sources: readonly PassageSource[], vocabulary: Vocabulary) {
    this.#sources = sources
    this.vocabulary = vocabulary
    const builders = {
      holding: new PostingsBuilder(),
      headed: new PostingsBuilder(),
      under: new PostingsBuilder(),
      introduced: new PostingsBuilder(),
      titled: new PostingsBuilder(),
    }
    for (const [number, source] of sources.entries()) this.#addSource(source, number, builders)
    for (const starts of [this.#sourceStarts, this.#sectionStarts, this.#blockStarts])
      starts.push(this.passages.length)
    this.holding = builders.holding.build(vocabulary.size)
    this.headed = builders.headed.build(vocabulary.size)
    this.under = builders.under.build(vocabulary.size)
    this.introduced = builders.introduced.build(vocabulary.size)
    this.titled = builders.titled.build(vocabulary.size)
  }

  sourceOf(at: number): number {
    return this.#sourceOf[at] ?? -1
  }

  sourceType(at: number): SourceType {
    return this.#sources[this.sourceOf(at)]?.type ?? 'text'
  }

  quote(at: number): string {
    const passage = this.passages[at]
    const source = this.#sources[this.sourceOf(at)]
    return passage === undefined || source === undefined
      ? ''
      : source.content.slice(passage.start, passage.end)
  }

  /** The passage's words that aren't stop words. */
  tokens(at: number): readonly number[] {
    return this.#tokens[at] ?? NO_TERMS
  }

  /** The kinds of answer the passage holds, as terms. */
  kinds(at: number): readonly number[] {
    return this.#kinds[at] ?? NO_TERMS
  }

  /** The words of the nearest heading above, its numbering left out. */
  heading(at: number): readonly number[] {
    return this.#headings[this.#sectionOf[at] ?? -1] ?? NO_TERMS
  }

  /** Whether the passage goes on about what the one before it is about. */
  refersBack(at: number): boolean {
    return this.#refersBack[at] === true
  }

  areInOneBlock(a: number, b: number): boolean {
    return (
      this.#blockOf[a] === this.#blockOf[b] &&
      this.passages[a] !== undefined &&
      this.passages[b] !== undefined
    )
  }

  areInOneSection(a: number, b: number): boolean {
    return (
      this.#sectionOf[a] === this.#sectionOf[b] &&
      this.passages[a] !== undefined &&
      this.passages[b] !== undefined
    )
  }

  /** The passages of the same block, of a very long one those close by. */
  blockAround(at: number): Range {
    const [from, to] = this.block(this.#blockOf[at] ?? -1)
    return [Math.max(from, at - MAX_DISTANCE), Math.min(to, at + MAX_DISTANCE + 1)]
  }

  block(number: number): Range {
    return [this.#blockStarts[number] ?? 0, this.#blockStarts[number + 1] ?? 0]
  }

  blocksIntroduced(introduction: number): readonly number[] {
    return this.#introduces[introduction] ?? NO_TERMS
  }

  section(number: number): Range {
    return [this.#sectionStarts[number] ?? 0, this.#sectionStarts[number + 1] ?? 0]
  }

  source(number: number): Range {
    return [this.#sourceStarts[number] ?? 0, this.#sourceStarts[number + 1] ?? 0]
  }

  /** How many passages of its section that aren't headings come before, up to `limit`. */
  positionInSection(at: number, limit: number): number {
    const [start] = this.section(this.#sectionOf[at] ?? -1)
    let position = 0
    for (let before = at - 1; before >= start && position < limit; before--) {
      if (this.passages[before]?.kind !== 'heading') position++
    }
    return position
  }

  /** How telling a term is; 0 or more. A term no passage holds is as telling as one that a single passage holds. */
  rarity(term: number | undefined): number {
    const holding = term === undefined ? 0 : this.holding.countOf(term)
    return rarity(Math.max(this.passages.length, MIN_COLLECTION), Math.max(1, holding))
  }

  #addSource(source: PassageSource, number: number, builders: Builders): void {
    this.#sourceStarts.push(this.passages.length)
    this.#post(builders.titled, this.vocabulary.tokenize(source.title), number)
    let headings: readonly string[] | undefined
    let block = -1
    const introductions = new Map<string, number[]>()
    for (const passage of splitIntoPassages(source.type, source.content)) {
      if (passage.headings !== headings) {
        headings = passage.headings
        this.#addSection(headings, builders)
      }
      if (passage.block !== block) {
        block = passage.block
        this.#addBlock(passage, source.type, introductions, builders)
      }
      this.#addPassage(passage, source, number, builders)
    }
  }

  #addSection(headings: readonly string[], builders: Builders): void {
    const section = this.#sectionStarts.length
    this.#sectionStarts.push(this.passages.length)
    const nearest = this.vocabulary.tokenize(
      searchableText('text', headings.at(-1) ?? '').replace(NUMBERING, ''),
    )
    this.#headings.push(nearest)
    this.#post(builders.headed, nearest, section)
    for (const above of headings.slice(0, -1))
      this.#post(builders.under, this.vocabulary.tokenize(above), section)
  }

  // Ten thousand rows of a table share one introduction: it is read once, and posted once.
  #addBlock(
    { introduction }: Passage,
    type: SourceType,
    introductions: Map<string, number[]>,
    builders: Builders,
  ): void {
    const block = this.#blockStarts.length
    this.#blockStarts.push(this.passages.length)
    if (introduction === null) return
    const introduced = introductions.get(introduction)
    if (introduced !== undefined) {
      introduced.push(block)
      return
    }
    const tokens = this.vocabulary.tokenize(searchableText(type, introduction))
    this.#post(builders.introduced, tokens, this.#introduces.length)
    const blocks = [block]
    introductions.set(introduction, blocks)
    this.#introduces.push(blocks)
  }

  #addPassage(passage: Passage, source: PassageSource, number: number, builders: Builders): void {
    const at = this.passages.length
    const text = searchableText(source.type, source.content.slice(passage.start, passage.end))
    const tokens = this.vocabulary.tokenize(text)
    const isHeading = passage.kind === 'heading'
    const kinds = isHeading ? NO_TERMS : kindsHeld(text).map((kind) => this.vocabulary.add(kind))
    const startsBlock = this.#blockStarts.at(-1) === at
    this.passages.push(passage)
    this.#sourceOf.push(number)
    this.#sectionOf.push(this.#sectionStarts.length - 1)
    this.#blockOf.push(this.#blockStarts.length - 1)
    this.#tokens.push(tokens)
    this.#kinds.push(kinds.length === 0 ? NO_TERMS : kinds)
    this.#refersBack.push(!isHeading && !startsBlock && REFERS_BACK.test(text))
    if (isHeading) return
    this.#post(builders.holding, tokens, at)
    for (const kind of kinds) builders.holding.add(kind, at)
  }

  #post(into: PostingsBuilder, tokens: readonly number[], unit: number): void {
    for (const token of tokens) {
      into.add(token, unit)
      for (const part of this.vocabulary.partsOf(token)) into.add(part, unit)
    }
  }
}

interface Builders {
  readonly holding: PostingsBuilder
  readonly headed: PostingsBuilder
  readonly under: PostingsBuilder
  readonly introduced: PostingsBuilder
  readonly titled: PostingsBuilder
}
