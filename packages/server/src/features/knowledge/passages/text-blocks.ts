/**
 * Reads the blocks of plain text the way manuals and handbooks are laid out: numbered, underlined and bare headings,
 * hard-wrapped paragraphs, bulleted lists, terms with their indented explanation.
 */
import { BlockWriter, type TakeBlock } from './blocks.ts'
import { Lines } from './lines.ts'

const CHAPTER = /^(?:chapter|part|section|appendix|article|kapitel|teil)\s+(?:\d+|[ivxlc]+|[a-z])\b/i
const NUMBERED = /^(\d{1,3}(?:\.\d{1,3}){0,5})(\.?)\s+(?=\S)/
const BULLET = /^(?:[*•·‣◦▪–—+-]|o(?= {2}))\s+(?=\S)/
const ENUMERATED = /^(?:\d{1,3}[.)]|\(?[a-zA-Z0-9]{1,2}\))\s+(?=\S)/
const UNDERLINE = /^([-=~*_#^+.])\1{2,}$/
const COMMAND = /^(?:[$#>] ?\S|\.{0,2}\/\S|[\w.-]+\/[\w./-]+\s|[a-z][\w.-]*(?: \S+)* --?\w)/
const BEGINS_LIKE_PROSE = /^\p{L}{2}/u
/** A line that ends in a number, or names a time or a price, says something; it heads nothing. */
const STATES_A_FIGURE = /\d{1,2}:\d\d|\d ?[ap]m\b|[€$£]|\d$/
const MAX_HEADING_LINES = 5
const MIN_HEADING_LENGTH = 3
const MAX_HEADING_LENGTH = 300
const MAX_TITLE_LENGTH = 70
/** A title directly above its text must be so short that no one would have broken the line there. */
const MAX_JOINED_TITLE_LENGTH = 45
const MAX_TITLE_WORDS = 9
const MAX_COMMAND_LENGTH = 800
/** How far into an explanation the first end of a sentence is looked for. */
const MAX_TERM_LINES = 12

const MAX_DOCUMENT_TITLE_LENGTH = 100

const DOCUMENT_LEVEL = 0
const CHAPTER_LEVEL = 1
const NUMBERED_LEVEL = 1
const UNDERLINED_LEVEL = 9
const TITLE_LEVEL = 10
/** Terms with an indented explanation are the deepest headings, the more indented the deeper. */
const TERM_LEVEL = 20

/** Reads the blocks of a plain text in order. Linear in its length. */
export function readText(content: string, take: TakeBlock): void {
  new TextReader(content, take).read()
}

// Works on chunks: runs of lines without a blank one between, as half-open ranges of line numbers.
class TextReader {
  readonly #lines: Lines
  readonly #writer: BlockWriter
  #termIndent = Number.POSITIVE_INFINITY
  #itemIndent = Number.POSITIVE_INFINITY

  constructor(content: string, take: TakeBlock) {
    this.#lines = new Lines(content, false)
    this.#writer = new BlockWriter(content, take)
  }

  read(): void {
    for (let from = 0, to = 0; from < this.#lines.count; from = to) {
      to = this.#chunkEnd(from)
      this.#closeTerms(this.#lines.indent(from))
      this.#readChunk(from, to)
    }
  }

  #chunkEnd(from: number): number {
    let to = from + 1
    while (!this.#lines.isAfterBlank(to)) to++
    return to
  }

  #closeTerms(indent: number): void {
    if (indent > this.#termIndent) return
    this.#writer.closeHeadings(TERM_LEVEL + indent)
    this.#termIndent = Number.POSITIVE_INFINITY
  }

  #readChunk(from: number, to: number): void {
    if (from >= to) return
    if (this.#lines.end(to - 1) - this.#lines.start(from) < MIN_HEADING_LENGTH) {
      this.#readBody(from, to)
      return
    }
    const underline = this.#underline(from, to)
    const level = this.#headingLevel(from, to)
    if (this.#isContents(from, to)) this.#readContents(from, to)
    else if (underline !== undefined) {
      if (underline > from) this.#addHeading(from, underline, UNDERLINED_LEVEL)
      this.#readRest(underline + 1, to)
    } else if (level !== undefined) this.#addHeading(from, to, level)
    else if (this.#isTitle(from, to)) {
      this.#addHeading(from, from + 1, TITLE_LEVEL)
      this.#readRest(from + 1, to)
    } else if (this.#isTerm(from, to)) {
      this.#termIndent = this.#lines.indent(from)
      this.#addHeading(from, to, TERM_LEVEL + this.#termIndent)
    } else this.#readBody(from, to)
  }

  #underline(from: number, to: number): number | undefined {
    for (let at = from; at < Math.min(to, from + 3); at++) if (UNDERLINE.test(this.#lines.head(at))) return at
    return undefined
  }

  // What follows a heading in its chunk is its body; what follows a rule may be anything.
  #readRest(from: number, to: number): void {
    if (this.#writer.last?.kind === 'heading' || to - from > MAX_HEADING_LINES) this.#readBody(from, to)
    else this.#readChunk(from, to)
  }

  #addHeading(from: number, to: number, level: number): void {
    this.#itemIndent = Number.POSITIVE_INFINITY
    this.#writer.addHeading(this.#lines.start(from), this.#lines.end(to - 1), level)
  }

  // The first line of all, alone and without an end of its own, names the document.
  #isDocumentTitle(to: number): boolean {
    const head = this.#lines.head(0)
    if (to !== 1 || this.#lines.count === 1 || NUMBERED.test(head) || CHAPTER.test(head)) return false
    const isShort = this.#lines.end(0) - this.#lines.start(0) <= MAX_DOCUMENT_TITLE_LENGTH
    return isShort && !/[.,;:!]$/.test(head) && !STATES_A_FIGURE.test(head)
  }

  // A whole chunk that is a chapter's or a numbered heading: short, and it doesn't state a sentence.
  #headingLevel(from: number, to: number): number | undefined {
    if (from === 0 && this.#isDocumentTitle(to)) return DOCUMENT_LEVEL
    const head = this.#lines.head(from)
    if (BEGINS_LIKE_PROSE.test(head) && !CHAPTER.test(head)) return undefined
    if (to - from > MAX_HEADING_LINES || /[.;,]$/.test(this.#lines.tail(to - 1))) return undefined
    if (this.#lines.end(to - 1) - this.#lines.start(from) > MAX_HEADING_LENGTH) return undefined
    if (CHAPTER.test(head)) return CHAPTER_LEVEL
    const numbered = NUMBERED.exec(head)
    if (numbered === null || this.#lines.indent(from) > 3) return undefined
    const depth = (numbered[1] ?? '').split('.').length
    const title = head.slice(numbered[0].length)
    const isHeading = depth > 1 ? numbered[2] === '.' || /^[\p{Lu}"“(]/u.test(title) : /^\p{Lu}/u.test(title)
    return isHeading ? NUMBERED_LEVEL + depth - 1 : undefined
  }

  // A bare line above the text it heads: short, begins like a title, ends without punctuation.
  #isTitle(line: number, to: number): boolean {
    const length = this.#lines.end(line) - this.#lines.start(line)
    const below = line + 1
    if (length > MAX_TITLE_LENGTH || below >= this.#lines.count) return false
    const head = this.#lines.head(line)
    if (!/^[\p{Lu}\p{N}"“]/u.test(head) || /[.,;!]$/.test(head) || NUMBERED.test(head)) return false
    const indent = this.#lines.indent(line)
    const deeper = this.#lines.indent(below) - indent
    const words = head.split(/\s+/).length
    const isJoined = below < to
    if (deeper < 0 || words > MAX_TITLE_WORDS) return false
    if (head.endsWith(':')) {
      return (isJoined || indent === 0) && words <= 3 && deeper === 0 && !BULLET.test(this.#lines.head(below))
    }
    if (STATES_A_FIGURE.test(head) || /: |\t| {2}/.test(head)) return false
    const belowLength = this.#lines.end(below) - this.#lines.start(below)
    if (!isJoined) {
      if (indent > 0 || deeper > 0) return false
      return belowLength > MAX_TITLE_LENGTH - 20 || /[.!:]$/.test(this.#lines.tail(below))
    }
    if (deeper > 0) return true
    const startsAnew = /^[\p{Lu}\p{N}"“(]/u.test(this.#lines.head(below))
    return length <= MAX_JOINED_TITLE_LENGTH && startsAnew && belowLength > length + 8
  }

  // A term is a short line without an end of its own, above prose that is indented deeper.
  #isTerm(from: number, to: number): boolean {
    const lines = this.#lines
    if (to - from > 2 || to >= lines.count || lines.indent(to) < lines.indent(from) + 2) return false
    if (BULLET.test(lines.head(from)) || BULLET.test(lines.head(to))) return false
    if (/[.!?;,]$/.test(lines.tail(to - 1)) || lines.end(to - 1) - lines.start(from) > 2 * MAX_TITLE_LENGTH)
      return false
    const end = Math.min(this.#chunkEnd(to), to + MAX_TERM_LINES)
    for (let at = to; at < end; at++) if (/[.!?](?:\s|$)/.test(lines.head(at))) return true
    return false
  }

  // "1. Overview" and its like, several in one chunk.
  #isContents(from: number, to: number): boolean {
    let entries = 0
    let nested = 0
    for (let at = from; at < to; at++) {
      const head = this.#lines.head(at)
      const numbered = BEGINS_LIKE_PROSE.test(head) ? null : NUMBERED.exec(head)
      if (numbered === null) continue
      entries++
      if (numbered[1]?.includes('.')) nested++
    }
    return entries >= 3 && nested >= 1 && entries * MAX_HEADING_LINES >= to - from
  }

  // The entries of a table of contents head nothing there.
  #readContents(from: number, to: number): void {
    let start = from
    for (let at = from + 1; at <= to; at++) {
      if (at < to && !NUMBERED.test(this.#lines.head(at))) continue
      this.#writer.addContentsLine(this.#lines.start(start), this.#lines.end(at - 1))
      start = at
    }
  }

  #readBody(from: number, to: number): void {
    let start = from
    for (let at = from + 1; at <= to; at++) {
      if (at < to && !this.#beginsBlock(at, start)) continue
      this.#addBody(start, at)
      start = at
    }
  }

  #beginsBlock(line: number, first: number): boolean {
    if (isItem(this.#lines.head(line))) return true
    const indent = this.#lines.indent(line)
    if (isItem(this.#lines.head(first))) return indent <= this.#lines.indent(first)
    return Math.abs(indent - this.#lines.indent(line - 1)) >= 2
  }

  #addBody(from: number, to: number): void {
    if (from >= to) return
    const head = this.#lines.head(from)
    if (UNDERLINE.test(head)) return
    const start = this.#lines.start(from)
    const end = this.#lines.end(to - 1)
    const indent = this.#lines.indent(from)
    if (isItem(head)) {
      const marker = BULLET.exec(head) ?? ENUMERATED.exec(head)
      this.#itemIndent = indent
      this.#writer.add('list_item', start + (marker?.[0].length ?? 0), end, this.#writer.beginItem(indent))
      return
    }
    const continuesItem = indent > this.#itemIndent
    if (!continuesItem) this.#endLists()
    const introduction = continuesItem ? this.#writer.introductionInItem() : this.#writer.introduction()
    const isShort = end - start < MAX_COMMAND_LENGTH
    const isCode = isShort && COMMAND.test(head) && !/[.!?:]$/.test(this.#lines.tail(to - 1))
    const prose = continuesItem ? 'list_item' : 'paragraph'
    this.#writer.add(isCode ? 'code' : prose, start, end, introduction)
  }

  #endLists(): void {
    this.#itemIndent = Number.POSITIVE_INFINITY
    this.#writer.endLists()
  }
}

function isItem(head: string): boolean {
  return !BEGINS_LIKE_PROSE.test(head) && (BULLET.test(head) || ENUMERATED.test(head))
}
