/**
 * Who is calling, and whether they may: the Bearer secret becomes a principal, the route's declared permission is
 * checked against it. Knows no feature: the app hands over the function that knows API keys.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ApiError } from '../errors.ts'
import { allows, type Permission, type Principal } from '../principal.ts'

/** What a route asks of its caller: a permission, any valid key, or nothing. */
export type Access = Permission | 'any_key' | 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it; the server doesn't start otherwise. */
    access?: Access
  }
  interface FastifyRequest {
    /** Set on every route that isn't public, before its handler runs. */
    principal: Principal
  }
}

/** Throws ApiError when the secret is no valid key. Answers at once when the principal is known, else by promise. */
export type Authenticate = (secret: string) => Principal | Promise<Principal>

export interface AuthenticationOptions {
  authenticate: Authenticate
}

/** Guards each route by a hook of its own, which knows what the route asks for without looking it up. */
export const authentication = fastifyPlugin(
  (app: FastifyInstance, { authenticate }: AuthenticationOptions, done: () => void) => {
    app.decorateRequest('principal')
    app.addHook('onRoute', (route) => {
      const { access } = route.config ?? {}
      if (access === undefined || access === 'public') return
      const check = guard(access, authenticate)
      route.onRequest = [check, ...[route.onRequest ?? []].flat()]
      // A body may take half a minute to arrive: what the key may do is asked again when it is there.
      if (route.schema?.body !== undefined)
        route.preValidation = [check, ...[route.preValidation ?? []].flat()]
    })
    done()
  },
)

function guard(access: Permission | 'any_key', authenticate: Authenticate) {
  return (request: FastifyRequest, _reply: FastifyReply, next: HookHandlerDoneFunction): void => {
    let found: Principal | Promise<Principal>
    try {
      found = authenticate(bearerSecret(request))
      if (!(found instanceof Promise)) admit(request, found, access)
    } catch (error) {
      next(error as Error)
      return
    }
    if (found instanceof Promise)
      found.then((principal) => admit(request, principal, access)).then(() => next(), next)
    else next()
  }
}

function bearerSecret(request: FastifyRequest): string {
  const header = request.headers.authorization
  if (header === undefined) {
    throw new ApiError('unauthorized')
  }
  const space = header.indexOf(' ')
  const scheme = space === -1 ? header : header.slice(0, space)
  if (scheme.toLowerCase() !== 'bearer') {
    throw new ApiError('unauthorized', {
      hint: 'The Authorization header must begin with "Bearer ", then the API key.',
    })
  }
  const secret = space === -1 ? '' : header.slice(space + 1)
  if (secret.trim() === '') {
    throw new ApiError('unauthorized', {
      hint: 'The Authorization header has no key after "Bearer": is the variable that holds it empty?',
    })
  }
  return secret
}

function admit(request: FastifyRequest, principal: Principal, access: Permission | 'any_key'): void {
  if (access !== 'any_key' && !allows(principal.grants, access)) {
    throw new ApiError('insufficient_permissions', {
      hint: `Give the key "${principal.name}" the permission ${access}, or use a key that has it.`,
      details: { required: access, granted: principal.grants },
    })
  }
  request.principal = principal
}
