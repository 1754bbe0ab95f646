/**
 * Whether a request that lasts would still be let in: its key may be revoked, expire, lose the permission or be
 * restricted to other addresses meanwhile, its session end, its member be given another role.
 */
import type { FastifyRequest } from 'fastify'
import { allows, type Permission } from '../principal.ts'
import type { Gate } from './authentication.ts'
import { sessionChoice } from './session.ts'

/** False also while that can't be told, since the database that knows is away. Costs no query for a key that is known. */
export function stillAllowed(gate: Gate, permission: Permission) {
  return async (request: FastifyRequest): Promise<boolean> => {
    const { headers, visit, person } = request
    const { authorization = '' } = headers
    const address = visit?.address ?? ''
    try {
      if (person !== undefined) {
        const from = { address, userAgent: visit?.userAgent ?? '' }
        const { member } = await gate.visitor(headers.cookie ?? '', sessionChoice(headers), from)
        return member !== undefined && allows(member.grants, permission)
      }
      const principal = await gate.identify(authorization.slice(authorization.indexOf(' ') + 1), address)
      gate.assertValid(principal)
      const isFromHere =
        (principal.kind !== 'api_key' || (principal.allowlist?.includes(address) ?? true)) &&
        (principal.quarantine?.addresses.includes(address) ?? true)
      return isFromHere && allows(principal.grants, permission)
    } catch {
      return false
    }
  }
}
