/**
 * The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07) on every write that isn’t public: the request
 * is had once, and its answer given again. Comes after authentication and limits, before validation.
 * Knows no feature: the app hands over what remembers requests.
 */
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type Once, Overtaken } from '../db/transact.ts'
import { invalidField } from '../errors.ts'
import type { Answer, IdempotentCall } from '../idempotent-call.ts'
import { canonicalJson } from '../lib/json.ts'
import type { Person, Principal } from '../principal.ts'
import { type Access, type Gate, guardAgain } from './authentication.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answer holds a secret: it is kept so that only the caller's own secret opens it. */
    answersWithSecret?: boolean
    /** Doing it twice is doing it once, and what it is sent is not to be kept: its Idempotency-Key is passed over. */
    isRepeatable?: true
  }
  interface FastifyRequest {
    attempt: Attempt | undefined
  }
}

/** One try. Either of the two is called at its end. */
export interface Attempt extends Once {
  finish(answer: Answer): Promise<void>
  abandon(): void
}

export interface IdempotencyOptions {
  begin(call: IdempotentCall): Promise<Answer | Attempt>
  gate: Gate
  /** An answer of a failure was given again. */
  onReplayedFailure(request: FastifyRequest, status: number): void
  /** An answer can't be kept; it is given all the same. */
  onError(error: unknown, request: FastifyRequest): void
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** A look at the database takes no longer, as a rule. */
const UNWAITED_MS = 50
/** Visible ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/

export const idempotency = fastifyPlugin(
  (app: FastifyInstance, options: IdempotencyOptions, done: () => void) => {
    app.decorateRequest('attempt')
    app.addHook('onRoute', (route) => {
      if ([route.method].flat().some((method) => takesIdempotencyKey(method, route.config)))
        rememberAnswers(route, options)
    })
    done()
  },
)

/** Whether the route's answers are remembered; its document says so, too. */
export function takesIdempotencyKey(
  method: string,
  { access = 'public', isRepeatable }: Pick<FastifyContextConfig, 'access' | 'isRepeatable'> = {},
): boolean {
  return WRITES.has(method) && access !== 'public' && isRepeatable !== true
}

function rememberAnswers(route: RouteOptions, options: IdempotencyOptions): void {
  const { handler } = route
  const { access, allowsClientTokens = false, allowsPeople = false } = route.config ?? {}
  const guarded = { access: access as Exclude<Access, 'public'>, allowsClientTokens, allowsPeople } // as the caller has seen to
  const ask = guardAgain(guarded, options)
  const again = (request: FastifyRequest, reply: FastifyReply) => () =>
    new Promise<void>((resolve, reject) => {
      ask(request, reply, (error) => (error === undefined ? resolve() : reject(error)))
    })
  route.preValidation = [
    ...[route.preValidation ?? []].flat(),
    (request, reply, next) => {
      const header = request.headers['idempotency-key']
      if (header === undefined) return next()
      begin(request, reply, String(header), options, again(request, reply)).then((isReplayed) => {
        if (!isReplayed) next()
      }, next)
    },
  ]
  route.handler = function (request, reply) {
    return request.attempt === undefined
      ? handler.call(this, request, reply)
      : onceMore(() => handler.call(this, request, reply), request, reply, options, again(request, reply))
  }
  route.onSend = [
    ...[route.onSend ?? []].flat(),
    (request, reply, payload, next) => {
      const { attempt } = request
      if (attempt === undefined) return next(null, payload)
      request.attempt = undefined
      const contentType = String(reply.getHeader('content-type') ?? '')
      // A stream can be sent once. What else is sent is the text that a serializer made, or nothing.
      if (typeof payload !== 'string' && payload != null) {
        attempt.abandon()
        return next(null, payload)
      }
      const answer = { status: reply.statusCode, contentType, body: String(payload ?? '') }
      attempt
        .finish(answer)
        .catch((error: unknown) => options.onError(error, request))
        .then(() => next(null, payload))
    },
  ]
}

/** Runs the handler; once more when another try turned out to have had the effect first. */
async function onceMore(
  handle: () => unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: IdempotencyOptions,
  askAgain: () => Promise<void>,
): Promise<unknown> {
  for (;;) {
    try {
      return await handle()
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
      request.attempt?.abandon()
      request.attempt = undefined
      const header = String(request.headers['idempotency-key'])
      if (await begin(request, reply, header, options, askAgain)) return reply
    }
  }
}

/** True when the answer was given again. */
async function begin(
  request: FastifyRequest,
  reply: FastifyReply,
  header: string,
  options: IdempotencyOptions,
  askAgain: () => Promise<void>,
): Promise<boolean> {
  const beganMs = performance.now()
  const found = await options.begin(describe(request, readKey(header)))
  // Who waited for another try may have lost the right to hear of it meanwhile.
  if (performance.now() - beganMs > UNWAITED_MS) {
    try {
      await askAgain()
    } catch (error) {
      if (!('body' in found)) found.abandon()
      throw error
    }
  }
  if ('body' in found) {
    replay(found, request, reply, options)
    return true
  }
  // Who has hung up by now is never handled, and its answer never sent.
  if (!reply.raw.writable) found.abandon()
  else {
    request.attempt = found
    const { principal, person } = request
    if (principal !== undefined) request.principal = of(principal, found)
    if (person !== undefined) request.person = of(person, found)
  }
  return false
}

/** Callers are shared by the requests of a key or a session: this one gets one of its own. */
function of<T extends Principal | Person>(caller: T, once: Once): T {
  return Object.create(caller, { once: { value: once } }) as T // it has all that the caller has
}

function describe(
  { principal, person, method, url, headers, body, routeOptions, sessionToken }: FastifyRequest,
  key: string,
): IdempotentCall {
  const caller = (principal as Principal | undefined) ?? person // routes for persons have no principal
  if (caller === undefined) throw new TypeError(`${method} ${url} got past its guard`)
  const [path = '', ...query] = url.split('?')
  const { answersWithSecret = false } = routeOptions.config
  return {
    caller,
    key,
    method: method === 'PUT' ? 'PATCH' : method,
    path: path.length > 1 ? path.replace(/\/+$/, '') : path,
    query: query.join('?'),
    body: body === undefined ? '' : canonicalJson(body),
    secret: answersWithSecret ? (sessionToken ?? (headers.authorization ?? '').replace(/^\S+ /, '')) : '',
  }
}

/** A string of structured fields (RFC 9651, section 3.3.3), or the same without its quotes. */
function readKey(header: string): string {
  const text = header.trim()
  const inner = /^"(.*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1')
  const key = inner ?? text
  if (KEY.test(key)) return key
  throw invalidField(
    'Idempotency-Key',
    'must be 1 to 255 visible ASCII characters',
    'Send a new UUID for each thing that you do, and the same one when you try it again.',
  )
}

function replay(
  answer: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  options: IdempotencyOptions,
): void {
  const { status, contentType, body } = answer
  if (status >= 400) options.onReplayedFailure(request, status)
  reply.code(status).header('idempotent-replayed', 'true')
  if (contentType !== '') reply.header('content-type', contentType)
  // Byte for byte: nothing writes it anew.
  reply.serializer(String).send(body)
}
