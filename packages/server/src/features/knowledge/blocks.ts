// What a content is made of before it is cut into sentences: headings, paragraphs, list items, table rows, code.

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

interface OpenHeading {
  readonly text: string
  readonly level: number
}

const MAX_HEADING_LENGTH = 300

/** Gathers blocks in reading order and keeps track of the headings they stand under. */
export class BlockList {
  readonly blocks: Block[] = []
  private open: OpenHeading[] = []
  private headings: readonly string[] = []
  private readonly content: string

  constructor(content: string) {
    this.content = content
  }

  /** Adds a heading; all open headings of its level or deeper end. Level 1 is the outermost. */
  addHeading(start: number, end: number, level: number): void {
    this.closeHeadings(level)
    this.push('heading', start, end, null)
    const text = this.content.slice(start, Math.min(end, start + MAX_HEADING_LENGTH))
    this.open.push({ text: text.replace(/\s+/g, ' '), level })
    this.headings = this.open.map((each) => each.text)
  }

  /** Adds a heading's text where it heads nothing, as in a table of contents. */
  addContentsLine(start: number, end: number): void {
    this.push('heading', start, end, null)
  }

  /** Ends the open headings of this level or deeper. */
  closeHeadings(level: number): void {
    const kept = this.open.filter((each) => each.level < level)
    if (kept.length === this.open.length) return
    this.open = kept
    this.headings = kept.map((each) => each.text)
  }

  add(kind: Exclude<Block['kind'], 'heading'>, start: number, end: number, introduction: string | null = null): void {
    this.push(kind, start, end, introduction)
  }

  /** What introduces the next block: a block before that ends in a colon; in a list, what introduced the list. */
  introduction(isInList: boolean): string | null {
    const last = this.blocks.at(-1)
    if (last === undefined || last.kind === 'heading') return null
    if (last.kind !== 'code' && ':：'.includes(this.content.charAt(last.end - 1))) {
      return this.content.slice(Math.max(last.start, last.end - MAX_HEADING_LENGTH), last.end)
    }
    return isInList ? last.introduction : null
  }

  private push(kind: Block['kind'], start: number, end: number, introduction: string | null): void {
    if (end > start) this.blocks.push({ kind, start, end, headings: this.headings, introduction })
  }
}
