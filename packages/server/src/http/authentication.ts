/**
 * Who is calling, whether they may, and whether they may now. In this order: the Bearer token becomes a principal, which
 * must be valid, call from an allowed address, not be a secret key in a web page, have the route's declared permission,
 * and keep its rate limit. A request without a token may bring the session of a person: see session-guard.ts. Knows no
 * feature: the app hands over a gate that knows keys, tokens, sessions and limits.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ApiError } from '../errors.ts'
import { plainAddress } from '../lib/cidr.ts'
import {
  type ApiKeyPrincipal,
  allows,
  type KeyHolder,
  type Permission,
  type Person,
  type Principal,
} from '../principal.ts'
import { browserOrigin } from './browser.ts'
import { type Check, tooMany, writeQuota } from './rate-limit.ts'
import { endpointName } from './routes.ts'
import type { SessionChoice, Visitor } from './session.ts'
import { askSessionAgain, comesWithSession, enterWithSession } from './session-guard.ts'

/** What a route asks of its caller: a permission, any valid key or member, a session, or nothing. */
export type Access = Permission | 'any_key' | 'person' | 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it; the server doesn't start otherwise. */
    access?: Access
    /** Client tokens may call it, within what they are bound to: the handler sees to that. Others are for keys alone. */
    allowsClientTokens?: boolean
    /** Of a route for any key: also for a signed-in person who is in no workspace, and then without a principal. */
    allowsPeople?: boolean
    /** A signed-in member must have proved who they are within 15 minutes. */
    needsProof?: boolean
  }
  interface FastifyRequest {
    /** Set before the handler runs on every route that isn't public or for a person alone. */
    principal: Principal
    /** Set with a session. */
    person: Person | undefined
    /** What proves it. */
    sessionToken: string | undefined
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
  identify(token: string, address: string): KeyHolder | Promise<KeyHolder>
  /** Whether the header has the cookie of a session, whatever it is worth. */
  holdsSession(cookies: string): boolean
  /**
   * Who the session is of. Throws `unauthorized` when there is none, `not_found` for a workspace that the person isn't a
   * member of.
   */
  visitor(
    cookies: string,
    choice: SessionChoice,
    from: Pick<Visit, 'address' | 'userAgent'>,
  ): Visitor | Promise<Visitor>
  /** Another number whenever any principal may have changed; NaN, equal to nothing, while that can't be told. */
  epoch(): number
  /** Throws ApiError when the principal's time is over. */
  assertValid(principal: KeyHolder): void
  /** A secret key came from a web page of this origin, and is refused. */
  onBrowser(principal: ApiKeyPrincipal, origin: string, visit: Visit, requestId: string): void
  /** One of the two is called once for each request whose principal is known. The instant that the request counts at. */
  onAccepted(principal: Principal, visit: Visit): number
  onRefused(principal: Principal, visit: Visit): number
  /** Counts the request towards its limits, or says that they allow no more now. */
  limit(caller: Principal | Person): Check | Promise<Check>
  /** What `limit` would say, without counting. */
  quotaOf(caller: Principal | Person): Check | Promise<Check>
  /** A request that was counted was refused after all (401, 403, 429), and costs nothing. */
  giveBack(caller: Principal | Person, check: Check): void
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

export interface GuardedRoute {
  readonly access: Exclude<Access, 'public'>
  readonly allowsClientTokens: boolean
  readonly allowsPeople: boolean
  readonly needsProof: boolean
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
  readonly principal: KeyHolder
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
    app.decorateRequest('person')
    app.decorateRequest('sessionToken')
    app.decorateRequest('caller')
    app.decorateRequest('visit')
    app.decorateRequest('countedAtMs', 0)
    app.decorateRequest('arrivedMs', 0)
    app.decorateRequest('check')
    app.addHook('onRoute', (route) => {
      const {
        access,
        allowsClientTokens = false,
        allowsPeople = false,
        needsProof = false,
      } = route.config ?? {}
      if (access === undefined || access === 'public') return
      const endpoints = new Map(
        [route.method].flat().map((method) => [method, endpointName(method, route.url)]),
      )
      const guarded: GuardedRoute = { access, allowsClientTokens, allowsPeople, needsProof, endpoints }
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
  const { principal, person, check } = request
  const counted = principal ?? person
  if (counted === undefined) return
  if (principal !== undefined) gate.onFailed(principal, status, request.countedAtMs)
  if (check?.isAllowed === true && (status === 401 || status === 403 || status === 429))
    gate.giveBack(counted, check)
}

function guard(route: GuardedRoute, options: AuthenticationOptions) {
  const { gate } = options
  return (request: FastifyRequest, reply: FastifyReply, next: HookHandlerDoneFunction): void => {
    request.arrivedMs = performance.now()
    const endpoint = route.endpoints.get(request.method) ?? ''
    let pending: Promise<void> | undefined
    try {
      if (comesWithSession(request, gate)) {
        pending = enterWithSession(route, options, request, reply, visitOf(request, endpoint))
        if (pending === undefined) next()
        else pending.then(() => next(), next)
        return
      }
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
  route: GuardedRoute,
  options: AuthenticationOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: KeyHolder,
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
  route: Pick<GuardedRoute, 'access' | 'allowsClientTokens' | 'allowsPeople'>,
  options: Pick<AuthenticationOptions, 'gate'>,
) {
  const { gate } = options
  return (request: FastifyRequest, _reply: FastifyReply, next: HookHandlerDoneFunction): void => {
    const address = plainAddress(request.ip)
    const check = (principal: KeyHolder): void => {
      gate.assertValid(principal)
      assertAllowedFrom(principal, address)
      assertPermitted(route, principal)
      request.principal = principal
    }
    try {
      if (request.person !== undefined) {
        const from = { address, userAgent: request.headers['user-agent'] ?? '' }
        const pending = askSessionAgain(route, options, request, from)
        if (pending === undefined) next()
        else pending.then(() => next(), next)
        return
      }
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
  route: GuardedRoute,
  { gate, ownOrigin }: AuthenticationOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: KeyHolder,
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

function remember(request: FastifyRequest, principal: KeyHolder, visit: Visit, gate: Gate): void {
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

function assertAllowedFrom(principal: KeyHolder, address: string): void {
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
  if (principal.quarantine !== null && !principal.quarantine.addresses.includes(address)) {
    throw new ApiError('api_key_quarantined', {
      hint: `The key "${principal.name}" is in quarantine: until it is released it works only from addresses that it was used from before, and ${address} is none. Rotate it and release it, or use another key.`,
      details: { reason: 'address', address },
    })
  }
}

function assertPermitted(
  { access, allowsClientTokens }: Pick<GuardedRoute, 'access' | 'allowsClientTokens'>,
  principal: KeyHolder,
): void {
  if (access === 'person') {
    throw new ApiError('insufficient_permissions', {
      error: 'This call is for people who are signed in',
      hint: 'Sign in to the dashboard: no API key can make it.',
      details: { granted: principal.grants },
    })
  }
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
  if (principal.quarantine !== null && access.endsWith(':write')) {
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
