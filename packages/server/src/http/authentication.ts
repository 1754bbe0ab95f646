/**
 * Who is calling, whether they may, and whether they may now. In this order: the Bearer token becomes a principal, which
 * must be valid, call from an allowed address, not be a secret key in a web page, have the route's declared permission,
 * and keep its rate limit. Knows no feature: the app hands over a gate that knows keys, tokens and limits.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ApiError } from '../errors.ts'
import { plainAddress } from '../lib/cidr.ts'
import { type ApiKeyPrincipal, allows, type Permission, type Principal } from '../principal.ts'
import { browserOrigin } from './browser.ts'
import { type Check, tooMany, writeQuota } from './rate-limit.ts'
import { endpointName } from './routes.ts'

/** What a route asks of its caller: a permission, any valid key, or nothing. */
export type Access = Permission | 'any_key' | 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it; the server doesn't start otherwise. */
    access?: Access
    /** Client tokens may call it, within what they are bound to: the handler sees to that. Others are for keys alone. */
    allowsClientTokens?: boolean
  }
  interface FastifyRequest {
    /** Set on every route that isn't public, before its handler runs. */
    principal: Principal
    /** Whoever the token proves, also when the request is refused; undefined while nobody is known. */
    caller: Principal | undefined
    /** Set with `caller`. */
    visit: Visit | undefined
    /** When it was counted, accepted or refused, as the gate says it; 0 before. */
    countedAtMs: number
    /** When its headers had been read, as of performance.now(); 0 on public routes. */
    arrivedMs: number
    /** What was left when it was let in. */
    check: Check | undefined
  }
}

/** A request, as far as it is remembered of its caller. */
export interface Visit {
  /** Plain: no zone, no IPv4-mapped IPv6. */
  readonly address: string
  readonly userAgent: string
  /** `METHOD /path/{id}`. */
  readonly endpoint: string
}

/** What the app knows about keys and tokens. Nothing of it waits, but for a token that is looked up. */
export interface Gate {
  /** The principal that the token proves, even one whose time is over. Throws ApiError for one that proves nothing. */
  identify(token: string, address: string): Principal | Promise<Principal>
  /** Another number whenever any principal may have changed; NaN, equal to nothing, while that can't be told. */
  epoch(): number
  /** Throws ApiError when the principal's time is over. */
  assertValid(principal: Principal): void
  /** A secret key came from a web page of this origin, and is refused. */
  onBrowser(principal: ApiKeyPrincipal, origin: string, visit: Visit, requestId: string): void
  /** One of the two is called once for each request whose principal is known. The instant that the request counts at. */
  onAccepted(principal: Principal, visit: Visit): number
  onRefused(principal: Principal, visit: Visit): number
  /** Counts the request towards its limits, or says that they allow no more now. */
  limit(principal: Principal): Check | Promise<Check>
  /** What `limit` would say, without counting. */
  quotaOf(principal: Principal): Check | Promise<Check>
  /** A request that was counted was refused after all (401, 403, 429), and costs nothing. */
  giveBack(principal: Principal, check: Check): void
  /** Of the clock that answers tell. */
  nowMs(): number
  /** A request that was accepted at this instant failed, with this status. */
  onFailed(principal: Principal, status: number, acceptedAtMs: number): void
}

export interface AuthenticationOptions {
  gate: Gate
  /** This server's own origin: its own pages are no strangers. */
  ownOrigin: () => string
}

interface Route {
  readonly access: Permission | 'any_key'
  readonly allowsClientTokens: boolean
  /** By method. */
  readonly endpoints: ReadonlyMap<string, string>
}

/**
 * Who called last on a connection: most requests bring the same header as the one before, and then there is nothing to
 * hash or look up. It lives with the connection, and counts only while no key has changed since.
 */
interface LastCaller {
  readonly authorization: string
  readonly ip: string
  readonly principal: Principal
  readonly visit: Visit
  readonly epoch: number
}

const LAST_CALLER = Symbol('last caller')

interface RememberingSocket {
  [LAST_CALLER]?: LastCaller
}

/** Guards each route by hooks of its own, which know what the route asks for without looking it up. */
export const authentication = fastifyPlugin(
  (app: FastifyInstance, options: AuthenticationOptions, done: () => void) => {
    app.decorateRequest('principal')
    app.decorateRequest('caller')
    app.decorateRequest('visit')
    app.decorateRequest('countedAtMs', 0)
    app.decorateRequest('arrivedMs', 0)
    app.decorateRequest('check')
    app.addHook('onRoute', (route) => {
      const { access, allowsClientTokens = false } = route.config ?? {}
      if (access === undefined || access === 'public') return
      const endpoints = new Map(
        [route.method].flat().map((method) => [method, endpointName(method, route.url)]),
      )
      const guarded: Route = { access, allowsClientTokens, endpoints }
      route.onRequest = [guard(guarded, options), ...[route.onRequest ?? []].flat()]
      // A body may take half a minute to arrive: what the key may do is asked again when it is there. That goes for
      // each method that may have one, whatever the route does with it: a DELETE waits for its body, too.
      if (!['GET', 'HEAD'].includes(String(route.method)))
        route.preValidation = [guardAgain(guarded, options), ...[route.preValidation ?? []].flat()]
    })
    done()
  },
)

/** Tells the gate of an accepted request that failed: errors are rendered elsewhere. */
export function reportFailure(gate: Gate, request: FastifyRequest, status: number): void {
  if (request.principal === undefined) return
  gate.onFailed(request.principal, status, request.countedAtMs)
  const { check } = request
  if (check?.isAllowed === true && (status === 401 || status === 403 || status === 429))
    gate.giveBack(request.principal, check)
}

function guard(route: Route, options: AuthenticationOptions) {
  const { gate } = options
  return (request: FastifyRequest, reply: FastifyReply, next: HookHandlerDoneFunction): void => {
    request.arrivedMs = performance.now()
    const endpoint = route.endpoints.get(request.method) ?? ''
    let pending: Promise<void> | undefined
    try {
      const last = lastCaller(request, endpoint, gate)
      const visit = last?.visit ?? visitOf(request, endpoint)
      const found = last?.principal ?? gate.identify(bearerToken(request), visit.address)
      if (found instanceof Promise) {
        pending = found.then((principal) => enter(route, options, request, reply, principal, visit))
      } else {
        if (last === undefined) remember(request, found, visit, gate)
        pending = enter(route, options, request, reply, found, visit)
      }
    } catch (error) {
      next(error as Error)
      return
    }
    if (pending === undefined) next()
    else pending.then(() => next(), next)
  }
}

/** Undefined when it is let in at once. Throws, or rejects, when it isn't. */
function enter(
  route: Route,
  options: AuthenticationOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  visit: Visit,
): Promise<void> | undefined {
  const { gate } = options
  request.caller = principal
  request.visit = visit
  try {
    admit(route, options, request, reply, principal, visit)
  } catch (error) {
    request.countedAtMs = gate.onRefused(principal, visit)
    const check = gate.quotaOf(principal)
    if (!(check instanceof Promise)) {
      writeQuota(reply, check, gate.nowMs())
      throw error
    }
    return check.then((known) => {
      writeQuota(reply, known, gate.nowMs())
      throw error
    })
  }
  request.principal = principal
  request.countedAtMs = gate.onAccepted(principal, visit)
  const check = gate.limit(principal)
  if (check instanceof Promise) return check.then((known) => apply(gate, request, reply, principal, known))
  apply(gate, request, reply, principal, check)
  return undefined
}

/** Says what is left; throws when nothing is. */
function apply(
  gate: Gate,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  check: Check,
): void {
  request.check = check
  writeQuota(reply, check, gate.nowMs())
  if (!check.isAllowed)
    throw tooMany(check, principal.kind === 'api_key' ? `The key "${principal.name}"` : 'This token')
}

/** What may have changed since the request began: whether the key is valid, from where, and what it may do. */
export function guardAgain(
  route: Pick<Route, 'access' | 'allowsClientTokens'>,
  { gate }: Pick<AuthenticationOptions, 'gate'>,
) {
  return (request: FastifyRequest, _reply: FastifyReply, next: HookHandlerDoneFunction): void => {
    const address = plainAddress(request.ip)
    const check = (principal: Principal): void => {
      gate.assertValid(principal)
      assertAllowedFrom(principal, address)
      assertPermitted(route, principal)
      request.principal = principal
    }
    try {
      const found = gate.identify(bearerToken(request), address)
      if (found instanceof Promise) found.then(check).then(() => next(), next)
      else {
        check(found)
        next()
      }
    } catch (error) {
      next(error as Error)
    }
  }
}

function admit(
  route: Route,
  { gate, ownOrigin }: AuthenticationOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  visit: Visit,
): void {
  gate.assertValid(principal)
  if (principal.kind === 'api_key' && principal.superseded !== null) sayItIsOver(reply, principal.superseded)
  assertAllowedFrom(principal, visit.address)
  if (principal.kind === 'api_key') {
    const origin = browserOrigin(request.headers, ownOrigin)
    if (origin !== undefined) {
      gate.onBrowser(principal, origin, visit, request.id)
      throw new ApiError('secret_key_in_browser', { details: { origin } })
    }
  }
  assertPermitted(route, principal)
}

/** Undefined when anything is not as it was. */
function lastCaller(request: FastifyRequest, endpoint: string, gate: Gate): LastCaller | undefined {
  const { headers, socket } = request.raw
  const last = (socket as RememberingSocket)[LAST_CALLER]
  return last !== undefined &&
    last.authorization === headers.authorization &&
    last.visit.endpoint === endpoint &&
    last.visit.userAgent === (headers['user-agent'] ?? '') &&
    last.ip === request.ip &&
    last.epoch === gate.epoch()
    ? last
    : undefined
}

function remember(request: FastifyRequest, principal: Principal, visit: Visit, gate: Gate): void {
  const { headers, socket } = request.raw
  const { authorization = '' } = headers
  const last: LastCaller = { authorization, ip: request.ip, principal, visit, epoch: gate.epoch() }
  ;(socket as RememberingSocket)[LAST_CALLER] = last
}

function visitOf(request: FastifyRequest, endpoint: string): Visit {
  return { address: plainAddress(request.ip), userAgent: request.headers['user-agent'] ?? '', endpoint }
}

/** RFC 6750, section 2.1. */
function bearerToken(request: FastifyRequest): string {
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
  const token = space === -1 ? '' : header.slice(space + 1)
  if (token.trim() === '') {
    throw new ApiError('unauthorized', {
      hint: 'The Authorization header has no key after "Bearer": is the variable that holds it empty?',
    })
  }
  return token
}

function assertAllowedFrom(principal: Principal, address: string): void {
  if (
    principal.kind === 'api_key' &&
    principal.allowlist !== null &&
    !principal.allowlist.includes(address)
  ) {
    throw new ApiError('ip_not_allowed', {
      hint: `Requests with the key "${principal.name}" may not come from ${address}. Add it to the key’s \`ip_allowlist\`, or call from an address on it.`,
      details: { address },
    })
  }
  if (principal.kind !== 'member' && principal.quarantine?.addresses.includes(address) === false) {
    throw new ApiError('api_key_quarantined', {
      hint: `The key "${principal.name}" is in quarantine: until it is released it works only from addresses that it was used from before, and ${address} is none. Rotate it and release it, or use another key.`,
      details: { reason: 'address', address },
    })
  }
}

function assertPermitted(
  { access, allowsClientTokens }: Pick<Route, 'access' | 'allowsClientTokens'>,
  principal: Principal,
): void {
  if (principal.kind === 'client_token' && !allowsClientTokens) {
    throw new ApiError('insufficient_permissions', {
      error: 'A client token can’t make this call',
      hint: 'Make it from your server, with an API key.',
      details: access === 'any_key' ? { granted: [] } : { required: access, granted: [] },
    })
  }
  if (access === 'any_key') return
  if (!allows(principal.grants, access)) {
    throw new ApiError('insufficient_permissions', {
      hint: `Give the key "${principal.name}" the permission ${access}, or use a key that has it.`,
      details: { required: access, granted: principal.grants },
    })
  }
  if (principal.kind !== 'member' && principal.quarantine !== null && access.endsWith(':write')) {
    throw new ApiError('api_key_quarantined', {
      hint: `The key "${principal.name}" is in quarantine: until it is released it may only read. Rotate it and release it, or use another key.`,
      details: { reason: 'read_only' },
    })
  }
}

/** RFC 9745 and RFC 8594: since when the secret is out of use, and when it stops. */
function sayItIsOver(reply: FastifyReply, { since, endsAt }: { since: Date; endsAt: Date }): void {
  reply.header('deprecation', `@${Math.floor(since.getTime() / 1000)}`).header('sunset', endsAt.toUTCString())
}
