/** The header of a commit or tag object, as git writes it: who, when, and how many lines precede the message. */

export interface ObjectHead {
  author: string | null
  /** ISO 8601, in UTC. */
  date: string | null
  /** Lines up to the message, with the empty one between. */
  lines: number
}

const SIGNED = /^(?:author|tagger) (.*?) ?<[^>]*> (\d+)/m

export function readHead(object: Buffer): ObjectHead {
  const end = object.indexOf('\n\n')
  const text = object.subarray(0, end < 0 ? object.length : end).toString()
  const [, author = null, seconds = ''] = SIGNED.exec(text) ?? []
  return {
    author,
    date: isoDate(seconds),
    lines: end < 0 ? Number.POSITIVE_INFINITY : text.split('\n').length + 1,
  }
}

/** ISO 8601, in UTC, of seconds since 1970 as git writes them; null when they are none, or no time that JavaScript knows. */
export function isoDate(seconds: string): string | null {
  const at = new Date(seconds === '' ? Number.NaN : Number(seconds) * 1000)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
