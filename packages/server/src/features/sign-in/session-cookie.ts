/**
 * The cookie of a session as Better Auth writes it: the session's token, `.`, and its HMAC-SHA-256 in Base64, encoded as
 * a component of a URI. Pure.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Of the names of all our cookies. */
export const COOKIE_PREFIX = 'agentclara'
const SESSION_NAME = `${COOKIE_PREFIX}.session`
/** A session that nobody uses ends after so long. */
export const SESSION_SECONDS = 30 * 86_400

export class SessionCookie {
  readonly name: string
  readonly isSecure: boolean
  readonly #secret: string

  /** `isSecure`: pages come by HTTPS, and so do their cookies alone. */
  constructor({ isSecure, secret }: { isSecure: boolean; secret: string }) {
    this.isSecure = isSecure
    this.#secret = secret
    this.name = isSecure ? `__Secure-${SESSION_NAME}` : SESSION_NAME
  }

  isIn(cookies: string): boolean {
    return cookies.includes(`${this.name}=`)
  }

  /** The session's token, or undefined when the cookie isn't there or wasn't written by this installation. */
  read(cookies: string): string | undefined {
    return readSigned(cookies, this.name, this.#secret)
  }

  /** As a Set-Cookie header, for another 30 days. */
  write(token: string): string {
    const value = encodeURIComponent(`${token}.${sign(token, this.#secret)}`)
    const flags = `Max-Age=${SESSION_SECONDS}; Path=/; HttpOnly; SameSite=Lax`
    return `${this.name}=${value}; ${flags}${this.isSecure ? '; Secure' : ''}`
  }
}

/**
 * Of these cookies our own, each once and as it was signed. Readers differ about what counts when there are two of one
 * name, or quotes around one: whoever reads what this returns reads what `readSigned` does.
 */
export function onlySigned(cookies: string, isSecure: boolean, secret: string): string | undefined {
  const prefix = `${isSecure ? '__Secure-' : ''}${COOKIE_PREFIX}.`
  const names = new Set(cookies.split(';').map((part) => part.trim().split('=', 1)[0] ?? ''))
  const kept: string[] = []
  for (const name of names) {
    const value = name.startsWith(prefix) ? readSigned(cookies, name, secret) : undefined
    if (value !== undefined) kept.push(`${name}=${encodeURIComponent(`${value}.${sign(value, secret)}`)}`)
  }
  return kept.length === 0 ? undefined : kept.join('; ')
}

/** The value of a signed cookie, or undefined when it isn't there or its signature isn't ours. */
export function readSigned(cookies: string, name: string, secret: string): string | undefined {
  for (const part of cookies.split(';')) {
    const [key = '', ...rest] = part.trim().split('=')
    if (key !== name) continue
    const text = decode(rest.join('='))
    const end = text.lastIndexOf('.')
    const value = text.slice(0, Math.max(0, end))
    const signature = Buffer.from(text.slice(end + 1))
    const expected = Buffer.from(sign(value, secret))
    // A page of a sibling domain may have set another cookie of the name: one of ours is among them.
    if (value !== '' && signature.length === expected.length && timingSafeEqual(signature, expected))
      return value
  }
  return undefined
}

function sign(value: string, secret: string): string {
  return createHmac('sha256', secret).update(value).digest('base64')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
