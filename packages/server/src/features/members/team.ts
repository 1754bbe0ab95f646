/** From a request to who of the business sends it. */
import type { FastifyRequest } from 'fastify'
import type { TeamPrincipal } from '../../principal.ts'

/** Routes that don't allow client tokens have no other principal. */
export function teamOf({ principal, method, url }: FastifyRequest): TeamPrincipal {
  if (principal.kind !== 'client_token') return principal
  throw new TypeError(`${method} ${url} was called with a client token`)
}
