/**
 * Questions that wait for each other by name, and for no other name: one is asked at a time, for all that came while
 * the one before was under way, the latest first where they don't fit in one. So who comes last waits for two at most,
 * however many wait already, and a name takes one connection.
 */

/** Asked in one go at most; more are the next ones. */
const MAX_BATCH = 500

interface Waiting<K, V> {
  readonly key: K
  readonly resolve: (value: V | undefined) => void
  readonly reject: (error: unknown) => void
}

export class Batches<K, V> {
  /** Holds nothing of a name that nobody waits for. */
  readonly #waiting = new Map<string, Waiting<K, V>[]>()
  readonly #ask: (keys: readonly K[]) => Promise<readonly (V | undefined)[]>

  /** `ask` answers in the order of the keys, undefined for what there isn't. */
  constructor(ask: (keys: readonly K[]) => Promise<readonly (V | undefined)[]>) {
    this.#ask = ask
  }

  find(name: string, key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      const one = { key, resolve, reject }
      const others = this.#waiting.get(name)
      if (others !== undefined) {
        others.push(one)
        return
      }
      const waiting = [one]
      this.#waiting.set(name, waiting)
      void this.#work(name, waiting)
    })
  }

  async #work(name: string, waiting: Waiting<K, V>[]): Promise<void> {
    while (waiting.length > 0) {
      // The latest first: who floods waits behind what came since.
      const batch = waiting.splice(-MAX_BATCH)
      try {
        const values = await this.#ask(batch.map(({ key }) => key))
        for (const [index, { resolve }] of batch.entries()) resolve(values[index])
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#waiting.delete(name)
  }
}
