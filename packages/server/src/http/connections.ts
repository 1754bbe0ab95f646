/**
 * How many connections there are at once. At the limit a new one takes the place of the one that has waited longest
 * without a request under way; when all are busy it is answered 503 and closed. Every step is O(1), so that a flood of
 * connections costs no more for each than a few do.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** So long a refused client may take to read its answer: closing sooner, with its request unread, would discard it. */
const LINGER_MS = 1_000
/** So many refused clients get that time at once; more are closed as soon as their answer is written. */
const MAX_LINGERING = 256
/** So many of those who hung up are cleared away in one turn of the event loop. */
const DROPS_PER_TURN = 16

export interface ConnectionsOptions {
  /** 1 or more. */
  max: number
  /** The whole answer to a client that finds no place: status line, headers and body. */
  refusal: () => string
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
  /** Under way; clients may send the next before the last is answered (RFC 9112, section 9.3.2). */
  requests = 0

  constructor(socket: Socket) {
    super()
    this.socket = socket
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
    if (this.#open >= this.#options.max && !this.#evict()) {
      this.#refuse(socket)
      return
    }
    const connection = new Connection(socket)
    ;(socket as CountedSocket)[CONNECTION] = connection
    this.#open += 1
    this.#append(connection)
    socket.once('close', () => this.#forget(socket))
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
    remove(connection)
  }
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
