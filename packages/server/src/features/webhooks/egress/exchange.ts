/** One request and its answer, as undici's dispatcher hands it over piece by piece. */
import type { Dispatcher } from 'undici'
import { plainAddress } from '../../../lib/cidr.ts'
import { plainHeader } from '../../../lib/header-text.ts'
import type { Carried, Connection, ReceiverClient } from './connection.ts'
import { AbortedError, explainError, type FailureReason, type Outcome, type Timing } from './outcome.ts'

const KIB = 1024
const MAX_BODY_BYTES = 16 * KIB
const NOTHING = Buffer.alloc(0)

export interface ExchangeOptions {
  /** Host and port, for sentences. */
  subject: string
  /** From `start` to the end of the answer. */
  timeoutMs: number
  /** From when it is made to `start`. */
  waitMs: number
  signal: AbortSignal | undefined
  /** Called once. */
  onSettled: (outcome: Outcome) => void
}

/** Settles once, whatever comes later. A connection whose answer isn't wanted to its end is dropped. */
export class Exchange implements Dispatcher.DispatchHandler, Carried {
  carrier: ReceiverClient | undefined = undefined
  readonly #options: ExchangeOptions
  #startedMs = performance.now()
  #timer: NodeJS.Timeout
  readonly #onAbort = (): void => this.#abort(new AbortedError('The request was aborted.'))
  #controller: Dispatcher.DispatchController | undefined
  #connection: Connection | undefined
  #isReused = false
  #isSettled = false
  #status: number | undefined
  #headers: Record<string, string> = {}
  #chunks: Buffer[] = []
  #bodyBytes = 0

  constructor(options: ExchangeOptions) {
    this.#options = options
    this.#timer = setTimeout(() => this.#giveUpWaiting(), options.waitMs)
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** There is a connection for it, or room for one: its time begins. */
  start(): void {
    clearTimeout(this.#timer)
    this.#startedMs = performance.now()
    this.#timer = setTimeout(() => this.#expire(), this.#options.timeoutMs)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isSettled) {
      controller.abort(new AbortedError('Nobody waits for the answer.'))
      return
    }
    this.#connection = this.carrier?.connection
    if (this.#connection !== undefined) this.#isReused = this.#connection.requests++ > 0
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx: the answer is still to come.
    if (status < 200 || this.#isSettled) return
    this.#status = status
    this.#headers = plainHeaders(headers)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return
    const roomBytes = MAX_BODY_BYTES - this.#bodyBytes
    this.#bodyBytes += chunk.length
    this.#chunks.push(chunk.length > roomBytes ? chunk.subarray(0, roomBytes) : chunk)
    if (chunk.length <= roomBytes) return
    this.#answer(true)
    controller.abort(new AbortedError('The rest isn’t read.'))
  }

  onResponseEnd(): void {
    this.#answer(false)
  }

  onResponseError(_: unknown, error: Error): void {
    this.#failure(explainError(error, this.#options.subject))
  }

  #giveUpWaiting(): void {
    const { subject, waitMs } = this.#options
    const sentence = `All connections for requests of this webhook to ${subject} were in use for ${waitMs / 1000} s; nothing was sent.`
    this.#failure({ reason: 'busy', sentence })
  }

  #expire(): void {
    const { subject, timeoutMs } = this.#options
    const limit = `${timeoutMs / 1000} s`
    this.#failure({ reason: 'timeout', sentence: this.#phase(subject, limit) })
    this.#drop(new AbortedError(`Not within ${limit}.`))
  }

  /** What it was that took too long. */
  #phase(subject: string, limit: string): string {
    if (this.#status !== undefined) {
      return `${subject} answered ${this.#status}, but its answer didn’t end within ${limit}.`
    }
    if (this.#connection !== undefined) return `${subject} didn’t answer within ${limit}.`
    return `${subject} wasn’t resolved and connected to within ${limit}.`
  }

  #abort(error: AbortedError): void {
    this.#failure(explainError(error, this.#options.subject))
    this.#drop(error)
  }

  #drop(error: Error): void {
    if (this.#controller !== undefined) this.#controller.abort(error)
    else this.carrier?.cancelConnect(error)
  }

  #answer(isCut: boolean): void {
    this.#settle({
      kind: 'answered',
      status: this.#status ?? 0,
      headers: this.#headers,
      body: this.#chunks.length === 0 ? NOTHING : Buffer.concat(this.#chunks),
      bodyBytes: this.#bodyBytes,
      isCut,
      timing: this.#timing(),
      address: plainAddress(this.#connection?.address ?? ''),
      isReusedConnection: this.#isReused,
    })
  }

  #failure(failure: { reason: FailureReason; sentence: string }): void {
    const address = this.#connection?.address
    this.#settle({
      kind: 'failed',
      ...failure,
      timing: this.#timing(),
      ...(address === undefined ? {} : { address: plainAddress(address) }),
      isReusedConnection: this.#isReused,
      ...(this.#status === undefined ? {} : { status: this.#status }),
    })
  }

  #timing(): Timing {
    const totalMs = performance.now() - this.#startedMs
    // Without a connection yet: the attempt that is under way, or has failed.
    const { dnsMs, connectMs } =
      (this.#isReused ? undefined : (this.#connection ?? this.carrier?.connection)) ?? {}
    return {
      ...(dnsMs === undefined ? {} : { dnsMs }),
      ...(connectMs === undefined ? {} : { connectMs }),
      totalMs,
    }
  }

  #settle(outcome: Outcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#chunks = []
    this.#options.onSettled(outcome)
  }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: [string, string][] = []
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === 'object' ? value.join(', ') : (value ?? '')
    plain.push([name, plainHeader(text, MAX_BODY_BYTES)])
  }
  return Object.fromEntries(plain)
}
