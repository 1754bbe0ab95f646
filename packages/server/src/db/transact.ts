/** Transactions that are tried again when PostgreSQL ended them for the sake of another one. */
import type { Db, Tx } from './client.ts'

/** Deadlock detected, serialization failure: nothing was written, and the same work most likely succeeds now. */
const RETRYABLE = new Set(['40P01', '40001'])
const TRIES = 4

/** Runs the work in a transaction. It may run more than once, so it must have no effect outside of it. */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (tries === TRIES || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error
    }
  }
}
