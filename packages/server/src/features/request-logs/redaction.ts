/**
 * Masks secrets in what request logs keep: those that this product makes wherever they stand, and the values of fields
 * that hold secrets or are configured to be masked. Takes time linear in the length of any text, and texts that were cut.
 */
const MASK = '…'

/** Field names that say what they hold, in whatever spelling. */
const secretNames = [
  'secret',
  'client_secret',
  'signing_secret',
  'webhook_secret',
  'secret_key',
  'private_key',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'auth_token',
  'bearer_token',
  'client_token',
  'password',
  'passwd',
  'passphrase',
  'authorization',
  'cookie',
  'set_cookie',
  'api_key',
  'x_api_key',
  'credential',
  'credentials',
  'otp',
  'pin',
]

/**
 * A beginning, and then all that may belong to any secret: one that follows another one directly must not be left over, nor
 * the token of a "Bearer" that does. Whatever follows a repetition may be missing, so that nothing is tried a second time
 * but a bounded number of characters.
 */
const SECRETS =
  /(sk_(?:test|live)_(?=[0-9a-z]{20})|ct_(?:test|live)_|whs(?:ec|k)_|bearer[ \t]+(?=[\w.~+/=%-]{8}))[\w.~+/=%-]+(?:(?<=bearer)[ \t]+[\w.~+/=%-]+)*/gi
/** What a cut may have left of one. */
const CUT_SECRET = /(sk_(?:test|live)_|bearer[ \t]+)[\w.~+/=%-]+$/i
const CUT_SECRET_LENGTH = 64
const MAX_VERDICTS = 1_000
const MAX_NAME_LENGTH = 64

/** Masks secrets of this product in a plain text; what precedes their random part stays. */
export function maskSecrets(text: string, isCut = false): string {
  const masked = text.replace(SECRETS, `$1${MASK}`)
  if (!isCut) return masked
  const tail = masked.slice(-CUT_SECRET_LENGTH)
  return masked.slice(0, masked.length - tail.length) + tail.replace(CUT_SECRET, `$1${MASK}`)
}

export class Redactor {
  readonly #names: Set<string>
  /** Of names as they were written; a few make up most of what is sent. */
  #verdicts = new Map<string, boolean>()

  /** `names`: fields that are masked beside those that hold secrets by their name. */
  constructor(names: Iterable<string> = []) {
    this.#names = new Set([...secretNames, ...names].map(plainName))
  }

  addName(name: string): void {
    this.#names.add(plainName(name))
    this.#verdicts = new Map()
  }

  /**
   * A JSON text with secrets masked, and with `"…"` for each value of a masked field, whatever it is and at any depth.
   * The text may end anywhere when `isCut`.
   */
  maskJson(json: string, isCut: boolean): string {
    let masked = ''
    let written = 0
    let at = json.indexOf('"')
    while (at !== -1) {
      const end = endOfString(json, at)
      const colon = skipSpace(json, end)
      const text = json.slice(at, end)
      const kept = maskEscaped(text, isCut && end === json.length)
      if (kept !== text) {
        masked += json.slice(written, at) + kept
        written = end
      }
      let next = end
      if (json.charCodeAt(colon) === COLON && this.#isMasked(text)) {
        const value = skipSpace(json, colon + 1)
        next = endOfValue(json, value)
        masked += json.slice(written, value)
        if (next > value) masked += `"${MASK}"`
        written = next
      }
      at = json.indexOf('"', next)
    }
    // No secret goes on past a quote, so all strings can be looked at in one go.
    return maskSecrets(written === 0 ? json : masked + json.slice(written), isCut)
  }

  /** `text`: a name as it stands in JSON. */
  #isMasked(text: string): boolean {
    const known = this.#verdicts.get(text)
    if (known !== undefined) return known
    const verdict = this.#names.has(plainName(unescaped(text)))
    if (this.#verdicts.size < MAX_VERDICTS && text.length <= MAX_NAME_LENGTH)
      this.#verdicts.set(text, verdict)
    return verdict
  }

  /** A path with its query, percent-encoding and all: parameters are fields. */
  maskUrl(url: string, isCut: boolean): string {
    const question = url.indexOf('?')
    const path = question === -1 ? url : url.slice(0, question)
    const segments = path.split('/').map((part) => maskEncoded(part, isCut))
    if (question === -1) return segments.join('/')
    const parameters = url.slice(question + 1).split('&')
    const masked = parameters.map((parameter) => {
      const equals = parameter.indexOf('=')
      if (equals === -1) return maskEncoded(parameter, isCut)
      const name = parameter.slice(0, equals)
      if (this.#names.has(plainName(decoded(name)))) return `${name}=${MASK}`
      return `${maskEncoded(name, false)}=${maskEncoded(parameter.slice(equals + 1), isCut)}`
    })
    return `${segments.join('/')}?${masked.join('&')}`
  }
}

/** `apiKey`, `api-key` and `API_KEY` are one. */
function plainName(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase()
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** After the closing quote of the string that begins at `start`, or the end of a text that ends within it. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) return at + 1
    if (code === BACKSLASH) at += 1
  }
  return json.length
}

function skipSpace(json: string, start: number): number {
  let at = start
  while (isSpace(json.charCodeAt(at))) at += 1
  return at
}

/** RFC 8259, section 2. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** After the value that begins at `start`. */
function endOfValue(json: string, start: number): number {
  let depth = 0
  for (let at = start; at < json.length; ) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(json, at)
      if (depth === 0) return at
      continue
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) return at
      depth -= 1
      if (depth === 0) return at + 1
    } else if (depth === 0 && (code === COMMA || isSpace(code))) return at
    at += 1
  }
  return json.length
}

/**
 * Masks what escapes would hide. The string comes with its quotes; the last one of a cut text may lack its end. One
 * without escapes is left as it is.
 */
function maskEscaped(text: string, isCut: boolean): string {
  if (!text.includes('\\')) return text
  const plain = unescaped(text)
  const masked = maskSecrets(plain, isCut)
  return masked === plain ? text : JSON.stringify(masked).slice(0, isCut ? -1 : undefined)
}

/** What a JSON string says. One that was cut may end in the middle of an escape, which is dropped. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text.slice(1, text.endsWith('"') && text.length > 1 ? -1 : undefined)
  for (let dropped = 0; dropped <= '\\u000'.length; dropped++) {
    const rest = text.slice(0, text.length - dropped)
    for (const closed of [rest, `${rest}"`]) {
      try {
        return String(JSON.parse(closed))
      } catch {
        // It ends earlier.
      }
    }
  }
  return text
}

function maskEncoded(text: string, isCut: boolean): string {
  if (!text.includes('%') && !text.includes('+')) return maskSecrets(text, isCut)
  const plain = decoded(text)
  const masked = maskSecrets(plain, isCut)
  return masked === plain ? text : encodeURI(masked.toWellFormed()).replaceAll(encodeURI(MASK), MASK)
}

/** Parts that are no encoding stay as they are. */
function decoded(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}
