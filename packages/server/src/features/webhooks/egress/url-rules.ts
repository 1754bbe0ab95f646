/**
 * Which URLs a webhook may have, as far as the text alone tells. A host in an odd notation (2130706433, 0x7f.1, full-width
 * digits) is what the WHATWG URL Standard makes of it, here and for every later judgement.
 */
import { isIP } from 'node:net'
import type { EgressPolicy } from './policy.ts'

export const MAX_URL_LENGTH = 2_048
/** RFC 1035, section 2.3.4, without and with the dot of the root. */
const MAX_NAME_LENGTH = 254

export interface WebhookUrl {
  /** As it is stored and asked. */
  href: string
  /** Scheme, host and port. */
  origin: string
  /** Path and query. */
  path: string
  /** A name in ASCII, or an address without brackets. */
  host: string
  isAddress: boolean
  port: number
}

/** What is wrong otherwise, to go on from the field's name, with the fix. Takes no more than the text can tell. */
export function parseWebhookUrl(text: string, policy: EgressPolicy): WebhookUrl | string {
  if (text.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`
  // Browsers drop these silently; in a setting they are a slip that hides where requests would go.
  if (/[\s\p{Cc}]/u.test(text)) return 'must have no spaces, line breaks or control characters: remove them'
  const url = URL.parse(text)
  if (url === null) return 'must be a URL such as https://example.com/hooks'
  const problem = partsProblem(url, text)
  if (problem !== undefined) return problem
  if (url.href.length > MAX_URL_LENGTH) {
    return `must have at most ${MAX_URL_LENGTH} characters once what isn’t ASCII is encoded`
  }
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  if (host.length > MAX_NAME_LENGTH) return 'must have a host name of at most 253 characters'
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if (port === 0 || !policy.mayUsePort(port)) return policy.portRule
  const path = `${url.pathname}${url.search}`
  return { href: url.href, origin: url.origin, path, host, isAddress: isIP(host) !== 0, port }
}

function partsProblem(url: URL, text: string): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `must begin with https:// or http://, not ${url.protocol}`
  }
  if (url.hostname === '') return 'must name a host, such as https://example.com/hooks'
  if (url.username !== '' || url.password !== '') {
    return 'must have no user or password: send credentials in `headers`'
  }
  // A fragment is never sent to a server.
  return text.includes('#') ? 'must have no fragment: remove what begins with #' : undefined
}
