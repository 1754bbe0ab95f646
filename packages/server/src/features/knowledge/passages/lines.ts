/** Cuts a content into its lines that hold something, each with its place in the content. */

const HEAD_LENGTH = 400
const QUOTATION_MARK = 62

/** White space as Unicode defines it; the null character, the zero-width space and the byte order mark count too. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) || code === 0
  if (code < 0x1680) return code === 0xa0 || code === 0x85
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  )
}

/** CR, LF, NEL and the Unicode separators of lines and paragraphs. */
export function isLineBreak(code: number): boolean {
  if (code < 0x85) return code === 10 || code === 13
  return code === 0x85 || code === 0x2028 || code === 0x2029
}

/**
 * The lines of a content that aren't blank, by number. White space at both ends of a line is left out; with
 * `inQuotations` so are the ">" marks that the lines of a Markdown quotation begin with. Offsets are UTF-16 code units.
 * Kept in typed arrays: a content of nothing but line ends must not cost an object for each.
 */
export class Lines {
  readonly count: number
  readonly #content: string
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  readonly #indents: Int32Array
  readonly #afterBlank: Uint8Array

  constructor(content: string, inQuotations: boolean) {
    this.#content = content
    const capacity = countLines(content)
    this.#starts = new Int32Array(capacity)
    this.#ends = new Int32Array(capacity)
    this.#indents = new Int32Array(capacity)
    this.#afterBlank = new Uint8Array(capacity)
    this.count = this.#read(inQuotations)
  }

  /** Where the line's text begins. Beyond the last line this is the content's end, and so on for the others. */
  start(line: number): number {
    return this.#starts[line] ?? this.#content.length
  }

  end(line: number): number {
    return this.#ends[line] ?? this.#content.length
  }

  /** Column at which the line's text begins; a tab reaches the next multiple of four. */
  indent(line: number): number {
    return this.#indents[line] ?? 0
  }

  /** Whether a blank line, or the content's beginning or end, comes before. */
  isAfterBlank(line: number): boolean {
    return line >= this.count || this.#afterBlank[line] === 1
  }

  /** The line's first characters: no mark of any format needs a longer look. */
  head(line: number): string {
    const start = this.start(line)
    return this.#content.slice(start, Math.min(this.end(line), start + HEAD_LENGTH))
  }

  /** The line's last characters. */
  tail(line: number): string {
    const end = this.end(line)
    return this.#content.slice(Math.max(this.start(line), end - HEAD_LENGTH), end)
  }

  #read(inQuotations: boolean): number {
    const content = this.#content
    let count = 0
    let afterBlank = 1
    let at = 0
    while (at < content.length) {
      let indent = 0
      let isQuotation = false
      for (
        let code = content.charCodeAt(at);
        at < content.length && !isLineBreak(code);
        code = content.charCodeAt(++at)
      ) {
        if (code === QUOTATION_MARK && inQuotations) {
          indent = -1
          isQuotation = true
        } else if (!isSpace(code)) break
        indent = code === 9 ? indent - (indent % 4) + 4 : indent + 1
      }
      const start = at
      while (at < content.length && !isLineBreak(content.charCodeAt(at))) at++
      let end = at
      while (end > start && isSpace(content.charCodeAt(end - 1))) end--
      if (end > start || isQuotation) {
        this.#starts[count] = start
        this.#ends[count] = end
        this.#indents[count] = indent
        this.#afterBlank[count++] = afterBlank
        afterBlank = 0
      } else afterBlank = 1
      at += content.charCodeAt(at) === 13 && content.charCodeAt(at + 1) === 10 ? 2 : 1
    }
    return count
  }
}

function countLines(content: string): number {
  let count = 1
  for (let at = 0; at < content.length; at++) if (isLineBreak(content.charCodeAt(at))) count++
  return count
}
