/** Where in a text a byte is: line and column, counted over content of any length in pieces. */

export interface Position {
  /** From 1; lines end with LF. */
  line: number
  /** From 1, in characters (Unicode code points). */
  column: number
}

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** By its byte order mark; without one, UTF-8, which for ASCII and Latin-1 gives the same lines and nearly always the same columns. */
export function encodingOf(start: Uint8Array): TextEncoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

const LF = 0x0a

/** Moves `position` over the bytes from `from` to `to`. In UTF-16 both must be at whole code units. */
export function advance(
  position: Position,
  encoding: TextEncoding,
  bytes: Uint8Array,
  from: number,
  to: number,
): void {
  if (encoding === 'utf-8') advanceUtf8(position, bytes, from, to)
  else advanceUtf16(position, bytes, from, to, encoding === 'utf-16le' ? 0 : 1)
}

function advanceUtf8(position: Position, bytes: Uint8Array, from: number, to: number): void {
  const lastLf = to > from ? bytes.lastIndexOf(LF, to - 1) : -1
  let start = from
  if (lastLf >= from) {
    position.line += countLf(bytes, from, lastLf + 1)
    position.column = 1
    start = lastLf + 1
  }
  let characters = 0
  // Within bounds: to is. All bytes of a character but the first begin with the bits 10.
  for (let i = start; i < to; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) characters++
  position.column += characters
}

/** Most of the work on long content. */
function countLf(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let i = from; i < to; i++) if (bytes[i] === LF) count++
  return count
}

function advanceUtf16(position: Position, bytes: Uint8Array, from: number, to: number, low: 0 | 1): void {
  for (let i = from; i + 1 < to; i += 2) {
    // Within bounds: i + 1 is below to.
    const highByte = bytes[i + 1 - low] as number
    if (highByte === 0 && bytes[i + low] === LF) {
      position.line++
      position.column = 1
    } else if ((highByte & 0xfc) !== 0xdc) position.column++
  }
}
