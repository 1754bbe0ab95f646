/**
 * The server's side of the knowledge thread: starts it when something is asked, hands it one request at a time, and
 * ends it when one takes too long, so that neither a slow index nor a huge one is the server's problem.
 *
 * The thread is one queue. A question whose index is kept waits for what stands before it: one build, since builds
 * come one by one (30 s at worst), and the questions asked earlier (5 s each at worst, a few milliseconds each as a
 * rule). One whose index is not kept also waits for the builds asked for earlier. What reached a limit once is
 * refused from then on (environment-indexes.ts), so an environment costs the others such a wait once per change.
 */
import { Worker } from 'node:worker_threads'
import type { RequestMessage, WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts'

export interface WorkerLimits {
  /** One build of one environment's index. */
  buildMs: number
  queryMs: number
  /** Of the thread's JavaScript heap; beyond it the thread dies and the server lives on. */
  heapMb: number
}

const START_LIMIT_MS = 30_000
const BUILD_LIMIT_MS = 30_000
const QUERY_LIMIT_MS = 5_000
const HEAP_LIMIT_MB = 1_024

/** Whose sources, and of which version, were being worked on. */
export type Culprit = Pick<WorkerRequest, 'environmentId' | 'version'>

/** The thread ended before it replied. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError'
  /** What it was working on; undefined when that was nothing, or the host was closed. */
  readonly culprit: Culprit | undefined

  constructor(reason: string, request?: WorkerRequest) {
    super(`The knowledge thread ended: ${reason}`)
    // The request itself would bring what the environment knows into the log.
    this.culprit = request && { environmentId: request.environmentId, version: request.version }
  }
}

export interface WorkerHostOptions {
  /** Hears of each thread that died or was ended for what it did. */
  onLost: (error: WorkerLostError) => void
  limits?: Partial<WorkerLimits>
}

interface Job {
  readonly request: WorkerRequest
  readonly resolve: (reply: WorkerReply) => void
  readonly reject: (error: WorkerLostError) => void
}

interface Thread {
  readonly worker: Worker
  isReady: boolean
}

export class WorkerHost {
  readonly #limits: WorkerLimits
  readonly #onLost: (error: WorkerLostError) => void
  #thread: Thread | undefined
  #current: Job | undefined
  #currentId = 0
  #waiting: Job[] = []
  #timer: NodeJS.Timeout | undefined

  constructor({ onLost, limits = {} }: WorkerHostOptions) {
    this.#limits = { buildMs: BUILD_LIMIT_MS, queryMs: QUERY_LIMIT_MS, heapMb: HEAP_LIMIT_MB, ...limits }
    this.#onLost = onLost
  }

  /** Rejects with a WorkerLostError, at once for all who wait, when the thread ends before the reply. */
  ask(request: WorkerRequest): Promise<WorkerReply> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>()
    this.#waiting.push({ request, resolve, reject })
    if (this.#thread === undefined) this.#start()
    this.#next()
    return promise
  }

  /** Ends the thread and what it works on. A later question starts another. */
  async close(): Promise<void> {
    const thread = this.#thread
    this.#forget(new WorkerLostError('it was closed'))
    await thread?.worker.terminate()
  }

  #start(): void {
    const worker = new Worker(new URL('./worker-thread.ts', import.meta.url), {
      name: 'knowledge',
      // It has no use for the secrets in the server's environment, or for the flags of what the server runs under.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb },
    })
    const thread: Thread = { worker, isReady: false }
    this.#thread = thread
    worker.unref()
    worker.on('message', (message: WorkerMessage) => this.#hear(thread, message))
    worker.on('error', (error) => this.#lose(thread, String(error)))
    worker.on('exit', (code) => this.#lose(thread, `exit code ${code}`))
    this.#arm(thread, START_LIMIT_MS, 'it did not start')
  }

  #hear(thread: Thread, message: WorkerMessage): void {
    if (thread !== this.#thread) return
    if (message.kind === 'ready') {
      clearTimeout(this.#timer)
      thread.isReady = true
    } else if (message.requestId === this.#currentId) {
      clearTimeout(this.#timer)
      this.#current?.resolve(message.reply)
      this.#current = undefined
    }
    this.#next()
  }

  #next(): void {
    const thread = this.#thread
    if (thread?.isReady !== true || this.#current !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    const { request } = job
    const limitMs = request.kind === 'build' ? this.#limits.buildMs : this.#limits.queryMs
    this.#current = job
    this.#currentId++
    this.#arm(thread, limitMs, `its ${request.kind} took longer than ${limitMs} ms`)
    const message: RequestMessage = { requestId: this.#currentId, request }
    thread.worker.postMessage(message)
  }

  /** Ends the thread unless what it does now, starting or the current job, is done within the limit. */
  #arm(thread: Thread, limitMs: number, reason: string): void {
    const job = this.#current
    const isStillAtIt = (): boolean =>
      thread === this.#thread && job === this.#current && (job !== undefined || !thread.isReady)
    // A server that was busy itself hears first, until the next turn of its loop, what the thread said meanwhile.
    const end = (): void => void (isStillAtIt() && this.#lose(thread, reason))
    this.#timer = setTimeout(() => setImmediate(end), limitMs).unref()
  }

  #lose(thread: Thread, reason: string): void {
    if (thread !== this.#thread) return
    const error = new WorkerLostError(reason, this.#current?.request)
    this.#onLost(error)
    this.#forget(error)
    void thread.worker.terminate()
  }

  #forget(error: WorkerLostError): void {
    clearTimeout(this.#timer)
    const jobs = this.#current === undefined ? this.#waiting : [this.#current, ...this.#waiting]
    this.#thread = undefined
    this.#current = undefined
    this.#waiting = []
    for (const { reject } of jobs) reject(error)
  }
}
