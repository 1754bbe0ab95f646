/** Turns text into the terms it is searched by: normalised, cut into words, stemmed. Stop words are told apart. */
import { stem } from './terms/stemmer.ts'
import { STOP_WORDS } from './terms/stop-words.ts'

/** A word as it is searched for. */
export interface Word {
  /** Normalised and stemmed. */
  readonly term: string
  /** Normalised, not stemmed. */
  readonly surface: string
  readonly isStopWord: boolean
  /** The stems that a compound such as "apt-get" or "bodyLimit" is made of; empty for a simple word. */
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

const CHUNK = /[\p{L}\p{N}\p{M}]{1,512}(?:[-._'’:][\p{L}\p{N}\p{M}]{1,512}){0,12}[+#]{0,2}/gu
const WRITTEN_WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const ASCII = /^[\0-\x7f]*$/
const CAMEL_CASE = /^\p{Ll}{2,}\p{Lu}/u
const NUMBERS_APART = /\d[-._:]\d/
const PARTICLES = new Set(['up', 'out', 'off', 'down', 'back', 'away', 'over'])
const MAX_WORD_LENGTH = 64
/** A compound is read this far. */
const MAX_COMPOUND_LENGTH = 2 * MAX_WORD_LENGTH
/** One ligature may stand for eighteen letters. */
const MAX_EXPANSION = 2
const MAX_REMEMBERED_LENGTH = 32
const MAX_REMEMBERED = 50_000

const NO_PARTS: readonly string[] = []
// A text repeats most of its words; what one is made of never changes.
const remembered = new Map<string, readonly Word[]>()

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

/** The pieces of a text that `wordsOf` reads, in order. Linear in the length of the text. */
export function chunksOf(text: string): readonly string[] {
  return text.match(CHUNK) ?? []
}

/** The words of one piece: one, or for a script written without spaces one for every two neighbouring characters. */
export function wordsOf(chunk: string): readonly Word[] {
  const known = remembered.get(chunk)
  if (known !== undefined) return known
  const found =
    !ASCII.test(chunk) && WRITTEN_WITHOUT_SPACES.test(chunk)
      ? pairsOf(fold(chunk).slice(0, MAX_EXPANSION * chunk.length))
      : spacedWord(chunk.slice(0, MAX_COMPOUND_LENGTH))
  if (chunk.length > MAX_REMEMBERED_LENGTH) return found
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(chunk, found)
  return found
}

/** The words of a text, in order, stop words included. */
export function words(text: string): Word[] {
  const found: Word[] = []
  for (const chunk of chunksOf(text)) for (const word of wordsOf(chunk)) found.push(word)
  return found
}

/** The term that a word and the particle after it make, as in "show up"; undefined if it takes none. */
export function phrasalTerm(word: Word | undefined, next: Word | undefined): string | undefined {
  if (word === undefined || next === undefined || word.isStopWord) return undefined
  return PARTICLES.has(next.surface) ? word.term + next.surface : undefined
}

/** The terms a text is searched by, in order, without stop words; a compound is followed by its parts. */
export function terms(text: string): string[] {
  return words(text)
    .filter((word) => !word.isStopWord)
    .flatMap((word) => [word.term, ...word.parts])
}

function wordOf(surface: string, parts: readonly string[]): Word {
  return { term: stem(surface), surface, isStopWord: STOP_WORDS.has(surface), parts }
}

function pairsOf(run: string): Word[] {
  const characters = Array.from(run)
  if (characters.length === 1) return [wordOf(run, NO_PARTS)]
  const pairs: Word[] = []
  for (let at = 0; at + 1 < characters.length; at++) {
    pairs.push(wordOf(`${characters[at]}${characters[at + 1]}`, NO_PARTS))
  }
  return pairs
}

function spacedWord(chunk: string): Word[] {
  const bare = withoutContraction(chunk)
  const pieces = CAMEL_CASE.test(bare) ? bare.split(/(?<=\p{Ll})(?=\p{Lu})|[-._:]/u) : bare.split(/[-._:]/)
  const parts = pieces.map(fold).filter((piece) => piece !== '')
  if (parts.length === 0) return []
  // Separators between digits tell numbers apart: 2.1 is not 21, 9:00 is not 900.
  const joined = NUMBERS_APART.test(bare) ? fold(bare) : parts.join('')
  return [wordOf(joined.slice(0, MAX_WORD_LENGTH), parts.length === 1 ? NO_PARTS : parts.map(stem))]
}

function withoutContraction(chunk: string): string {
  const apostrophe = chunk.search(/['’]/)
  if (apostrophe === -1) return chunk
  const tail = chunk.slice(apostrophe + 1)
  if (/^(?:s|re|ve|ll|d|m)$/i.test(tail)) return chunk.slice(0, apostrophe)
  return chunk.replace(/['’]/g, '')
}
