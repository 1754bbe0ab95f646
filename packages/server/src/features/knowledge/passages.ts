/** Cuts a source's content into passages: quotable pieces, each an exact slice of the content, with what surrounds them. */
import type { Block } from './passages/blocks.ts'
import { unifyLineEnds } from './passages/line-ends.ts'
import { isLineBreak } from './passages/lines.ts'
import { readMarkdown } from './passages/markdown-blocks.ts'
import { type Emit, MAX_SENTENCE_LENGTH, splitSentences } from './passages/sentences.ts'
import { readText } from './passages/text-blocks.ts'

export type SourceType = 'text' | 'markdown' | 'faq'

export interface Passage {
  /** UTF-16 offsets: `content.slice(start, end)` is the quote, byte for byte. */
  readonly start: number
  readonly end: number
  /** The nearest heading above, white space folded. */
  readonly heading: string | null
  readonly kind: 'sentence' | 'heading' | 'code' | 'list_item' | 'answer'
  /** Passages of one paragraph, item, row or piece of code share a number; numbers rise in reading order. */
  readonly block: number
  /** All headings above, outermost first; one array for all passages of a section. */
  readonly headings: readonly string[]
  /** What introduces the passage: the sentence before a list, the header of a table's row. */
  readonly introduction: string | null
}

/** The passages of a content in reading order; none overlap. Linear in the content's length; any string will do. */
export function splitIntoPassages(type: SourceType, original: string): Passage[] {
  const { content, toOriginal } = unifyLineEnds(original)
  const options = { isMarkdown: type === 'markdown' }
  const passages: Passage[] = []
  let number = 0
  const take = (block: Block): void => {
    const kind = passageKind(block, type)
    const { headings, introduction } = block
    const heading = headings.at(-1) ?? null
    const emit = (start: number, end: number): void => {
      if (!saysSomething(content, start, end)) return
      passages.push({ ...toOriginal(start, end), heading, kind, block: number, headings, introduction })
    }
    const isProse = block.kind === 'paragraph' || block.kind === 'list_item'
    if (isProse) splitSentences(content, block.start, block.end, options, emit)
    else splitAtLineEnds(content, block.start, block.end, emit)
    number++
  }
  if (type === 'markdown') readMarkdown(content, take)
  else readText(content, take)
  return passages
}

function passageKind(block: Block, type: SourceType): Passage['kind'] {
  if (type === 'faq') return 'answer'
  if (block.kind === 'paragraph') return 'sentence'
  return block.kind === 'row' ? 'list_item' : block.kind
}

function saysSomething(content: string, start: number, end: number): boolean {
  const first = content.charCodeAt(start) | 32
  return (first >= 97 && first <= 122) || /[\p{L}\p{N}]/u.test(content.slice(start, end))
}

// Code, rows and headings stay whole unless they are too long to quote.
function splitAtLineEnds(content: string, start: number, end: number, emit: Emit): void {
  let from = start
  while (end - from > MAX_SENTENCE_LENGTH) {
    let to = from + MAX_SENTENCE_LENGTH
    while (to > from && !isLineBreak(content.charCodeAt(to))) to--
    if (to === from) to = wholeCharacter(content, from + MAX_SENTENCE_LENGTH)
    emit(from, to)
    from = to
    while (from < end && isLineBreak(content.charCodeAt(from))) from++
  }
  if (end > from) emit(from, end)
}

function wholeCharacter(content: string, at: number): number {
  const code = content.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
}
