/**
 * Reads the blocks of Markdown: headings, lists, tables, fences, quotations (CommonMark 0.31 and GitHub's tables,
 * as far as finding quotable text needs them).
 */
import { BlockWriter, type TakeBlock } from './blocks.ts'
import { Lines } from './lines.ts'

const FENCE = /^(`{3,}|~{3,})/
const ATX_HEADING = /^#{1,6}(?=\s|$)/
const HTML_HEADING = /^<h([1-6])\b[^<>]*>/i
const BULLET = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/
const RULE = /^(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/
const SETEXT = /^(?:=+|-+)$/
const TABLE_DELIMITER = /^[|:\- \t]*-[|:\- \t]*$/
const REFERENCE = /^\[[^\]\n]{1,200}\]:/
/** An item that is nothing but a link into the same document belongs to a table of contents. */
const LINK_INSIDE = /^\[[^\n]*\]\(#[^()\s]*\)$/
const MAX_CONTENTS_LINE_LENGTH = 300
/** A line that begins with another character is prose, or a table's row. */
const MARKS = /^[#`~<\-*_+=[\d|]/

/** Reads the blocks of a Markdown content in order. Linear in its length. */
export function readMarkdown(content: string, take: TakeBlock): void {
  new MarkdownReader(content, take).read()
}

class MarkdownReader {
  readonly #content: string
  readonly #lines: Lines
  readonly #writer: BlockWriter
  #at = 0
  #isInList = false

  constructor(content: string, take: TakeBlock) {
    this.#content = content
    this.#lines = new Lines(content, true)
    this.#writer = new BlockWriter(content, take)
  }

  read(): void {
    this.#skipFrontMatter()
    while (this.#at < this.#lines.count) {
      const head = this.#lines.head(this.#at)
      if (head === '') this.#at++
      else if (this.#isTable()) this.#readTable()
      else if (!MARKS.test(head)) this.#readText()
      else if (FENCE.test(head)) this.#readFence(head)
      else if (ATX_HEADING.test(head)) this.#readAtxHeading(head)
      else if (head.startsWith('<') && this.#readHtml(head)) this.#skipLine()
      else if (RULE.test(head) || REFERENCE.test(head)) this.#skipLine()
      else if (BULLET.test(head)) this.#readItem(head)
      else this.#readText()
    }
  }

  #skipLine(): void {
    this.#isInList = false
    this.#at++
  }

  #skipFrontMatter(): void {
    if (this.#lines.head(0) !== '---' || this.#lines.start(0) > 1) return
    for (let at = 1; at < this.#lines.count; at++) {
      if (this.#lines.head(at) !== '---') continue
      this.#at = at + 1
      return
    }
  }

  #readFence(head: string): void {
    const fence = FENCE.exec(head)?.[1] ?? ''
    const first = this.#at + 1
    let close = first
    while (close < this.#lines.count && !isClosingFence(this.#lines.head(close), fence)) close++
    if (close > first) {
      const introduction = this.#writer.introduction()
      this.#writer.add('code', this.#lines.start(first), this.#lines.end(close - 1), introduction)
    }
    this.#at = close + 1
  }

  #readAtxHeading(head: string): void {
    const level = ATX_HEADING.exec(head)?.[0].length ?? 1
    const start = this.#skipBlanks(this.#lines.start(this.#at) + level, this.#lines.end(this.#at))
    let end = this.#lines.end(this.#at)
    while (end > start && this.#content.charAt(end - 1) === '#') end--
    if (end > start && !isBlank(this.#content.charAt(end - 1))) end = this.#lines.end(this.#at)
    while (end > start && isBlank(this.#content.charAt(end - 1))) end--
    this.#writer.addHeading(start, end, level)
    this.#skipLine()
  }

  // An HTML heading counts as one; a line that is nothing but tags is left out; any other is prose.
  #readHtml(head: string): boolean {
    const heading = HTML_HEADING.exec(head)
    if (heading === null) return isOnlyTags(head)
    const start = this.#lines.start(this.#at) + heading[0].length
    const close = head.indexOf('</', heading[0].length)
    const end = close === -1 ? this.#lines.end(this.#at) : this.#lines.start(this.#at) + close
    this.#writer.addHeading(start, end, Number(heading[1]))
    return true
  }

  #isTable(): boolean {
    const below = this.#at + 1
    if (this.#lines.isAfterBlank(below) || !this.#lines.head(this.#at).includes('|')) return false
    const delimiter = this.#lines.head(below)
    return delimiter.includes('|') && TABLE_DELIMITER.test(delimiter)
  }

  #readTable(): void {
    const columns = this.#writer.addColumns(this.#lines.start(this.#at), this.#lines.end(this.#at))
    for (
      this.#at += 2;
      !this.#lines.isAfterBlank(this.#at) && this.#lines.head(this.#at).includes('|');
      this.#at++
    ) {
      this.#writer.add('row', this.#lines.start(this.#at), this.#lines.end(this.#at), columns)
    }
    this.#isInList = false
  }

  #readItem(head: string): void {
    if (!this.#isInList) this.#writer.endLists()
    const introduction = this.#writer.beginItem(this.#lines.indent(this.#at))
    const marker = BULLET.exec(head)?.[0].length ?? 1
    const start = this.#skipBlanks(this.#lines.start(this.#at) + marker, this.#lines.end(this.#at))
    const end = this.#readLazily()
    this.#isInList = true
    if (end - start < MAX_CONTENTS_LINE_LENGTH && LINK_INSIDE.test(this.#content.slice(start, end))) {
      this.#writer.addContentsLine(start, end)
    } else this.#writer.add('list_item', start, end, introduction)
  }

  #readText(): void {
    if (this.#lines.indent(this.#at) >= 4 && this.#lines.isAfterBlank(this.#at) && !this.#isInList)
      this.#readIndentedCode()
    else this.#readParagraph()
  }

  #readIndentedCode(): void {
    const start = this.#lines.start(this.#at)
    while (this.#at < this.#lines.count && this.#lines.indent(this.#at) >= 4) this.#at++
    this.#writer.add('code', start, this.#lines.end(this.#at - 1), this.#writer.introduction())
  }

  #readParagraph(): void {
    const start = this.#lines.start(this.#at)
    const continuesItem = this.#isInList && this.#lines.indent(this.#at) >= 2
    const introduction = continuesItem ? this.#writer.introductionInItem() : this.#writer.introduction()
    this.#isInList = continuesItem
    const end = this.#readLazily()
    const underline = this.#lines.head(this.#at)
    if (!this.#lines.isAfterBlank(this.#at) && SETEXT.test(underline)) {
      this.#writer.addHeading(start, end, underline.startsWith('=') ? 1 : 2)
      this.#skipLine()
    } else this.#writer.add(continuesItem ? 'list_item' : 'paragraph', start, end, introduction)
  }

  // Reads on to a blank line or the beginning of something else; answers where the text ends.
  #readLazily(): number {
    let end = this.#lines.end(this.#at++)
    for (; !this.#lines.isAfterBlank(this.#at); this.#at++) {
      const head = this.#lines.head(this.#at)
      if (head === '' || this.#isTable() || (MARKS.test(head) && beginsBlock(head))) break
      end = this.#lines.end(this.#at)
    }
    return end
  }

  #skipBlanks(from: number, end: number): number {
    let at = from
    while (at < end && isBlank(this.#content.charAt(at))) at++
    return at
  }
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t'

function beginsBlock(head: string): boolean {
  if (head.startsWith('<')) return HTML_HEADING.test(head) || isOnlyTags(head)
  return [FENCE, ATX_HEADING, BULLET, SETEXT, RULE].some((mark) => mark.test(head))
}

function isClosingFence(head: string, fence: string): boolean {
  return head.startsWith(fence) && head.split(fence.charAt(0)).join('').trim() === ''
}

function isOnlyTags(text: string): boolean {
  let isInTag = false
  for (const letter of text) {
    if (letter === '<') isInTag = true
    else if (letter === '>') isInTag = false
    else if (!isInTag && letter.trim() !== '') return false
  }
  return !isInTag
}
