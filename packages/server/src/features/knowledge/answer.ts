/** What Clara says: the sentences that answer a question, each cited, or nothing when the evidence is too weak. */
import type { KnowledgeIndex, Quotation } from './knowledge-index.ts'
import { plainText } from './plain-text.ts'
import type { RankedPassage } from './ranking/passage-ranking.ts'
import type { PassageTable } from './ranking/passage-table.ts'

export type Citation = Quotation

export interface Answer {
  /** The citations in reading order as running text. */
  readonly text: string
  readonly citations: readonly Citation[]
  /** 0 to 1. */
  readonly confidence: number
}

/** Below this Clara doesn't answer: being wrong with confidence is worse than handing over. */
const MIN_CONFIDENCE = 0.55
const MAX_LENGTH = 450
const MAX_SENTENCES = 3
const MAX_PASSAGES = 6
/** "Yes." or "Go ahead." leaves out what matters. */
const SHORT = 40
const SAME_QUESTION = 0.8
const MAX_LOOK_BACK = 30
const MAX_LOOK_AHEAD = 60
const YES_OR_NO = /^(?:yes|no)\b/i
const OPENS_SOMETHING = /[:：]$/
const HAS_END = /[.!?:;,。！？)"”'’\]]$/

/** The best one to three sentences for a question, or undefined when the index doesn't cover it. */
export function answer(index: KnowledgeIndex, question: string): Answer | undefined {
  const { passages, answers } = index.rank(question, 1)
  const [passage] = passages
  const [faq] = answers
  if (faq !== undefined && faq.score >= MIN_CONFIDENCE && faq.score >= (passage?.score ?? 0)) {
    return {
      text: plainText('faq', faq.quotation.quote, null),
      citations: [faq.quotation],
      confidence: faq.score,
    }
  }
  if (passage === undefined || passage.score < MIN_CONFIDENCE) return undefined
  const chosen = new Composition(index.table, passage).compose()
  return {
    text: textOf(index.table, chosen),
    citations: chosen.map((at) => index.quotationOf(at)),
    confidence: passage.score,
  }
}

// Grows the best passage by what it can't be understood without: what it refers back to or is an item of, what it
// opens, and, under a heading that asks the question, the sentences that follow.
class Composition {
  readonly #table: PassageTable
  readonly #best: RankedPassage
  readonly #chosen: number[]

  constructor(table: PassageTable, best: RankedPassage) {
    this.#table = table
    this.#best = best
    this.#chosen = [best.at]
  }

  /** The chosen passages in reading order. */
  compose(): readonly number[] {
    const { at } = this.#best
    const before = this.#table.refersBack(at) || this.#followsYesOrNo(at) ? at - 1 : this.#introduction(at)
    if (before !== undefined && this.#fits(before)) this.#chosen.unshift(before)
    let next = at + 1
    while (this.#goesOnWith(next) && this.#add(next)) next++
    if (next === at + 1 && OPENS_SOMETHING.test(this.#table.quote(at))) this.#addHeadingsBelow(at)
    return this.#chosen
  }

  #add(at: number): boolean {
    const fits = this.#chosen.length < MAX_PASSAGES && this.#fits(at)
    if (fits) this.#chosen.push(at)
    return fits
  }

  #fits(at: number): boolean {
    return this.#length() + this.#table.quote(at).length <= MAX_LENGTH
  }

  #length(): number {
    return this.#chosen.reduce((sum, at) => sum + this.#table.quote(at).length, 0)
  }

  // A "no" to another question than the one asked would say the opposite.
  #followsYesOrNo(at: number): boolean {
    if (this.#best.headingCoverage < SAME_QUESTION) return false
    const before = this.#table.quote(at - 1)
    return before.length < SHORT && YES_OR_NO.test(before) && this.#table.areInOneSection(at - 1, at)
  }

  // The passage that introduces an item which is no sentence of its own.
  #introduction(at: number): number | undefined {
    const { passages } = this.#table
    const introduction = passages[at]?.introduction
    const isItem = passages[at]?.kind === 'list_item' && /^\p{Ll}/u.test(this.#table.quote(at))
    if (!isItem || introduction === null || introduction === undefined) return undefined
    for (
      let before = at - 1;
      before >= at - MAX_LOOK_BACK && this.#table.areInOneSection(before, at);
      before--
    ) {
      if (introduction.endsWith(this.#table.quote(before))) return before
    }
    return undefined
  }

  #goesOnWith(next: number): boolean {
    const table = this.#table
    const kind = table.passages[next]?.kind
    if (kind === undefined || kind === 'heading' || !table.areInOneSection(next - 1, next)) return false
    const last = table.quote(next - 1)
    if (OPENS_SOMETHING.test(last) || this.#isListed(next)) return true
    const inOneBlock = table.areInOneBlock(next - 1, next)
    const isCutShort = table.passages[next - 1]?.kind === 'sentence' && !inOneBlock && !HAS_END.test(last)
    if (isCutShort && (next - 1 === this.#best.at || last.length >= SHORT)) return true
    if (this.#chosen.length >= MAX_SENTENCES) return false
    const isLead = this.#best.headingCoverage > this.#best.ownCoverage
    const isShort = this.#length() < SHORT
    return inOneBlock ? isLead || isShort : isShort && (isLead || YES_OR_NO.test(last))
  }

  // The items of a list that a chosen passage introduces belong to it.
  #isListed(at: number): boolean {
    const passage = this.#table.passages[at]
    if (passage?.kind !== 'list_item' || passage.introduction === null) return false
    const { introduction } = passage
    return this.#chosen.some((each) => {
      const quote = this.#table.quote(each)
      return each >= this.#best.at && OPENS_SOMETHING.test(quote) && introduction.endsWith(quote)
    })
  }

  // "There are three kinds:" above headings that name them.
  #addHeadingsBelow(at: number): void {
    const { passages } = this.#table
    const depth = passages[at]?.headings.length ?? 0
    const isBelow = (next: number): boolean =>
      this.#table.sourceOf(next) === this.#table.sourceOf(at) &&
      passages[next]?.headings[depth - 1] === passages[at]?.headings[depth - 1]
    for (let next = at + 1; next < at + MAX_LOOK_AHEAD && isBelow(next); next++) {
      const isName = passages[next]?.kind === 'heading' && passages[next]?.headings.length === depth
      if (isName && !this.#add(next)) return
    }
  }
}

function textOf(table: PassageTable, chosen: readonly number[]): string {
  let text = ''
  for (const at of chosen) {
    const passage = table.passages[at]
    const piece = plainText(table.sourceType(at), table.quote(at), passage?.introduction ?? null)
    const isEntry = passage?.kind === 'list_item' || passage?.kind === 'heading'
    const isNextItem = isEntry && text !== '' && !HAS_END.test(text)
    text += text === '' ? piece : `${isNextItem ? ';' : ''} ${piece}`
  }
  return text
}
