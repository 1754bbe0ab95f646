/**
 * How many connections there are at once. At the limit a new one takes the place of the one that has waited longest
 * without a request under way; when all are busy, or its group of addresses has its share, it is answered 503 and
 * closed. Every step is O(1), so that a flood of
 * connections costs no more for each than a few do.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { addressGroup } from '../lib/address-group.ts'
import { AddressList, plainAddress } from '../lib/cidr.ts'

/** So long a refused client may take to read its answer: closing sooner, with its request unread, would discard it. */
const LINGER_MS = 1_000
/** So many refused clients get that time at once; more are closed as soon as their answer is written. */
const MAX_LINGERING = 256
/** So many of those who hung up are cleared away in one turn of the event loop. */
const DROPS_PER_TURN = 16
/** This machine, private networks, and links (RFC 1918, RFC 3927, RFC 4193, RFC 4291). */
const NEAR = new AddressList([
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
])

export interface ConnectionsOptions {
  /** 1 or more. */
  max: number
  /** The whole answer to a client that finds no place: status line, headers and body. */
  refusal: () => string
  /** Nobody may hold all places: so many for each group. Left out: no limit. */
  maxPerGroup?: number
  /** By whom the places of a client are counted; undefined: by nobody. Left out: see `partyOf`. */
  groupOf?: (address: string) => string | undefined
}

/** Requests that were answered, by the first digit of their status, and those that got no answer at all. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'none'

const CLASSES: readonly StatusClass[] = ['none', '1xx', '2xx', '3xx', '4xx', '5xx']

/** In a ring of places; alone in it, it is its own neighbour. */
class Place {
  before: Place = this
  after: Place = this
}

/** One of those that count. */
class Connection extends Place {
  readonly socket: Socket
  readonly group: string | undefined
  /** Under way; clients may send the next before the last is answered (RFC 9112, section 9.3.2). */
  requests = 0

  constructor(socket: Socket, group: string | undefined) {
    super()
    this.socket = socket
    this.group = group
  }
}

const CONNECTION = Symbol('connection')

/** Nothing but its connection is kept with a socket. */
interface CountedSocket {
  [CONNECTION]?: Connection | undefined
}

export class Connections {
  readonly #options: ConnectionsOptions
  /** Where the ring of those that wait begins and ends: the first after it has waited longest. */
  readonly #waiting = new Place()
  readonly #refused = new Set<Socket>()
  readonly #dropped: Socket[] = []
  readonly #requests = new Map<StatusClass, number>(CLASSES.map((name) => [name, 0]))
  readonly #openByGroup = new Map<string, number>()
  #open = 0
  #refusedCount = 0
  #evictedCount = 0

  constructor(server: Server, options: ConnectionsOptions) {
    this.#options = options
    server.on('connection', (socket) => this.#admit(socket))
    // Before the listener that answers: an answer that is written at once is still one under way.
    server.prependListener('request', this.#begin)
  }

  /** Now, without those that are being refused. */
  get open(): number {
    return this.#open
  }

  /** Since the start: new ones that found no place. */
  get refused(): number {
    return this.#refusedCount
  }

  /** Since the start: those that made room for a new one. */
  get evicted(): number {
    return this.#evictedCount
  }

  /** Requests since the start, each counted when its answer was written or its client left. */
  get requestsByStatus(): ReadonlyMap<StatusClass, number> {
    return this.#requests
  }

  /** Ends those that were opened ahead of a request that never came, and those that are being refused. */
  closeUnused(): void {
    for (const socket of this.#refused) socket.destroy()
    for (let place = this.#waiting.after; place instanceof Connection; place = place.after)
      if (place.socket.bytesRead === 0) place.socket.destroy()
  }

  /**
   * Ends that of a client who hung up in the middle of a request. Hundreds may do so at once, as at the end of an
   * attack: they are cleared away a few at a time, so that the requests of others come in between.
   */
  drop(socket: Socket): void {
    this.#dropped.push(socket)
    if (this.#dropped.length === 1) setImmediate(this.#dropSome)
  }

  readonly #dropSome = (): void => {
    for (const socket of this.#dropped.splice(0, DROPS_PER_TURN)) socket.destroy()
    if (this.#dropped.length > 0) setImmediate(this.#dropSome)
  }

  #admit(socket: Socket): void {
    const group = this.#groupOf(socket)
    if (this.#isGroupFull(group) || (this.#open >= this.#options.max && !this.#evict())) {
      this.#refuse(socket)
      return
    }
    const connection = new Connection(socket, group)
    this.#countGroup(group, 1)
    ;(socket as CountedSocket)[CONNECTION] = connection
    this.#open += 1
    this.#append(connection)
    socket.once('close', () => this.#forget(socket))
  }

  #groupOf({ remoteAddress }: Socket): string | undefined {
    const { maxPerGroup, groupOf = partyOf } = this.#options
    return maxPerGroup === undefined || remoteAddress === undefined ? undefined : groupOf(remoteAddress)
  }

  #isGroupFull(group: string | undefined): boolean {
    const { maxPerGroup } = this.#options
    return group !== undefined && maxPerGroup !== undefined && this.#openOf(group) >= maxPerGroup
  }

  #openOf(group: string): number {
    return this.#openByGroup.get(group) ?? 0
  }

  #countGroup(group: string | undefined, change: 1 | -1): void {
    if (group === undefined) return
    const open = this.#openOf(group) + change
    if (open === 0) this.#openByGroup.delete(group)
    else this.#openByGroup.set(group, open)
  }

  /** False when all are busy. */
  #evict(): boolean {
    const longest = this.#waiting.after
    if (!(longest instanceof Connection)) return false
    this.#evictedCount += 1
    this.#forget(longest.socket)
    longest.socket.destroy()
    return true
  }

  #refuse(socket: Socket): void {
    this.#refusedCount += 1
    // It is no request of ours any more: what the client sends is read so that it can go on, and dropped. Node's parser
    // lets go of a socket that others listen to.
    socket.removeAllListeners('data')
    socket.on('data', () => undefined)
    socket.on('error', () => undefined)
    if (this.#refused.size >= MAX_LINGERING) {
      socket.write(this.#options.refusal())
      socket.destroySoon()
      return
    }
    this.#refused.add(socket)
    const cut = setTimeout(() => socket.destroy(), LINGER_MS)
    socket.once('end', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(cut)
      this.#refused.delete(socket)
    })
    socket.end(this.#options.refusal())
  }

  readonly #begin = (request: IncomingMessage, response: ServerResponse): void => {
    const connection = (request.socket as CountedSocket)[CONNECTION]
    if (connection === undefined) return
    connection.requests += 1
    if (connection.requests === 1) remove(connection)
    response.on('close', this.#end)
  }

  readonly #end = onItself((response) => {
    this.#count(response)
    const connection = (response.req.socket as CountedSocket)[CONNECTION]
    if (connection === undefined) return
    connection.requests -= 1
    if (connection.requests === 0) this.#append(connection)
  })

  #count({ headersSent, statusCode }: ServerResponse): void {
    const name = (headersSent ? CLASSES[Math.floor(statusCode / 100)] : undefined) ?? 'none'
    this.#requests.set(name, (this.#requests.get(name) ?? 0) + 1)
  }

  #append(connection: Connection): void {
    const last = this.#waiting.before
    connection.before = last
    connection.after = this.#waiting
    last.after = connection
    this.#waiting.before = connection
  }

  #forget(socket: Socket): void {
    const connection = (socket as CountedSocket)[CONNECTION]
    if (connection === undefined) return
    ;(socket as CountedSocket)[CONNECTION] = undefined
    this.#open -= 1
    this.#countGroup(connection.group, -1)
    remove(connection)
  }
}

/** Its group of addresses. Behind an address of a private network or of this machine may be a proxy for all the world. */
export function partyOf(address: string): string | undefined {
  return NEAR.includes(plainAddress(address)) ? undefined : addressGroup(address)
}

/** From its ring, if it is in one with others. */
function remove(place: Place): void {
  place.before.after = place.after
  place.after.before = place.before
  place.before = place
  place.after = place
}

/** One listener for all answers, which finds out by what it is called on whose end it is. */
function onItself(listener: (response: ServerResponse) => void) {
  return function listen(this: ServerResponse): void {
    listener(this)
  }
}
