/** The format of Server-Sent Events (WHATWG HTML, section 9.2.6), as far as the API uses it. */

/** What stands between two empty lines. */
export interface Block {
  id: string | undefined
  data: string | undefined
}

/** Lines end with CR, LF or both; a block that the end of the stream cuts off is none. */
export class SseParser {
  #rest = ''
  #id: string | undefined
  #data: string[] = []

  /** The blocks that the text completes. */
  push(text: string): Block[] {
    const blocks: Block[] = []
    // A CR at the end may be half of a line's end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        this.#read(line)
        continue
      }
      const data = this.#data.length === 0 ? undefined : this.#data.join('\n')
      if (this.#id !== undefined || data !== undefined) blocks.push({ id: this.#id, data })
      this.#id = undefined
      this.#data = []
    }
    return blocks
  }

  #read(line: string): void {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'data') this.#data.push(value)
  }
}
