/**
 * Failures on request, so that a client can test what it does about them: the header `AgentClara-Fault` on a key of the
 * test environment. The answer is made like the real one. Comes after authentication, permission and rate limit, and
 * before the body, idempotency and validation. What is slow has read the body first, since that has a time limit; what
 * never answers drops it. A request that waits holds a connection, and maybe a body: few may at once.
 */
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  preValidationHookHandler,
} from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ApiError, errorTable, invalidField, rateLimited } from '../errors.ts'
import { callerIdOf } from '../principal.ts'
import { type Access, type Gate, guardAgain, reportFailure } from './authentication.ts'
import { type Links, sendError } from './error-renderer.ts'
import { type Check, writeQuota } from './rate-limit.ts'

const HEADER = 'agentclara-fault'
/** As people write it. */
const HEADER_NAME = 'AgentClara-Fault'
const STATUSES = ['401', '403', '429', '500', '503'] as const
const VALUES = `${STATUSES.join(', ')}, timeout, or slow=MS with 0 to 60000 milliseconds`
const MAX_WAIT_MS = 60_000
const RETRY_MS = 1_000
/** Requests that wait at once, or whose body is being read first. */
const MAX_WAITS_PER_KEY = 10
const MAX_WAITS = 256

type Status = (typeof STATUSES)[number]

export type Fault =
  | { readonly kind: 'status'; readonly status: Status }
  /** Goes on afterwards, or never answers. */
  | { readonly kind: 'slow' | 'timeout'; readonly waitMs: number }

export interface FaultOptions {
  gate: Gate
  links: Links
}

/** Registered after authentication, whose hooks it stands behind. */
export const faults = fastifyPlugin((app: FastifyInstance, options: FaultOptions, done: () => void) => {
  const waits = new Waits()
  app.addHook('onRoute', (route) => {
    const { access, allowsClientTokens = false, allowsPeople = false } = route.config ?? {}
    if (access === undefined || access === 'public' || access === 'person') return
    const hasBody = !['GET', 'HEAD'].includes(String(route.method))
    const [guard, ...rest] = [route.onRequest ?? []].flat()
    if (guard === undefined) throw new Error(`${route.url} is not guarded: authentication comes first`)
    const look = guardAgain({ access, allowsClientTokens, allowsPeople }, options)
    const again: onRequestHookHandler = (request, reply, next) =>
      faultOf(request) === undefined ? next() : look(request, reply, next)
    // What has a body is looked at again behind it anyway.
    const inFront: onRequestHookHandler[] = hasBody ? [timeOut(waits)] : [timeOut(waits), slow(waits), again]
    route.onRequest = [guard, fail(access, options), ...inFront, ...rest]
    // Ahead of the second look at the key, which sees what changed while it waited.
    if (hasBody) route.preValidation = [slow(waits), ...[route.preValidation ?? []].flat()]
  })
  app.addHook('preClose', (closed) => {
    waits.end()
    closed()
  })
  done()
})

/** What the header asks for; undefined when it is none of the values. */
export function parseFault(text: string): Fault | undefined {
  const status = STATUSES.find((known) => known === text)
  if (status !== undefined) return { kind: 'status', status }
  if (text === 'timeout') return { kind: 'timeout', waitMs: MAX_WAIT_MS }
  const waitMs = Number(/^slow=(\d{1,5})$/.exec(text)?.[1])
  return waitMs <= MAX_WAIT_MS ? { kind: 'slow', waitMs } : undefined
}

function fail(access: Access, options: FaultOptions): onRequestHookHandler {
  return (request, reply, next) => {
    const header = request.headers[HEADER]
    if (header === undefined || request.principal === undefined) return next()
    const { environment } = request.principal
    if (environment !== 'test')
      return next(invalidField(HEADER_NAME, 'is for keys of the test environment', 'Leave the header out.'))
    const fault = parseFault(String(header))
    if (fault === undefined) return next(invalidField(HEADER_NAME, `must be ${VALUES}`))
    if (fault.kind !== 'status') return next()
    answer(fault.status, access, options, request, reply).catch(next)
  }
}

/** Not through the error handler: what was asked for is no line in the log. */
async function answer(
  status: Status,
  access: Access,
  { gate, links }: FaultOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { principal, check } = request
  const failure = failureOf(status, access, request)
  reportFailure(gate, request, errorTable[failure.code].status)
  if (status === '429' && check !== undefined) writeQuota(reply, usedUp(check), gate.nowMs())
  else if (status === '401' || status === '403') {
    const quota = gate.quotaOf(principal)
    writeQuota(reply, quota instanceof Promise ? await quota : quota, gate.nowMs())
  }
  sendError(failure, request, reply, links)
}

function failureOf(status: Status, access: Access, { principal, check }: FastifyRequest): ApiError {
  const asked = `The request asked for this by the header ${HEADER_NAME}: ${status}.`
  switch (status) {
    case '401': {
      const code = FAULT_401[principal.kind]
      return new ApiError(code, { hint: `${asked} The caller is known.`, details: { reason: 'unknown' } })
    }
    case '403': {
      const required = access === 'any_key' ? {} : { required: access }
      const details = { ...required, granted: principal.grants }
      return new ApiError('insufficient_permissions', {
        hint: `${asked} The caller has the permission.`,
        details,
      })
    }
    case '429':
      return rateLimited(check?.quotas[0]?.policy.name ?? 'standard', RETRY_MS, {
        hint: `${asked} It did not count. Try again after the time in the Retry-After header.`,
      })
    case '500':
      return new ApiError('internal_error', { hint: `${asked} Nothing was done.` })
    case '503':
      return new ApiError('unavailable', {
        hint: `${asked} Nothing was done. Try again after the time in the Retry-After header.`,
        headers: { 'retry-after': String(RETRY_MS / 1000) },
      })
  }
}

const FAULT_401 = {
  api_key: 'invalid_api_key',
  client_token: 'invalid_client_token',
  member: 'unauthorized',
} as const

/** What a check says that allows nothing for another second. */
function usedUp(check: Check): Check {
  const quotas = check.quotas.map((quota, index) =>
    index === 0 ? { ...quota, remaining: 0, resetMs: RETRY_MS } : quota,
  )
  return { ...check, quotas }
}

/** Takes the place of a request that is to wait, before its body, and waits for the end of one that is never answered. */
function timeOut(waits: Waits): onRequestHookHandler {
  return (request, reply, next) => {
    const fault = faultOf(request)
    if (fault === undefined || fault.kind === 'status') return next()
    try {
      waits.enter(request, reply)
    } catch (error) {
      return next(error as Error) // Waits throws nothing but ApiError
    }
    if (fault.kind === 'slow') return next()
    request.raw.resume()
    waits.wait(request, reply, fault.waitMs, () => request.raw.socket.destroy())
  }
}

function slow(waits: Waits): preValidationHookHandler & onRequestHookHandler {
  return (request: FastifyRequest, reply: FastifyReply, next: () => void) => {
    const fault = faultOf(request)
    if (fault?.kind !== 'slow') return next()
    waits.wait(request, reply, fault.waitMs, next)
  }
}

/** None for somebody who is in no workspace. */
function faultOf({ headers, principal }: FastifyRequest): Fault | undefined {
  const header = headers[HEADER]
  return header === undefined || principal === undefined ? undefined : parseFault(String(header))
}

/** Requests that wait, or will when their body is there. Nothing is left of one whose client hangs up. */
class Waits {
  readonly #callerIds = new Map<FastifyRequest, string>()
  readonly #ends = new Set<() => void>()

  /** Throws ApiError `rate_limited` when the key, or the server, has as many as may be. */
  enter(request: FastifyRequest, reply: FastifyReply): void {
    const callerId = callerIdOf(request.principal)
    let ofKey = 0
    for (const other of this.#callerIds.values()) if (other === callerId) ofKey += 1
    if (ofKey >= MAX_WAITS_PER_KEY || this.#callerIds.size >= MAX_WAITS) {
      throw rateLimited('faults', RETRY_MS, {
        hint: `A key may have ${MAX_WAITS_PER_KEY} requests waiting at once by the header ${HEADER_NAME}, and the server ${MAX_WAITS}.`,
      })
    }
    this.#callerIds.set(request, callerId)
    reply.raw.once('close', () => this.#callerIds.delete(request))
  }

  wait(request: FastifyRequest, reply: FastifyReply, waitMs: number, then: () => void): void {
    const leave = (): void => {
      clearTimeout(timer)
      this.#ends.delete(end)
      reply.raw.off('close', leave)
    }
    const end = (): void => {
      leave()
      this.#callerIds.delete(request)
      then()
    }
    const timer = setTimeout(end, waitMs)
    this.#ends.add(end)
    reply.raw.on('close', leave)
  }

  /** The server stops: what is slow goes on now, and what would time out does. */
  end(): void {
    for (const end of this.#ends) end()
  }
}
