/**
 * Transactions that are tried again when PostgreSQL ended them for the sake of another one, and those that happen once
 * however often their request is sent.
 */
import type { Db, Tx } from './client.ts'

/** Deadlock detected, serialization failure: nothing was written, and the same work most likely succeeds now. */
const RETRYABLE = new Set(['40P01', '40001'])
const TRIES = 4

const afterCommits = new WeakMap<Tx, Set<() => void>>()

/** Calls this once the transaction has committed, and never when it doesn't. Of `transact`'s transactions alone. */
export function onCommit(tx: Tx, call: () => void): void {
  const calls = afterCommits.get(tx)
  if (calls === undefined) afterCommits.set(tx, new Set([call]))
  else calls.add(call)
}

/** Runs the work in a transaction. It may run more than once, so it must have no effect outside of it. */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    let committed: Tx | undefined
    let result: T
    try {
      result = await db.transaction().execute((tx) => {
        committed = tx
        return work(tx)
      })
    } catch (error) {
      if (tries === TRIES || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error
      continue
    }
    if (committed !== undefined) for (const call of afterCommits.get(committed) ?? []) call()
    return result
  }
}

/** A request with an Idempotency-Key: of all tries of it, one has an effect. */
export interface Once {
  /** True once an earlier try turns out to have had the effect. What comes after it is done again; the effect isn't. */
  readonly isRepeat: boolean
  /** Runs the work in a transaction that also records its result; in a repeat, returns the recorded result instead. */
  run<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T>
}

/** Thrown by `Once.run` when another try of the same request committed its effect first: begin again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/**
 * The one transaction in which a request has its effect. As `transact`; and when the request has an Idempotency-Key the
 * key is written with the effect, so that neither is there without the other. All that an answer needs and that isn't
 * the same in each try (ids, secrets) must be in the result, which must be cloneable (`structuredClone`).
 */
export function transactOnce<T>(
  db: Db,
  { once }: { readonly once?: Once | undefined },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return once === undefined ? transact(db, work) : once.run(db, work)
}
