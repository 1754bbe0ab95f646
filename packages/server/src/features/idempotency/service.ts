/**
 * Requests with an Idempotency-Key: of all tries of one, on whichever server, one has its effect, and all are given the
 * same answer for a day. A try that finds another one at work waits briefly; one that finds an effect without an answer,
 * because the server that had it died, goes on from there.
 */
import type { KeyObject } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../../db/client.ts'
import { listLiveNodes } from '../../db/nodes.ts'
import { ApiError } from '../../errors.ts'
import type { Answer, IdempotentCall } from '../../idempotent-call.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { digest, unseal } from '../../lib/seal.ts'
import { within } from '../../lib/within.ts'
import { callerIdOf, type Person, type Principal } from '../../principal.ts'
import { Attempt } from './attempt.ts'
import { findRequest, type IdempotencyRow, pruneRequests } from './store.ts'

const KEPT_MS = 86_400_000
/** How long a try waits for another one at work before it is told to come back. */
const WAIT_MS = 2_000
const LOOK_INTERVAL_MS = 50
/** No request takes longer: a reply is waited for 60 s at most. */
const LONGEST_MS = 120_000

export interface IdempotencyServiceOptions {
  db: Db
  clock: Clock
  key: KeyObject
  nodeId: Id<'node'>
}

interface Running {
  readonly attempt: Attempt
  readonly sinceMs: number
  readonly over: Promise<void>
}

export class IdempotencyService {
  readonly #options: IdempotencyServiceOptions
  /** Tries that this server works on, by what they are tries of. */
  readonly #running = new Map<string, Running>()

  constructor(options: IdempotencyServiceOptions) {
    this.#options = options
  }

  /**
   * The answer that was given before, or a try to go on with: `finish` or `abandon` must be called. Throws
   * `idempotency_key_reused` when the key came with another request, `idempotency_in_progress` when another try is at
   * work for longer than two seconds, `conflict` when the answer can be read with another secret of the key only.
   */
  async begin(call: IdempotentCall): Promise<Answer | Attempt> {
    const { key } = this.#options
    const environmentId = call.caller.kind === 'person' ? null : call.caller.environmentId
    const id = digest(key, 'id', environmentId ?? '', callerOf(call.caller), call.path, call.key)
    const fingerprint = digest(key, 'request', id, call.method, call.query, call.body)
    const sealKey = digest(key, 'seal', id, call.key, call.secret)
    const name = `${environmentId} ${id.toString('latin1')}`
    const deadlineMs = performance.now() + WAIT_MS
    for (;;) {
      const running = this.#running.get(name)
      if (running !== undefined && performance.now() - running.sinceMs < LONGEST_MS) {
        if (!running.attempt.fingerprint.equals(fingerprint)) throw reused()
        const over = running.over.then(() => true)
        if (!(await within(over, deadlineMs - performance.now(), false))) throw inProgress()
        continue
      }
      const attempt = this.#start(name, {
        environment_id: environmentId,
        id,
        fingerprint,
        sealKey,
      })
      const found = await this.#find(attempt, environmentId, id, sealKey).catch((error: unknown) => {
        attempt.abandon()
        throw error
      })
      if (found === 'new') return attempt
      if (found !== 'under way') {
        attempt.abandon()
        return found
      }
      attempt.abandon()
      if (performance.now() >= deadlineMs) throw inProgress()
      await delay(LOOK_INTERVAL_MS)
    }
  }

  /** Takes away what is older than a day. */
  async prune(): Promise<void> {
    const { db, clock } = this.#options
    while ((await pruneRequests(db, new Date(clock.nowMs() - KEPT_MS))) > 0);
  }

  #start(
    name: string,
    {
      sealKey,
      ...request
    }: Pick<IdempotencyRow, 'environment_id' | 'id' | 'fingerprint'> & { sealKey: Buffer },
  ): Attempt {
    const { db, clock, nodeId } = this.#options
    const nowMs = clock.nowMs()
    const over = Promise.withResolvers<void>()
    const attempt = new Attempt({
      db,
      row: { ...request, node_id: nodeId, created_at: new Date(nowMs) },
      sealKey,
      notBefore: new Date(nowMs - KEPT_MS),
      onOver: () => {
        if (this.#running.get(name)?.attempt === attempt) this.#running.delete(name)
        over.resolve()
      },
    })
    this.#running.set(name, { attempt, sinceMs: performance.now(), over: over.promise })
    return attempt
  }

  /** What became of earlier tries. `new` also when one had its effect and no answer: the attempt goes on from there. */
  async #find(
    attempt: Attempt,
    environmentId: Id<'env'> | null,
    id: Buffer,
    sealKey: Buffer,
  ): Promise<Answer | 'new' | 'under way'> {
    const { db, clock } = this.#options
    const row = await findRequest(db, environmentId, id, new Date(clock.nowMs() - KEPT_MS))
    if (row === undefined) return 'new'
    if (!row.fingerprint.equals(attempt.fingerprint)) throw reused()
    if (row.answer !== null) {
      const body = unseal(sealKey, 'answer', row.answer)?.toString('utf8')
      if (body === undefined) throw unreadable()
      // Written with the answer, as the table demands for the status.
      return { status: row.status ?? 200, contentType: row.content_type ?? '', body }
    }
    if (await this.#isUnderWay(row)) return 'under way'
    // A row without an answer has an outcome: both are written by one transaction.
    const outcome = unseal(sealKey, 'outcome', row.outcome ?? Buffer.alloc(0))
    if (outcome === undefined) throw unreadable()
    attempt.resume(outcome)
    return 'new'
  }

  /** Whether the server that had the effect still works on the answer. */
  async #isUnderWay({ node_id: nodeId, created_at: createdAt }: IdempotencyRow): Promise<boolean> {
    const { db, clock, nodeId: own } = this.#options
    // Of its own tries this server knows which are at work.
    if (nodeId === own || clock.nowMs() - createdAt.getTime() > LONGEST_MS) return false
    return (await listLiveNodes(db)).includes(nodeId)
  }
}

/** Tries belong together when they come from one key, member or person, or from pages that act for one customer. */
function callerOf(caller: Principal | Person): string {
  if (caller.kind === 'person') return caller.userId
  if (caller.kind !== 'client_token') return callerIdOf(caller)
  const { subject } = caller
  return `${caller.keyId} ${subject.kind === 'contact' ? subject.contactId : subject.conversationId}`
}

function reused(): ApiError {
  return new ApiError('idempotency_key_reused', { param: 'Idempotency-Key' })
}

function inProgress(): ApiError {
  return new ApiError('idempotency_in_progress', {
    param: 'Idempotency-Key',
    headers: { 'retry-after': '1' },
  })
}

function unreadable(): ApiError {
  return new ApiError('conflict', {
    error: 'This request was made before, with another secret of the key',
    hint: 'Its answer holds a secret and can be read again only with the secret that the request was made with. What it did is done: look it up, or make a new request under another Idempotency-Key.',
    param: 'Idempotency-Key',
  })
}
