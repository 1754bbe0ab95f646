/**
 * Lets a request with a session in, in the same order as one with a key: who is it, may their page write, does their
 * role allow it, must they prove who they are again, and does their limit leave room.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'
import { allows, type MemberPrincipal, type Permission, type Principal } from '../principal.ts'
import { assertProved } from '../proof-age.ts'
import { roles } from '../roles.ts'
import type { AuthenticationOptions, GuardedRoute, Visit } from './authentication.ts'
import { type Check, tooMany, writeQuota } from './rate-limit.ts'
import { assertOwnOrigin, type SessionChoice, sessionChoice, type Visitor } from './session.ts'

const NO_CHOICE: SessionChoice = { workspaceId: undefined, environment: 'test' }
const READS = new Set(['GET', 'HEAD'])

/** A key or token goes before a cookie: what a program sends on purpose counts. */
export function comesWithSession({ headers }: FastifyRequest, gate: AuthenticationOptions['gate']): boolean {
  return (
    headers.authorization === undefined && headers.cookie !== undefined && gate.holdsSession(headers.cookie)
  )
}

/** Undefined when it is let in at once. Throws, or rejects, when it isn't. */
export function enterWithSession(
  route: GuardedRoute,
  options: AuthenticationOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  visit: Visit,
): Promise<void> | undefined {
  const found = visitorOf(route, request, options, visit)
  return found instanceof Promise
    ? found.then((visitor) => enter(route, options, request, reply, visit, visitor))
    : enter(route, options, request, reply, visit, found)
}

/** What may have changed since the request began: whether the session is there, and what the role allows. */
export function askSessionAgain(
  route: Pick<GuardedRoute, 'access' | 'allowsPeople'>,
  options: Pick<AuthenticationOptions, 'gate'>,
  request: FastifyRequest,
  visit: Pick<Visit, 'address' | 'userAgent'>,
): Promise<void> | undefined {
  const again = ({ member }: Visitor): void => {
    const principal = principalOf(route, member)
    assertPermitted(route, principal)
    if (principal !== undefined) request.principal = principal
  }
  const found = visitorOf(route, request, options, visit)
  if (found instanceof Promise) return found.then(again)
  again(found)
  return undefined
}

function visitorOf(
  { access }: Pick<GuardedRoute, 'access'>,
  request: FastifyRequest,
  { gate }: Pick<AuthenticationOptions, 'gate'>,
  { address, userAgent }: Pick<Visit, 'address' | 'userAgent'>,
): Visitor | Promise<Visitor> {
  const { headers } = request
  // What is about the person alone works whatever workspace the page shows, also one that is gone.
  const choice = access === 'person' ? NO_CHOICE : sessionChoice(headers)
  return gate.visitor(headers.cookie ?? '', choice, { address, userAgent })
}

function enter(
  route: GuardedRoute,
  { gate, ownOrigin }: AuthenticationOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  visit: Visit,
  { person, member, token, setCookie }: Visitor,
): Promise<void> | undefined {
  const principal = principalOf(route, member)
  const counted = principal ?? person
  request.person = person
  request.sessionToken = token
  request.caller = principal
  request.visit = visit
  if (setCookie !== undefined) reply.header('set-cookie', setCookie)
  try {
    if (!READS.has(request.method)) assertOwnOrigin(request.headers, ownOrigin())
    assertPermitted(route, principal)
    if (route.needsProof) assertProved(person, gate.nowMs())
  } catch (error) {
    request.countedAtMs = principal === undefined ? gate.nowMs() : gate.onRefused(principal, visit)
    const refuse = (check: Check): never => {
      writeQuota(reply, check, gate.nowMs())
      throw error
    }
    const check = gate.quotaOf(counted)
    return check instanceof Promise ? check.then(refuse) : refuse(check)
  }
  // What only asks for a person has none: its handler reads `request.person`.
  request.principal = principal as Principal
  request.countedAtMs = principal === undefined ? gate.nowMs() : gate.onAccepted(principal, visit)
  const apply = (check: Check): void => {
    request.check = check
    writeQuota(reply, check, gate.nowMs())
    if (!check.isAllowed) throw tooMany(check, 'You')
  }
  const check = gate.limit(counted)
  if (check instanceof Promise) return check.then(apply)
  apply(check)
  return undefined
}

function principalOf(
  { access }: Pick<GuardedRoute, 'access'>,
  member: MemberPrincipal | undefined,
): MemberPrincipal | undefined {
  return access === 'person' ? undefined : member
}

function assertPermitted(
  { access, allowsPeople }: Pick<GuardedRoute, 'access' | 'allowsPeople'>,
  member: MemberPrincipal | undefined,
): void {
  if (access === 'person' || (allowsPeople && member === undefined)) return
  if (member === undefined) {
    throw new ApiError('insufficient_permissions', {
      error: 'You are in no workspace',
      hint: 'Make one: POST /v1/workspaces. Or ask an owner or admin of one to invite you.',
      details: access === 'any_key' ? { granted: [] } : { required: access, granted: [] },
    })
  }
  if (access !== 'any_key' && !allows(member.grants, access)) throw roleForbids(member, access)
}

function roleForbids({ role, grants, workspaceName }: MemberPrincipal, required: Permission): ApiError {
  return new ApiError('insufficient_permissions', {
    error: 'Your role doesn’t allow this',
    hint: `In ${workspaceName} you are ${roles[role].title}, and this takes ${required}: ask an owner or admin.`,
    details: { required, granted: grants, role },
  })
}
