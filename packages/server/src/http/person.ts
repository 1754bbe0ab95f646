/** Who is signed in, on routes that ask for it. */
import type { FastifyRequest } from 'fastify'
import type { Person } from '../principal.ts'

/** Of a route whose access is `person`: it has no other callers. */
export function personOf({ person, method, url }: FastifyRequest): Person {
  if (person !== undefined) return person
  throw new TypeError(`${method} ${url} was called by nobody who is signed in`)
}
