/** From a request to who changes keys by it, and to the entry that the audit trail will have. */
import type { FastifyRequest } from 'fastify'
import { plainAddress } from '../../lib/cidr.ts'
import type { ApiKeyPrincipal } from '../../principal.ts'
import type { Actor } from './audit.ts'
import type { Caller } from './editor.ts'
import { limitsOfCaller } from './still-allowed.ts'

/** Routes that don't allow client tokens have no other principal. */
export function keyOf(request: FastifyRequest): ApiKeyPrincipal {
  if (request.principal.kind === 'api_key') return request.principal
  throw new TypeError(`${request.method} ${request.url} was called with a ${request.principal.kind}`)
}

export function callerOf(request: FastifyRequest): Caller {
  const principal = keyOf(request)
  const { environmentId, environment, workspaceId, secretId } = principal
  return {
    environmentId,
    environment,
    workspaceId,
    secretId,
    once: principal.once,
    limits: limitsOfCaller(principal),
    actor: { ...originOf(request), type: 'api_key', id: principal.keyId, name: principal.name },
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
