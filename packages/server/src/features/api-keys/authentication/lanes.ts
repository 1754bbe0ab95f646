/** Work that waits for each other by name, and for no other name. Holds nothing of a name whose work is done. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>()

  /** Begins when all earlier work of this name has ended, however it ended. */
  enter<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name) ?? Promise.resolve()
    const result = before.then(work, work)
    const tail: Promise<void> = result.then(
      () => this.#leave(name, tail),
      () => this.#leave(name, tail),
    )
    this.#tails.set(name, tail)
    return result
  }

  #leave(name: string, tail: Promise<unknown>): void {
    if (this.#tails.get(name) === tail) this.#tails.delete(name)
  }
}
