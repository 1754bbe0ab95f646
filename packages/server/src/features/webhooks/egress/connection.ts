/**
 * How a connection to a receiver is made: every address is judged before anything is sent to it, each time a connection
 * is made. What is judged is what is connected to; there is no second look into the DNS in between (rebinding).
 */
import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction, Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import { BusyError, ForbiddenAddressError, ResolveError } from './outcome.ts'
import type { EgressPolicy } from './policy.ts'
import { isResolverBusy, type Resolver, resolveProblem } from './resolver.ts'

/** One attempt to connect and, when it succeeds, the connection. */
export interface Connection {
  dnsMs?: number
  connectMs?: number
  address?: string
  requests: number
}

export interface ConnectionOptions {
  policy: EgressPolicy
  resolver: Resolver
  connectTimeoutMs: number
}

/** What a request wants to know of who carries it. */
export interface Carried {
  carrier: ReceiverClient | undefined
}

/** Of one client: what it connects with now. */
interface State {
  connection: Connection
  socket?: Socket
}

/** A client of undici holds one connection at a time. It tells each request which one that is. */
export class ReceiverClient extends Client {
  readonly #state: State

  constructor(origin: URL, clientOptions: Client.Options, options: ConnectionOptions) {
    const state: State = { connection: { requests: 0 } }
    super(origin, { ...clientOptions, connect: guardedConnector(options, origin, state) })
    this.#state = state
  }

  get connection(): Connection {
    return this.#state.connection
  }

  /** The one request that the connection is being made for doesn't want it any more. */
  cancelConnect(reason: Error): void {
    this.#state.socket?.destroy(reason)
  }

  override dispatch(...[options, handler]: Parameters<Client['dispatch']>): boolean {
    if (isCarried(handler)) handler.carrier = this
    return super.dispatch(options, handler)
  }
}

function isCarried(handler: object): handler is Carried {
  return 'carrier' in handler
}

function guardedConnector(
  { policy, resolver, connectTimeoutMs }: ConnectionOptions,
  origin: URL,
  state: State,
): buildConnector.connector {
  const port = origin.port === '' ? (origin.protocol === 'https:' ? 443 : 80) : Number(origin.port)
  const connect = buildConnector({
    allowH2: false,
    timeout: connectTimeoutMs,
    // Said here, NODE_TLS_REJECT_UNAUTHORIZED=0 doesn't change it.
    rejectUnauthorized: true,
    lookup: guardedLookup(policy, resolver, port, state),
  })
  return (options, callback) => {
    const connection: Connection = { requests: 0 }
    state.connection = connection
    // Node looks up names only.
    if (isIP(options.hostname) !== 0) {
      const judged = policy.judge(options.hostname, port)
      if (judged.verdict === 'forbidden') {
        const sentence = policy.explainForbidden(options.hostname, port, judged.reason)
        queueMicrotask(() => callback(new ForbiddenAddressError(sentence), null))
        return
      }
    }
    const startedMs = performance.now()
    const socket: unknown = connect(options, (...[error, connected]) => {
      if (error !== null) return callback(error, null)
      connection.connectMs = performance.now() - startedMs - (connection.dnsMs ?? 0)
      connection.address = connected.remoteAddress ?? ''
      callback(null, connected)
    })
    if (socket instanceof Socket) state.socket = socket
  }
}

/** One forbidden address among several is enough: a receiver has no reason to have one. */
function guardedLookup(policy: EgressPolicy, resolver: Resolver, port: number, state: State): LookupFunction {
  return (hostname, options, callback) => {
    const { connection } = state
    const startedMs = performance.now()
    const answer = async (): Promise<LookupAddress[]> => {
      const addresses = await resolver.resolve(hostname).catch((error: unknown) => {
        const sentence = `${hostname} ${resolveProblem(error)}.`
        throw isResolverBusy(error) ? new BusyError(sentence) : new ResolveError(sentence)
      })
      connection.dnsMs = performance.now() - startedMs
      return judgedAddresses(policy, hostname, port, addresses)
    }
    answer().then(
      (found) => {
        // Node asks for all, to try one after the other (RFC 8305), unless told otherwise on its command line.
        if (options.all === true) callback(null, found)
        else callback(null, found[0]?.address ?? '', found[0]?.family ?? 4)
      },
      (error: Error) => callback(error, []),
    )
  }
}

function judgedAddresses(
  policy: EgressPolicy,
  hostname: string,
  port: number,
  addresses: readonly string[],
): LookupAddress[] {
  if (addresses.length === 0) throw new ResolveError(`${hostname} has no address in the DNS.`)
  return addresses.map((address) => {
    const judged = policy.judge(address, port)
    if (judged.verdict === 'allowed') return { address, family: isIP(address) }
    const sentence = policy.explainForbidden(address, port, judged.reason, hostname)
    throw new ForbiddenAddressError(sentence)
  })
}
