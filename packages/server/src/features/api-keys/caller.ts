/** From a request to who changes keys by it, and to the entry that the audit trail will have. */
import type { FastifyRequest } from 'fastify'
import { plainAddress } from '../../lib/cidr.ts'
import type { Actor } from './audit.ts'
import type { Caller } from './editor.ts'
import { noLimits } from './rules.ts'
import { limitsOfCaller } from './still-allowed.ts'

export function callerOf(request: FastifyRequest): Caller {
  const { principal } = request
  if (principal.kind === 'client_token') throw new TypeError(`${request.url} was called with a client token`)
  const { environmentId, environment, workspaceId, once, name } = principal
  const scope = { environmentId, environment, workspaceId, once }
  if (principal.kind === 'member') {
    return {
      ...scope,
      credential: { kind: 'member', member: principal },
      limits: { ...noLimits, grants: principal.grants },
      actor: { ...originOf(request), type: 'member', id: principal.userId, name },
    }
  }
  return {
    ...scope,
    credential: { kind: 'secret', secretId: principal.secretId },
    limits: limitsOfCaller(principal),
    actor: { ...originOf(request), type: 'api_key', id: principal.keyId, name },
  }
}

/** From where a request comes. */
function originOf(request: FastifyRequest): Pick<Actor, 'address' | 'userAgent' | 'requestId'> {
  return {
    address: plainAddress(request.ip),
    userAgent: request.headers['user-agent'] ?? null,
    requestId: request.id,
  }
}
