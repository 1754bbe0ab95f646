/** Work that is done again and again, never twice at once. */
export interface RepeatingOptions {
  work: () => Promise<void>
  /** From the end of one run to the beginning of the next. */
  intervalMs: number
  onError: (error: unknown) => void
}

export class Repeating {
  readonly #options: RepeatingOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(options: RepeatingOptions) {
    this.#options = options
  }

  /** The first run begins after one interval. */
  start(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#running = this.#options
        .work()
        .catch(this.#options.onError)
        .then(() => this.start())
    }, this.#options.intervalMs).unref()
  }

  /** Resolves when a run that is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }
}
