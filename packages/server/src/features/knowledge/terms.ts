// Turns text into the terms it is searched by: normalised, cut into words, stemmed. Stop words are told apart.
import { stem } from './stemmer.ts'
import { STOP_WORDS } from './stop-words.ts'

/** One word of a text in reading order. `parts` are the words a compound such as "apt-get" is made of. */
export interface Word {
  /** As it is searched for: normalised and stemmed. */
  readonly term: string
  /** Normalised, not stemmed. */
  readonly surface: string
  readonly isStopWord: boolean
  readonly parts: readonly string[]
}

// Letters that canonical decomposition leaves alone although readers take them for a Latin letter with a mark.
const LATIN_LETTERS = new Map([
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ı', 'i'],
])

const WORD = /[\p{L}\p{N}\p{M}]+(?:[-._'’:][\p{L}\p{N}\p{M}]+)*[+#]*/gu
const WRITTEN_WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const ASCII = /^[\0-\x7f]*$/
const CAMEL_CASE = /^\p{Ll}{2,}\p{Lu}/u
const MAX_WORD_LENGTH = 64

const NO_PARTS: readonly string[] = []
const stems = new Map<string, string>()
const MAX_REMEMBERED_STEMS = 50_000

function stemOf(surface: string): string {
  let known = stems.get(surface)
  if (known === undefined) {
    known = stem(surface)
    if (stems.size >= MAX_REMEMBERED_STEMS) stems.clear()
    stems.set(surface, known)
  }
  return known
}

/** Compatibility forms, case and diacritics folded away: "Ｃａｆé" becomes "cafe", "Straße" becomes "strasse". */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[\u0307øłđðþæœı]/g, (letter) => LATIN_LETTERS.get(letter) ?? '')
}

function wordOf(surface: string, parts: readonly string[]): Word {
  return { term: stemOf(surface), surface, isStopWord: STOP_WORDS.has(surface), parts }
}

function withoutContraction(chunk: string): string {
  const apostrophe = chunk.search(/['’]/)
  if (apostrophe === -1) return chunk
  const tail = chunk.slice(apostrophe + 1)
  if (/^(?:s|re|ve|ll|d|m)$/i.test(tail)) return chunk.slice(0, apostrophe)
  return chunk.replace(/['’]/g, '')
}

function pushPairs(run: string, into: Word[]): void {
  const characters = Array.from(run)
  if (characters.length === 1) into.push(wordOf(run, NO_PARTS))
  for (let at = 0; at + 1 < characters.length; at++) {
    into.push(wordOf(`${characters[at]}${characters[at + 1]}`, NO_PARTS))
  }
}

function pushChunk(chunk: string, into: Word[]): void {
  const bare = withoutContraction(chunk)
  const pieces = bare.split(/[-._:]/)
  if (pieces.length === 1 && !CAMEL_CASE.test(bare)) {
    const surface = fold(bare).slice(0, MAX_WORD_LENGTH)
    if (surface !== '') into.push(wordOf(surface, NO_PARTS))
    return
  }
  const camel = pieces.length === 1 ? bare.split(/(?<=\p{Ll})(?=\p{Lu})/u) : pieces
  const parts = camel.map((piece) => fold(piece)).filter((piece) => piece !== '')
  // Separators between digits tell numbers apart: 2.1 is not 21, 9:00 is not 900.
  const joined = /\d[-._:]\d/.test(bare) ? fold(bare) : parts.join('')
  if (joined === '') return
  into.push(wordOf(joined.slice(0, MAX_WORD_LENGTH), parts.map(stemOf)))
}

/** The words of a text, in order, stop words included. Linear in the length of the text. */
export function words(text: string): Word[] {
  const found: Word[] = []
  for (const [chunk] of text.matchAll(WORD)) {
    if (!ASCII.test(chunk) && WRITTEN_WITHOUT_SPACES.test(chunk)) pushPairs(fold(chunk), found)
    else pushChunk(chunk, found)
  }
  return found
}

/** The terms a text is searched by, in order, without stop words; a compound is followed by its parts. */
export function terms(text: string): string[] {
  return words(text)
    .filter((word) => !word.isStopWord)
    .flatMap((word) => [word.term, ...word.parts])
}
