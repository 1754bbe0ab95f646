/** Lengths decide where passages end, and a line end is one character long: content is read with LF, and told of as it is. */

export interface UnifiedLineEnds {
  readonly content: string
  /** The half-open range in what was given that has this range of `content`. Ranges must be asked for in order. */
  toOriginal(start: number, end: number): { start: number; end: number }
}

/** Every CRLF as one LF. Linear in the content's length, and costs nothing when there is none. */
export function unifyLineEnds(original: string): UnifiedLineEnds {
  if (!original.includes('\r\n')) return { content: original, toOriginal: (start, end) => ({ start, end }) }
  const removed: number[] = []
  const content = original.replaceAll('\r\n', (_, at: number) => {
    removed.push(at - removed.length)
    return '\n'
  })
  let count = 0
  const advance = (at: number): number => {
    // What stands at an LF that was a CRLF begins before the CR; what stands after it, after both.
    while (count < removed.length && (removed[count] ?? 0) < at) count++
    return at + count
  }
  return {
    content,
    toOriginal(start, end) {
      const first = advance(start)
      return { start: first, end: end === start ? first : advance(end - 1) + 1 }
    },
  }
}
