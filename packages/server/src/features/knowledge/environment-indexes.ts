/**
 * Asks the knowledge thread, and gives it the sources of an environment when it has no index of their current version.
 * This side reads the database; building and searching happen over there.
 */
import { LRUCache } from 'lru-cache'
import type { Db } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Id } from '../../lib/ids.ts'
import type { Answer } from './answer.ts'
import type { Hit, IndexedSource } from './knowledge-index.ts'
import * as store from './store.ts'
import { type Culprit, WorkerHost, type WorkerLimits, WorkerLostError } from './worker-host.ts'
import type { BuildRequest, WorkerReply, WorkerRequest } from './worker-protocol.ts'

export interface EnvironmentIndexesOptions {
  db: Db
  /** Hears why an environment's sources can't be searched, or why the thread ended. */
  onProblem: (error: Error) => void
  limits?: Partial<WorkerLimits>
}

type Found = Exclude<WorkerReply, { kind: 'missing' | 'failed' }>

const MAX_REFUSED = 10_000
/** Then it is tried again: a machine that was overloaded or asleep may have been to blame. */
const REFUSED_FOR_MS = 3_600_000
/** Threads that may end for the sake of other environments while a question waits. */
const MAX_LOSSES = 2

export class EnvironmentIndexes {
  readonly #db: Db
  readonly #host: WorkerHost
  readonly #onProblem: (error: Error) => void
  readonly #builds = new Map<Id<'env'>, Promise<void>>()
  /** Builds run one by one, so that the rows of one environment at a time are in this side's memory. */
  #lastBuild: Promise<void> = Promise.resolve()
  /** The version up to which an environment's sources are not tried again. */
  readonly #refused = new LRUCache<Id<'env'>, number>({ max: MAX_REFUSED, ttl: REFUSED_FOR_MS })

  constructor({ db, onProblem, limits = {} }: EnvironmentIndexesOptions) {
    this.#db = db
    this.#onProblem = onProblem
    this.#host = new WorkerHost({ limits, onLost: (error) => this.#refuse(error.culprit, error) })
  }

  /** The best quotes first. Throws `unavailable` when the sources can't be searched within the limits. */
  async search(environmentId: Id<'env'>, query: string, limit: number): Promise<readonly Hit[]> {
    const found = await this.#ask(environmentId, (version) => ({
      kind: 'search',
      environmentId,
      version,
      query,
      limit,
    }))
    return found.kind === 'found' ? found.hits : []
  }

  /** Undefined when the sources don't cover the question. Throws as search() does. */
  async answer(environmentId: Id<'env'>, question: string): Promise<Answer | undefined> {
    const found = await this.#ask(environmentId, (version) => ({
      kind: 'answer',
      environmentId,
      version,
      question,
    }))
    return found.kind === 'answered' ? found.answer : undefined
  }

  /** Ends the thread; what waits for it fails. A later question starts another thread. */
  close(): Promise<void> {
    return this.#host.close()
  }

  async #ask(environmentId: Id<'env'>, request: (version: number) => WorkerRequest): Promise<Found> {
    // Read before the thread is asked: what was written before the call is in this version, and so in the answer.
    const version = await store.readVersion(this.#db, environmentId)
    for (let losses = 0; ; ) {
      this.#throwIfRefused(environmentId, version)
      try {
        const reply = await this.#host.ask(request(version))
        if (reply.kind === 'failed') throw new Error(`The knowledge thread failed: ${reply.message}`)
        if (reply.kind !== 'missing') return reply
        // A build that began before this call may be of an older version: then the thread says so again.
        await (this.#builds.get(environmentId) ?? this.#startBuild(environmentId))
      } catch (error) {
        if (!(error instanceof WorkerLostError)) throw error
        losses++
        if (error.culprit === undefined || losses > MAX_LOSSES) {
          throw new ApiError('unavailable', { error: error.message, hint: 'Try again in a moment.' })
        }
      }
    }
  }

  #startBuild(environmentId: Id<'env'>): Promise<void> {
    const build = this.#lastBuild
      .then(() => this.#build(environmentId))
      .finally(() => this.#builds.delete(environmentId))
    this.#builds.set(environmentId, build)
    this.#lastBuild = build.catch(() => undefined)
    return build
  }

  async #build(environmentId: Id<'env'>): Promise<void> {
    const { version, rows } = await this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => ({
        version: await store.readVersion(tx, environmentId),
        rows: await store.listSourcesForIndex(tx, environmentId),
      }))
    const request: BuildRequest = {
      kind: 'build',
      environmentId,
      version,
      sources: rows.map(toIndexedSource),
      characters: rows.reduce((sum, row) => sum + row.characters, 0),
    }
    const reply = await this.#host.ask(request)
    if (reply.kind === 'failed') this.#refuse(request, new Error(`Index not built: ${reply.message}`))
  }

  #refuse(culprit: Culprit | undefined, error: Error): void {
    if (culprit !== undefined) this.#refused.set(culprit.environmentId, culprit.version)
    this.#onProblem(error)
  }

  #throwIfRefused(environmentId: Id<'env'>, version: number): void {
    const refused = this.#refused.get(environmentId)
    if (refused === undefined || refused < version) return
    throw new ApiError('unavailable', {
      error: 'The knowledge of this environment takes too long or too much memory to search',
      hint: 'The newest source is too complex: shorten it or remove it, then search again.',
    })
  }
}

function toIndexedSource(row: store.SourceForIndexRow): IndexedSource {
  const { id, type, title, content, url } = row
  return { id, type, title, content, url, alternateQuestions: row.alternate_questions }
}
