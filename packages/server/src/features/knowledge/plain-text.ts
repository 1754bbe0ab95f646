// Turns a quote into what a person reads in a chat or a text message: marks of Markdown gone, white space folded.
import type { SourceType } from './passages.ts'

/** Every run of white space becomes one space; the ends are trimmed. */
export function foldSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** A quote as running text. Only Markdown is rewritten; the words stay as they are and in their order. */
export function plainText(type: SourceType, quote: string, columns: string | null): string {
  if (type !== 'markdown') return foldSpace(quote)
  const isRow = columns?.includes('|') && quote.includes('|')
  return isRow ? rowText(quote, columns ?? '') : foldSpace(inlineText(quote))
}

function rowText(row: string, header: string): string {
  const names = cellsOf(header)
  return cellsOf(row)
    .map((cell, at) => (names[at] && cell ? `${names[at]}: ${cell}` : cell))
    .filter((cell) => cell !== '')
    .join(', ')
}

function cellsOf(row: string): string[] {
  const inner = row.trim().replace(/^\|/, '').replace(/\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => foldSpace(inlineText(cell)))
}

// Code between backticks is kept as it stands; around it links become their label and marks of emphasis go.
function inlineText(markdown: string): string {
  return markdown
    .split(/(`+[^`]+`+)/)
    .map((piece, at) => (at % 2 === 1 ? piece.replace(/^`+|`+$/g, '') : proseText(piece)))
    .join('')
}

function proseText(markdown: string): string {
  return markdown
    .replace(/(^|\n)[ \t]*(?:>[ \t]*)+/g, '$1')
    .replace(/<\/?[a-z][^<>\n]{0,200}>/gi, '')
    .replace(/\*\*|__(?=\S)|(?<=\S)__/g, '')
    .replace(/(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])/g, '')
}
