/** Reads git objects as `git cat-file --batch` writes them, of any size, without holding one in memory. */

export interface GitObject {
  id: string
  type: 'blob' | 'commit' | 'tag' | 'tree'
  /** What stood behind the id in the request: for a blob a path that it had. */
  rest: string
}

export interface ObjectReader {
  start(object: GitObject): void
  data(bytes: Buffer): void
  end(object: GitObject): void
  missing(id: string): void
}

const HEADER = /^([0-9a-f]{40,64}) (blob|commit|tag|tree) (\d+) ?(.*)$/s
const LF = 0x0a

/** The format to ask `git cat-file --batch` for. */
export const BATCH_FORMAT = '%(objectname) %(objecttype) %(objectsize) %(rest)'

export class ObjectStream {
  readonly #reader: ObjectReader
  #header: Buffer[] = []
  #object: GitObject | undefined
  #restBytes = 0

  constructor(reader: ObjectReader) {
    this.#reader = reader
  }

  /** The next bytes of git's output. Throws Error when they aren't such output. */
  write(chunk: Buffer): void {
    let from = 0
    while (from < chunk.length) {
      if (this.#object === undefined) from = this.#readHeader(chunk, from)
      else from = this.#readContent(this.#object, chunk, from)
    }
  }

  #readHeader(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(LF, from)
    this.#header.push(chunk.subarray(from, end < 0 ? chunk.length : end))
    if (end < 0) return chunk.length
    const line = Buffer.concat(this.#header).toString()
    this.#header = []
    const match = HEADER.exec(line)
    if (match === null) {
      const [id = ''] = line.split(' ')
      if (!line.endsWith(' missing'))
        throw new Error('git cat-file answered with something else than an object')
      this.#reader.missing(id)
      return end + 1
    }
    const [, id = '', type, size, rest = ''] = match
    // The pattern allows no other type.
    this.#object = { id, type: type as GitObject['type'], rest }
    this.#restBytes = Number(size)
    this.#reader.start(this.#object)
    return end + 1
  }

  #readContent(object: GitObject, chunk: Buffer, from: number): number {
    const to = Math.min(chunk.length, from + this.#restBytes)
    if (to > from) this.#reader.data(chunk.subarray(from, to))
    this.#restBytes -= to - from
    if (this.#restBytes > 0 || to === chunk.length) return to
    // One more LF ends the content.
    this.#object = undefined
    this.#reader.end(object)
    return to + 1
  }
}
