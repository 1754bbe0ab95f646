/**
 * Web pages that call the API. A secret key in a page is a key in public, so it is refused; the preflight of a page
 * (Fetch standard, CORS protocol) is answered, since client tokens are made for pages and a preflight doesn't say
 * which kind of token will follow.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The origin of the page of another site or subdomain that made the request; undefined when none did. Programs send
 * neither `Origin` nor `Sec-Fetch-Site` (Node's fetch sends `Sec-Fetch-Mode` alone).
 */
export function browserOrigin(headers: IncomingHttpHeaders, ownOrigin: () => string): string | undefined {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined) return undefined
  // `none`: typed into the address bar, which sends no Authorization of its own.
  if (site === 'same-origin' || site === 'none') return undefined
  if (site === undefined && origin !== undefined && isOwn(origin, headers.host, ownOrigin())) return undefined
  return origin?.slice(0, 200) ?? 'unknown'
}

function isOwn(origin: string, host: string | undefined, own: string): boolean {
  return origin === own || (host !== undefined && URL.parse(origin)?.host === host)
}

export function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

const READABLE_HEADERS =
  'X-Request-Id, Retry-After, Idempotent-Replayed, RateLimit-Policy, RateLimit, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset'

/** A page may read what its client token is answered, whatever the answer is. Nothing else is opened to pages. */
export function openToPages({ headers }: FastifyRequest, reply: FastifyReply): void {
  // Whether it is a valid one is looked at later: a page may read that it isn't.
  if (headers.authorization?.startsWith('ct_', 'Bearer '.length) !== true) return
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', READABLE_HEADERS)
}

/** Lets a page of any site send its request. What it is answered it can read only if it sent a client token. */
export function answerPreflight(reply: FastifyReply, methods: string): FastifyReply {
  return reply
    .code(204)
    .header('access-control-allow-origin', '*')
    .header('access-control-allow-methods', methods)
    .header('access-control-allow-headers', 'Authorization, Content-Type, Idempotency-Key, AgentClara-Fault')
    .header('access-control-max-age', '600')
    .send()
}
