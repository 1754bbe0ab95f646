/** One try of a request with an Idempotency-Key: its effect and the key commit together, and later its answer is kept. */
import { deserialize, serialize } from 'node:v8'
import type { Db, Tx } from '../../db/client.ts'
import { type Once, Overtaken, transact } from '../../db/transact.ts'
import type { Answer } from '../../idempotent-call.ts'
import { seal } from '../../lib/seal.ts'
import { claimRequest, keepAnswer, keepOutcome, type NewRequest } from './store.ts'

export interface AttemptOptions {
  db: Db
  row: NewRequest
  sealKey: Buffer
  /** Rows from then or before are as good as gone. */
  notBefore: Date
  /** Called once, when the try is over. */
  onOver: () => void
}

export class Attempt implements Once {
  readonly #options: AttemptOptions
  /** What an earlier try returned. */
  #recorded: { readonly value: unknown } | undefined
  #hasRun = false
  #isOver = false

  constructor(options: AttemptOptions) {
    this.#options = options
  }

  get fingerprint(): Buffer {
    return this.#options.row.fingerprint
  }

  get isRepeat(): boolean {
    return this.#recorded !== undefined
  }

  /** Goes on where an earlier try, whose answer was never given, had its effect. `outcome` is what `run` recorded. */
  resume(outcome: Buffer): void {
    this.#recorded = { value: deserialize(outcome) }
  }

  async run<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
    // Two effects of one request could be torn apart by a crash: a service must have them in one transaction.
    if (this.#hasRun) throw new Error('a request with an Idempotency-Key had a second transaction')
    this.#hasRun = true
    // Recorded by this very call of this very service, as `resume` says.
    if (this.#recorded !== undefined) return this.#recorded.value as T
    const { row, sealKey, notBefore } = this.#options
    return transact(db, async (tx) => {
      if (!(await claimRequest(tx, row, notBefore))) throw new Overtaken()
      const result = await work(tx)
      await keepOutcome(tx, row.environment_id, row.id, seal(sealKey, 'outcome', serialize(result)))
      return result
    })
  }

  /** Keeps the answer if it is one to be given again, and lets other tries go on. */
  async finish({ status, contentType, body }: Answer): Promise<void> {
    try {
      if (!isKept(status)) return
      const { db, row, sealKey, notBefore } = this.#options
      const answer = { status, content_type: contentType, answer: seal(sealKey, 'answer', body) }
      await keepAnswer(db, row, answer, notBefore)
    } finally {
      this.abandon()
    }
  }

  /** Other tries go on; what this one has committed they find. */
  abandon(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.onOver()
  }
}

/**
 * What the work answered. Refusals and what is to be tried again (429, 5xx) are not: nothing was done, or what was done
 * is found by the next try. Neither is 400: a request that isn't valid may be corrected under the same key.
 */
function isKept(status: number): boolean {
  return (status >= 200 && status < 300) || status === 404 || status === 409 || status === 410
}
