// Reads a customer's message: which words it is about and how much each counts, and what kind of answer it wants.
import { splitSentences } from './sentences.ts'
import { WEAK_WORDS } from './stop-words.ts'
import { type Word, words } from './terms.ts'
import type { Alternative, Vocabulary } from './vocabulary.ts'

export type AnswerKind = 'amount' | 'count' | 'time' | 'duration' | 'place' | 'person' | 'definition' | 'way' | 'yes_no'

/** A word of the message with the terms it may stand for in the index. */
export interface QuestionTerm {
  readonly surface: string
  readonly isStopWord: boolean
  readonly isWeak: boolean
  /** How much the word counts beside the others, before its rarity: 1 for a word of the question itself. */
  readonly emphasis: number
  /** Empty if the index knows no such word. */
  readonly alternatives: readonly Alternative[]
}

export interface Question {
  readonly terms: readonly QuestionTerm[]
  readonly wants: ReadonlySet<AnswerKind>
}

/** More words than these don't make a question clearer. */
const MAX_TERMS = 64
const WEAK_EMPHASIS = 1
/** Words outside the sentence that asks are context. */
const CONTEXT_EMPHASIS = 0.3

const ASKS =
  /\?\s*$|^(?:who|whom|whose|which|what|whats|when|where|why|how|can|could|do|does|did|is|are|am|was|were|will|would|should|may|must|has|have)\b/i

const KINDS: readonly (readonly [AnswerKind, RegExp])[] = [
  ['amount', /\bhow much\b|\bprices?\b|\bcosts?\b|\bfees?\b|\bcharges?\b|\brates?\b|\bexpensive\b/],
  ['count', /\bhow many\b/],
  ['duration', /\bhow long\b|\bhow (?:much|many) (?:time|hours|days|minutes|weeks|months)\b/],
  ['time', /\bwhen\b|\bwhat (?:time|date|day)\b|\b(?:opening|business|office) hours\b|\bhow (?:late|early|soon|often)\b/],
  ['place', /\bwhere\b|\baddress\b/],
  ['person', /\bwho\b/],
  ['definition', /^(?:so |and |but )?(?:what(?:'s| is| are|s)\b|define|explain|what do(?:es)? .{1,60} (?:mean|do)\b)/],
  ['way', /\bhow (?:do|can|should|would|could|to|does one|might)\b/],
  ['yes_no', /^(?:can|could|do|does|did|is|are|am|was|were|will|would|should|may|must|has|have)\b/],
]

/** Reads a message. Linear in its length; every word the index doesn't know is looked up with its likely corrections. */
export function readQuestion(message: string, vocabulary: Vocabulary): Question {
  const sentences: string[] = []
  splitSentences(message, 0, message.length, { isMarkdown: false }, (start, end) => {
    sentences.push(message.slice(start, end))
  })
  const asking = sentences.filter((sentence) => ASKS.test(sentence))
  const context = asking.length === 0 ? [] : sentences.filter((sentence) => !asking.includes(sentence))
  const asked = asking.length === 0 ? sentences : asking
  const terms = new Map<string, QuestionTerm>()
  for (const sentence of asked) addTerms(terms, words(sentence), vocabulary, 1)
  for (const sentence of context) addTerms(terms, words(sentence), vocabulary, CONTEXT_EMPHASIS)
  return { terms: [...terms.values()], wants: kindsOf(asked) }
}

function addTerms(
  into: Map<string, QuestionTerm>,
  found: readonly Word[],
  vocabulary: Vocabulary,
  emphasis: number,
): void {
  for (let at = 0; at < found.length && into.size < MAX_TERMS; at++) {
    const word = found[at]
    if (word === undefined || into.has(word.term)) continue
    const alternatives = vocabulary.alternativesOf(found, at)
    if (alternatives.length === 0 && word.parts.length > 1) {
      for (const part of word.parts) addPart(into, part, vocabulary, emphasis)
      continue
    }
    into.set(word.term, {
      surface: word.surface,
      isStopWord: word.isStopWord,
      isWeak: WEAK_WORDS.has(word.surface),
      emphasis: WEAK_WORDS.has(word.surface) ? emphasis * WEAK_EMPHASIS : emphasis,
      alternatives,
    })
  }
}

function addPart(into: Map<string, QuestionTerm>, part: string, vocabulary: Vocabulary, emphasis: number): void {
  if (into.has(part)) return
  const term = vocabulary.find(part)
  const alternatives = term === undefined ? [] : [{ term, weight: 1 }]
  into.set(part, { surface: part, isStopWord: false, isWeak: false, emphasis, alternatives })
}

function kindsOf(sentences: readonly string[]): Set<AnswerKind> {
  const wants = new Set<AnswerKind>()
  for (const sentence of sentences) {
    const folded = sentence.slice(0, 400).toLowerCase().replace(/’/g, "'")
    for (const [kind, pattern] of KINDS) if (pattern.test(folded)) wants.add(kind)
  }
  if (wants.has('duration') || wants.has('count')) wants.delete('amount')
  if (wants.size > 1) wants.delete('definition')
  return wants
}
