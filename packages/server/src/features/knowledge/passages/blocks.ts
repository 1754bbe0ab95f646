/** What a content is made of before it is cut into sentences: headings, paragraphs, list items, table rows, code. */

export interface Block {
  readonly kind: 'heading' | 'paragraph' | 'list_item' | 'row' | 'code'
  /** UTF-16 offsets of the block's text, without the marks that make it a heading, an item or a quotation. */
  readonly start: number
  readonly end: number
  /** The headings above, outermost first; one array for all blocks of a section. */
  readonly headings: readonly string[]
  /** What introduces the block: the sentence before a list, the header of a table's row. */
  readonly introduction: string | null
}

interface OpenList {
  readonly indent: number
  readonly introduction: string | null
}

interface OpenHeading {
  readonly text: string
  readonly level: number
}

const MAX_HEADING_LENGTH = 300
/** Every block of a section carries its headings: deeper ones take the deepest's place. */
const MAX_HEADING_DEPTH = 12
/** Every row of a table carries its header. */
const MAX_COLUMNS_LENGTH = 1000

/** Takes blocks in reading order. */
export type TakeBlock = (block: Block) => void

/** Hands on blocks as a reader finds them, and keeps track of the headings and lists they stand under. */
export class BlockWriter {
  /** The block written last. */
  last: Block | undefined
  #open: OpenHeading[] = []
  #headings: readonly string[] = []
  #lists: OpenList[] = []
  readonly #content: string
  readonly #take: TakeBlock

  constructor(content: string, take: TakeBlock) {
    this.#content = content
    this.#take = take
  }

  /** Adds a heading; all open headings of its level or deeper end. Level 1 is the outermost. */
  addHeading(start: number, end: number, level: number): void {
    this.closeHeadings(level)
    this.endLists()
    this.#push('heading', start, end, null)
    const text = this.#content.slice(start, Math.min(end, start + MAX_HEADING_LENGTH))
    if (this.#open.length >= MAX_HEADING_DEPTH) this.#open.pop()
    this.#open.push({ text: text.replace(/\s+/g, ' '), level })
    this.#headings = this.#open.map((each) => each.text)
  }

  /** Adds a heading's text where it heads nothing, as in a table of contents. */
  addContentsLine(start: number, end: number): void {
    this.#push('heading', start, end, null)
  }

  /** Ends the open headings of this level or deeper. */
  closeHeadings(level: number): void {
    const kept = this.#open.filter((each) => each.level < level)
    if (kept.length === this.#open.length) return
    this.#open = kept
    this.#headings = kept.map((each) => each.text)
  }

  add(
    kind: Exclude<Block['kind'], 'heading'>,
    start: number,
    end: number,
    introduction: string | null = null,
  ): void {
    this.#push(kind, start, end, introduction)
  }

  /** Adds the header of a table; returns what introduces its rows, of a very wide header the first columns. */
  addColumns(start: number, end: number): string {
    this.addContentsLine(start, end)
    if (end - start <= MAX_COLUMNS_LENGTH) return this.#content.slice(start, end)
    const columns = this.#content.slice(start, start + MAX_COLUMNS_LENGTH)
    return columns.slice(0, columns.lastIndexOf('|') + 1)
  }

  /** What introduces the next block: the last sentences of the block before, if they end in a colon. */
  introduction(): string | null {
    const { last } = this
    if (last === undefined || last.kind === 'heading' || last.kind === 'code') return null
    if (!':：'.includes(this.#content.charAt(last.end - 1))) return null
    return this.#content.slice(Math.max(last.start, last.end - MAX_HEADING_LENGTH), last.end)
  }

  /** Begins an item of a list at a column; all items of a list share what introduced its first. */
  beginItem(indent: number): string | null {
    this.#lists = this.#lists.filter((list) => list.indent <= indent)
    const open = this.#lists.at(-1)
    if (open?.indent === indent) return open.introduction
    const introduction = this.introduction()
    this.#lists.push({ indent, introduction })
    return introduction
  }

  /** What introduces a further block of the item begun last: itself, or what introduced the list. */
  introductionInItem(): string | null {
    return this.introduction() ?? this.#lists.at(-1)?.introduction ?? null
  }

  endLists(): void {
    if (this.#lists.length > 0) this.#lists = []
  }

  #push(kind: Block['kind'], start: number, end: number, introduction: string | null): void {
    if (end <= start) return
    this.last = { kind, start, end, headings: this.#headings, introduction }
    this.#take(this.last)
  }
}
