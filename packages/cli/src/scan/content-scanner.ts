/**
 * Finds secrets in content of any length that arrives in pieces, in bounded memory. Bytes are searched as they are, so
 * what kind of file it is doesn't matter: UTF-8, Latin-1, UTF-16 (with or without byte order mark) and plain bytes
 * inside binary formats. What is compressed, encoded or encrypted isn't looked into.
 */
import { type FoundSecret, findSecrets, type KeyEnvironment, SECRET_LENGTH } from '@agentclara/key-format'
import { advance, encodingOf, type Position, type TextEncoding } from './position.ts'

export interface ContentFind extends Position {
  secret: string
  environment: KeyEnvironment
}

/** Even, as is TAIL_BYTES, so that UTF-16 code units stay whole. */
const CAPACITY_BYTES = 1 << 20

/** A secret that begins this far from the end is whole, in UTF-16 as well, with the character that follows it. */
const TAIL_BYTES = 2 * (SECRET_LENGTH + 2)

const PREFIX = Buffer.from('sk_')
const WIDE_PREFIX = Buffer.from('s\0k\0_')

export class ContentScanner {
  readonly #buffer = Buffer.allocUnsafe(CAPACITY_BYTES)
  #length = 0
  #encoding: TextEncoding | undefined
  #position: Position = { line: 1, column: 1 }
  #finds: ContentFind[] = []

  /** Where the next bytes go. Never empty. Write into it, then call `wrote`. */
  get space(): Buffer {
    return this.#buffer.subarray(this.#length)
  }

  /** So many bytes were written into `space`. */
  wrote(bytes: number): void {
    this.#length += bytes
    if (this.#length === CAPACITY_BYTES) this.#scan(false)
  }

  write(bytes: Uint8Array): void {
    let from = 0
    while (from < bytes.length) {
      const { space } = this
      const piece = bytes.subarray(from, from + space.length)
      space.set(piece)
      from += piece.length
      this.wrote(piece.length)
    }
  }

  /** The content ends here: what was found in it. The next bytes are of another. */
  finish(): ContentFind[] {
    this.#scan(true)
    const finds = this.#finds
    this.reset()
    return finds
  }

  /** Forgets the content so far. */
  reset(): void {
    this.#length = 0
    this.#encoding = undefined
    this.#position = { line: 1, column: 1 }
    this.#finds = []
  }

  #scan(isEnd: boolean): void {
    const bytes = this.#buffer.subarray(0, this.#length)
    const settled = isEnd ? bytes.length : bytes.length - TAIL_BYTES
    const found = secretsIn(bytes)
    if (isEnd && found.length === 0) return
    this.#encoding ??= encodingOf(bytes)
    const encoding = this.#encoding
    let reached = 0
    const moveTo = (offset: number) => {
      // A code unit of UTF-16 begins with its higher byte, or its lower.
      const to = encoding === 'utf-8' ? offset : offset - (offset % 2)
      advance(this.#position, encoding, bytes, reached, to)
      reached = to
    }
    for (const { secret, environment, start } of found) {
      // The rest of the tail is looked at again, with what follows.
      if (start >= settled) break
      moveTo(start)
      this.#finds.push({ secret, environment, ...this.#position })
    }
    if (isEnd) return
    moveTo(settled)
    this.#buffer.copyWithin(0, settled, bytes.length)
    this.#length = bytes.length - settled
  }
}

type SecretAt = Pick<FoundSecret, 'secret' | 'environment' | 'start'>

/** In the order of their offsets, which count bytes. */
function secretsIn(bytes: Buffer): SecretAt[] {
  // A byte is a character of Latin-1, so offsets stay, and bytes of other encodings are no letters or digits.
  const narrow = bytes.includes(PREFIX) ? [...findSecrets(bytes.toString('latin1'))] : []
  if (!bytes.includes(0) || !bytes.includes(WIDE_PREFIX)) return narrow
  return [...narrow, ...wideSecretsIn(bytes)].sort((a, b) => a.start - b.start)
}

/** Secrets in UTF-16 of either byte order, at even and odd offsets. `start` is that of the first letter's lower byte. */
function wideSecretsIn(bytes: Buffer): SecretAt[] {
  const found = new Map<number, SecretAt>()
  const letters = Buffer.alloc(Math.ceil(bytes.length / 2))
  for (const lowAt of [0, 1]) {
    for (const highAt of [1, -1]) {
      letters.fill(0)
      for (let i = lowAt, j = 0; i < bytes.length; i += 2, j++) {
        // Within bounds. What has a higher byte is no letter or digit.
        if ((bytes[i + highAt] ?? 0) === 0) letters[j] = bytes[i] as number
      }
      for (const { secret, environment, start } of findSecrets(letters.toString('latin1'))) {
        const at = lowAt + 2 * start
        found.set(at, { secret, environment, start: at })
      }
    }
  }
  return [...found.values()]
}
