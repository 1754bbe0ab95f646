/** Finds where sentences end inside a block of prose: abbreviations, numbers, addresses, brackets and line ends included. */
import { isLineBreak, isSpace } from './lines.ts'

/** A sentence longer than this many UTF-16 units is cut at a white space, so that a quote stays readable. */
export const MAX_SENTENCE_LENGTH = 600
const MAX_BRACKET_LENGTH = 250
/** Prose is taken for wrapped at a column between these two; shorter or longer lines end where their writer ended them. */
const MIN_WRAP_COLUMN = 60
const MAX_WRAP_COLUMN = 120
/** A line shorter than this says too little to stand alone. */
const MIN_LINE_LENGTH = 12
/** Long enough to tell any abbreviation or beginner from other words. */
const MAX_WORD_LENGTH = 16

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))

/** Abbreviations that a name, a number or an example follows: their period never ends a sentence. */
const LEADING_ABBREVIATIONS = words(
  'dr mr mrs ms mx prof st rev hon sen capt lt sgt fr e.g eg i.e ie viz cf vs ca approx figs eq ' +
    'ch chap vol pp eds no nos nr nbr tel ph para z.b d.h bzw incl excl resp dept univ mt ft',
)
/** Abbreviations that may close a sentence: they do when a word follows that commonly begins one. */
const CLOSING_ABBREVIATIONS = words(
  'etc inc ltd co corp llc plc gmbh bros jr sr a.m p.m am pm u.s u.k u.n e.u ph.d a.k.a usw jan feb mar apr jun jul aug sep ' +
    'sept oct nov dec mon tue tues wed thu thur thurs fri sat sun ave blvd rd str al art avg col ed est ext fig gen max ' +
    'min op rep sec',
)
/** Words that commonly begin a sentence. */
const BEGINNERS = words(
  'the this that these those we you it if in for they he she there when please to a an and but our your all use see note ' +
    'however no yes after as at on by with from then after before while since because so what how who where why is are do ' +
    'does can each every any some most many both only once i my moreover furthermore additionally also although another ' +
    'alternatively besides finally first second next nevertheless otherwise therefore thus similarly instead meanwhile ' +
    'currently usually sometimes often here now today more other others several such their its then',
)
const NUMBERED_ABBREVIATIONS = words('no nos nr nbr p pp art sec fig vol ch')

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isUpper = (letter: string): boolean => letter !== letter.toLowerCase()
const isLower = (letter: string): boolean => letter !== letter.toUpperCase()
const isAsciiLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
const CLOSERS = new Set(Array.from('"\'”’»)]}*_`', (closer) => closer.charCodeAt(0)))
const OPENERS = new Set(Array.from('"\'“‘«([{*_`', (opener) => opener.charCodeAt(0)))

/** Words set apart by white space: a line of a table, or of a list of terms. */
const COLUMNS = /\S(?:\t| {3,})\S/

export interface ProseOptions {
  /** Lines may begin with the ">" of a Markdown quotation, and code stands between backticks. */
  readonly isMarkdown: boolean
}

/** Takes the offsets of a piece of the content. */
export type Emit = (start: number, end: number) => void

/** Emits the sentences of `content.slice(start, end)`, in order, white space around them left out. Linear in its length. */
export function splitSentences(
  content: string,
  start: number,
  end: number,
  options: ProseOptions,
  emit: Emit,
): void {
  if (isOneSentence(content, start, end)) emit(start, end)
  else new SentenceScan(content, start, end, options, emit).run()
}

// Most items, rows and labels: nothing before their last character could end a sentence.
function isOneSentence(content: string, start: number, end: number): boolean {
  if (end - start > MAX_SENTENCE_LENGTH || end <= start) return false
  if (isSpace(content.charCodeAt(start)) || isSpace(content.charCodeAt(end - 1))) return false
  for (let at = start; at < end - 1; at++) {
    const code = content.charCodeAt(at)
    if (code > 127 || code === 46 || code === 33 || code === 63 || isLineBreak(code)) return false
  }
  return true
}

class SentenceScan {
  readonly #wrapColumn: number
  #sentenceStart: number
  #bracketDepth = 0
  #bracketOpenedAt = 0
  #lastSpace = -1
  readonly #content: string
  readonly #start: number
  readonly #end: number
  readonly #options: ProseOptions
  readonly #emit: Emit

  constructor(content: string, start: number, end: number, options: ProseOptions, emit: Emit) {
    this.#emit = emit
    this.#content = content
    this.#start = start
    this.#end = end
    this.#options = options
    this.#sentenceStart = this.#skipSpace(start)
    this.#wrapColumn = this.#widestLine()
  }

  run(): void {
    let at = this.#sentenceStart
    while (at < this.#end) {
      if (at - this.#sentenceStart >= MAX_SENTENCE_LENGTH) {
        at = this.#cut(this.#lastSpace > this.#sentenceStart ? this.#lastSpace : this.#wholeCharacter(at))
        continue
      }
      const code = this.#content.charCodeAt(at)
      if (isAsciiLetter(code)) {
        at++
        continue
      }
      const boundary = this.#boundaryAfter(at, code)
      at = boundary === -1 ? this.#step(at, code) : this.#cut(boundary)
    }
    this.#push(this.#sentenceStart, this.#end)
  }

  #step(at: number, code: number): number {
    if (isSpace(code)) this.#lastSpace = at
    else if (code === 40 || code === 91) {
      if (this.#bracketDepth++ === 0) this.#bracketOpenedAt = at
    } else if ((code === 41 || code === 93) && this.#bracketDepth > 0) this.#bracketDepth--
    else if (code === 96 && this.#options.isMarkdown) return this.#afterCodeSpan(at)
    return at + 1
  }

  // Text between backticks is left whole, unless that would make an endless sentence.
  #afterCodeSpan(at: number): number {
    const close = this.#content.indexOf('`', at + 1)
    return close === -1 || close >= this.#end || close - at > MAX_BRACKET_LENGTH ? at + 1 : close + 1
  }

  // Where the sentence ends if the character at `at` is its last, with the brackets and quotes it takes along; else -1.
  #boundaryAfter(at: number, code: number): number {
    if (isLineBreak(code)) return !this.#isInsideLineBreak(at) && this.#endsHere(at) ? at : -1
    if (code === 0x3002 || code === 0xff01 || code === 0xff1f) return this.#afterClosers(at + 1)
    const isPeriod = code === 46
    if (!isPeriod && code !== 33 && code !== 63 && code !== 0x2026) return -1
    const after = this.#afterClosers(at + 1)
    if (after < this.#end && !isSpace(this.#content.charCodeAt(after))) return -1
    const next = this.#skipSpace(after)
    if (next >= this.#end || '”’»)]'.includes(this.#content.charAt(next))) return -1
    if (this.#isInsideBrackets(at, after)) return -1
    return this.#startsSentence(at, after, next, isPeriod) ? after : -1
  }

  #isInsideLineBreak(at: number): boolean {
    return this.#content.charCodeAt(at) === 10 && this.#content.charCodeAt(at - 1) === 13
  }

  #isInsideBrackets(at: number, after: number): boolean {
    if (this.#bracketDepth === 0 || at - this.#bracketOpenedAt > MAX_BRACKET_LENGTH) return false
    let depth = this.#bracketDepth
    for (let each = at; each < after; each++) if (')]'.includes(this.#content.charAt(each))) depth--
    return depth > 0
  }

  #startsSentence(at: number, after: number, next: number, isPeriod: boolean): boolean {
    const nextWord = this.#wordAt(next)
    const first = nextWord.charAt(0)
    const isEllipsis = this.#content.charAt(at) === '…' || (isPeriod && this.#content.charAt(at - 1) === '.')
    if (isEllipsis) return !isLower(first) && !'/,;:'.includes(this.#content.charAt(next))
    if (!isPeriod) return !isLower(first)
    const token = this.#tokenBefore(at)
    if (first === '' && this.#content.charAt(next) === '.') return false
    if (isLower(first) && token.length < 3) return false
    const beginsSentence = BEGINNERS.has(nextWord.toLowerCase()) && isUpper(first)
    if (/^[\d.]+$/.test(token) && at - token.length === this.#sentenceStart) return false
    if (NUMBERED_ABBREVIATIONS.has(token.toLowerCase())) {
      return !isDigit(first.charCodeAt(0)) && (token.toLowerCase() === 'no' || beginsSentence)
    }
    if (LEADING_ABBREVIATIONS.has(token.toLowerCase())) return false
    if (CLOSING_ABBREVIATIONS.has(token.toLowerCase())) return beginsSentence
    if (/^\p{Lu}$/u.test(token) || /^(?:\p{L}\.)+\p{L}$/u.test(token)) return beginsSentence
    if (isLower(first)) return after === at + 1 && /^[\p{L}\d`'"/_.-]*[\p{L}\d]{3}$/u.test(token)
    return true
  }

  // Whether a line break inside prose is one the writer meant: the next word would have fitted on the line.
  #endsHere(at: number): boolean {
    const lineStart = this.#lineStart(at)
    const next = this.#skipSpace(at)
    if (next >= this.#end) return true
    let lineEnd = at
    while (lineEnd > lineStart && isSpace(this.#content.charCodeAt(lineEnd - 1))) lineEnd--
    const length = lineEnd - lineStart
    if (at - this.#sentenceStart < MIN_LINE_LENGTH) return false
    if (COLUMNS.test(this.#content.slice(lineStart, lineEnd))) return true
    const hasRoom = length + 1 + this.#wordLength(next) < this.#wrapColumn - 3
    if (isLower(this.#wordAt(next).charAt(0))) return hasRoom && length < this.#wrapColumn / 2
    return hasRoom || length > MAX_WRAP_COLUMN
  }

  #cut(at: number): number {
    this.#push(this.#sentenceStart, at)
    this.#sentenceStart = this.#skipSpace(at)
    this.#bracketDepth = 0
    this.#lastSpace = -1
    return Math.max(this.#sentenceStart, at)
  }

  #push(start: number, end: number): void {
    let last = Math.min(end, this.#end)
    while (last > start && isSpace(this.#content.charCodeAt(last - 1))) last--
    if (last > start) this.#emit(start, last)
  }

  #afterClosers(at: number): number {
    let after = at
    while (after < this.#end && CLOSERS.has(this.#content.charCodeAt(after))) after++
    return after
  }

  #skipSpace(at: number): number {
    let next = at
    let isAtLineStart = false
    while (next < this.#end) {
      const code = this.#content.charCodeAt(next)
      if (isLineBreak(code)) isAtLineStart = true
      else if (!isSpace(code) && !(isAtLineStart && code === 62 && this.#options.isMarkdown)) break
      next++
    }
    return next
  }

  #wholeCharacter(at: number): number {
    const code = this.#content.charCodeAt(at)
    return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
  }

  // A Markdown link counts as one word: formatters don't break it.
  #wordLength(at: number): number {
    let isInLink = this.#options.isMarkdown && this.#content.charAt(at) === '['
    let end = at
    for (; end < this.#end && end - at < MAX_WRAP_COLUMN; end++) {
      const code = this.#content.charCodeAt(end)
      if (code === 93) isInLink = isInLink && this.#content.charAt(end + 1) === '('
      if (isLineBreak(code) || (isSpace(code) && !isInLink)) break
    }
    return end - at
  }

  #wordAt(at: number): string {
    let start = at
    while (start < this.#end && OPENERS.has(this.#content.charCodeAt(start))) start++
    let end = start
    while (end < this.#end && end - start < MAX_WORD_LENGTH && this.#isWordCharacter(end)) end++
    return this.#content.slice(start, end)
  }

  #isWordCharacter(at: number): boolean {
    const code = this.#content.charCodeAt(at)
    if (code < 128) return isAsciiLetter(code) || isDigit(code)
    return /[\p{L}\p{N}]/u.test(this.#content.charAt(at))
  }

  #tokenBefore(at: number): string {
    let start = at
    const floor = Math.max(this.#sentenceStart, at - 24)
    while (
      start > floor &&
      !isSpace(this.#content.charCodeAt(start - 1)) &&
      !'(["'.includes(this.#content.charAt(start - 1))
    )
      start--
    return this.#content.slice(start, at)
  }

  #lineStart(at: number): number {
    let start = at
    const floor = Math.max(0, at - MAX_WRAP_COLUMN - 1)
    while (start > floor && !isLineBreak(this.#content.charCodeAt(start - 1))) start--
    return start
  }

  #widestLine(): number {
    let widest = MIN_WRAP_COLUMN
    let lineStart = this.#lineStart(this.#start)
    for (let at = this.#start; at <= this.#end; at++) {
      if (at < this.#end && !isLineBreak(this.#content.charCodeAt(at))) continue
      if (at - lineStart <= MAX_WRAP_COLUMN) widest = Math.max(widest, at - lineStart)
      lineStart = at + 1
    }
    return widest
  }
}
