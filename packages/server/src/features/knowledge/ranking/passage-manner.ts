/** How a passage is worded: whether it states, defines, instructs, or merely asks or points elsewhere. */
import { inlineText } from '../plain-text.ts'
import type { PassageTable } from './passage-table.ts'
import type { Manner } from './question.ts'
import type { Alternative } from './vocabulary.ts'

/** What a question means in terms of a table: which of its needs a term meets. */
export interface Meaning {
  /** 1 for a term of the question; for a compound the share of its parts that are. */
  met(token: number): number
  /** The share of the tokens, weighed by rarity, that are terms of the question. */
  share(tokens: readonly number[]): number
  /** Whether two needs of the question are met within a few tokens. */
  areNear(first: number, second: number, tokens: readonly number[]): boolean
}

const NEAR_TOKENS = 3
const QUESTION_END = /\?["'”’)\]*_]*$/
const POINTS_ELSEWHERE =
  /^(?:see|for (?:more|further|details|additional)|please (?:see|refer|read)|more (?:information|details)|refer to|further information)\b/i
const CONTINUES =
  /^(?:note|notice|however|also|additionally|moreover|furthermore|for example|in this case|but|nevertheless)\b/i
const INSTRUCTS = /\b(?:you can|to \w+|use|using|run|call|set|by \w+ing|install|choose|click|go to)\b/i
const BEGINS_WITH_PURPOSE = /^(?:in order )?to \p{L}+/iu
const ADVISES = /\b(?:recommend\w*|should|best|prefer\w*|suited|if you)\b/i
/** Words with which a text grants or refuses what a question excepts. */
const EXCEPTS =
  /\b(?:no|not|nor|none|never|without|except\w*|exclud\w+|keep\w*|kept|leav\w+|left|preserv\w+|retain\w*|remain\w*|unless|instead|rather|free of|optional\w*|n[o']t)\b|n['’]t\b/i
const LOOKS_BACK =
  /\b(?:at (?:the|that|this) time|back then|former|formerly|previous|previously|once was|used to be|in those days)\b/i
const CLOCK = /\b\d{1,2}(?:[:.]\d\d| ?[ap]\.?m\b| ?h\b| o['’]clock)|\b(?:noon|midnight)\b/i
const DEFINES =
  /^(.{1,60}?)\b(?:(?:is|are|was|were) (?:a|an|the|one|any|short for|used)|means?|stands for|refers? to)\b/

/** Above 1 for a passage worded as the question wants it, below 1 for one that states nothing. */
export function mannerOf(
  table: PassageTable,
  at: number,
  manners: ReadonlySet<Manner>,
  meaning: Meaning,
): number {
  const quote = table.quote(at)
  const kind = table.passages[at]?.kind
  let manner = 1
  if (QUESTION_END.test(quote)) manner *= 0.6
  if (kind === 'code') manner *= manners.has('instruction') ? 0.9 : 0.75
  if (POINTS_ELSEWHERE.test(quote) || (kind === 'list_item' && quote.startsWith('['))) manner *= 0.8
  if (CONTINUES.test(quote)) manner *= 0.9
  if (table.refersBack(at)) manner *= 0.95
  if (manners.has('exception') && !EXCEPTS.test(quote)) manner *= 0.5
  if (manners.has('present') && LOOKS_BACK.test(quote)) manner *= 0.6
  if (manners.has('clock') && !CLOCK.test(quote)) manner *= 0.6
  if (manners.has('instruction')) {
    if (INSTRUCTS.test(quote)) manner *= 1.03
    if (BEGINS_WITH_PURPOSE.test(quote)) manner *= 1.15
  }
  if (manners.has('advice') && ADVISES.test(quote)) manner *= 1.12
  if (manners.has('yes_no') && /^(?:yes|no)\b/i.test(quote)) manner *= 1.06
  if (manners.has('definition') && defines(table, quote, meaning)) manner *= 1.1
  return manner
}

// "A virtual package is a …": what stands before the verb is what the question asks about.
function defines(table: PassageTable, quote: string, meaning: Meaning): boolean {
  if (CONTINUES.test(quote)) return false
  const before = DEFINES.exec(inlineText(quote))?.[1]
  if (before === undefined) return false
  const subject = table.vocabulary.tokenize(before)
  const last = subject.at(-1)
  return last !== undefined && (meaning.met(last) === 1 || meaning.share(subject) >= 0.5)
}

/** `needs` holds the terms each need of the question may stand for. */
export function meaningOf(table: PassageTable, needs: readonly (readonly Alternative[])[]): Meaning {
  const needOf = new Map<number, number>()
  needs.forEach((alternatives, number) => {
    for (const { term } of alternatives) if (!needOf.has(term)) needOf.set(term, number)
  })
  const met = (token: number): number => {
    if (needOf.has(token)) return 1
    const parts = table.vocabulary.partsOf(token)
    return parts.length === 0 ? 0 : parts.filter((part) => needOf.has(part)).length / parts.length
  }
  return {
    met,
    share(tokens) {
      let shared = 0
      let all = 0
      for (const token of tokens) {
        const rarity = table.rarity(token)
        all += rarity
        shared += rarity * met(token)
      }
      return all === 0 ? 0 : shared / all
    },
    areNear(first, second, tokens) {
      let firstAt = Number.NEGATIVE_INFINITY
      let secondAt = Number.NEGATIVE_INFINITY
      return tokens.some((token, at) => {
        for (const each of [token, ...table.vocabulary.partsOf(token)]) {
          if (needOf.get(each) === first) firstAt = at
          if (needOf.get(each) === second) secondAt = at
        }
        return Math.abs(firstAt - secondAt) <= NEAR_TOKENS
      })
    },
  }
}
