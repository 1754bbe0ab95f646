/** Turns a quote into running text: as a person reads it in a chat or a text message, or as it is searched. */
import type { SourceType } from './passages.ts'

const WEB_ADDRESS = /https?:\/\/\S+/g
/** The title of another section that a sentence points to says nothing of the sentence's own subject. */
const CROSS_REFERENCE = /\b(section|chapter)\s+[\d.]+,?\s*[“"][^”"]{1,200}[”"]/gi

/** A link or an image with its label, which may hold code; a link by reference. */
const LINK =
  /!?\[((?:[^[\]`]|`[^`]{0,200}`){0,300})\](?:\([^()\s]{0,1000}(?: "[^"]{0,200}")?\)|\[[^[\]]{0,100}\])/g

/** Every run of white space becomes one space; the ends are trimmed. */
function foldSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/**
 * A quote as running text: white space folded and, in Markdown, marks taken away. Words stay as they are and in their
 * order. `columns` is the header of the table that a quoted row belongs to; its names are put before the cells.
 */
export function plainText(type: SourceType, quote: string, columns: string | null): string {
  if (type !== 'markdown') return foldSpace(quote)
  const isRow = columns?.includes('|') === true && quote.includes('|')
  return isRow ? rowText(quote, columns) : foldSpace(inlineText(quote))
}

/** A quote with what doesn't tell its subject taken away: marks, web addresses, titles of other sections; folded. */
export function searchableText(type: SourceType, quote: string): string {
  const text = type === 'markdown' ? inlineText(quote) : quote
  const withoutAddresses = text.includes('://') ? text.replace(WEB_ADDRESS, ' ') : text
  return foldSpace(withoutAddresses.replace(CROSS_REFERENCE, ' '))
}

/** Markdown without its marks: links become their label, emphasis and tags go, code stays as it is. */
export function inlineText(markdown: string): string {
  if (!/[`*_[<>\\]/.test(markdown)) return markdown
  return markdown
    .replace(LINK, '$1')
    .split(/(`+[^`]+`+)/)
    .map((piece, at) => (at % 2 === 1 ? piece.replace(/^`+|`+$/g, '') : withoutMarks(piece)))
    .join('')
}

function withoutMarks(prose: string): string {
  return prose
    .replace(/(^|\n)[ \t]*>[> \t]*/g, '$1')
    .replace(/<\/?[a-z][^<>\n]{0,200}>/gi, '')
    .replace(/\*\*|__(?=\S)|(?<=\S)__/g, '')
    .replace(/(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])/g, '')
}

function rowText(row: string, header: string): string {
  const names = cellsOf(header)
  return cellsOf(row)
    .map((cell, at) => (cell !== '' && names[at] ? `${names[at]}: ${cell}` : cell))
    .filter((cell) => cell !== '')
    .join(', ')
}

function cellsOf(row: string): string[] {
  const inner = row.trim().replace(/^\|/, '').replace(/\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => foldSpace(inlineText(cell)))
}
