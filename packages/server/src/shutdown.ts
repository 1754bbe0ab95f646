/**
 * Stopping by signal, from the first moment on: a signal that comes while the server starts stops it as soon as what
 * is being opened is open, so that nothing is left running.
 */
import { closeAll } from './lib/close-all.ts'

/** After that, whatever still hangs is left behind. */
const LIMIT_MS = 60_000

export class Shutdown {
  readonly #closers: (() => Promise<void>)[] = []
  #isRequested = false
  #isReady = false

  constructor() {
    const request = (): void => {
      if (this.#isRequested) return
      this.#isRequested = true
      process.stdout.write('Stopping: answering what is under way …\n')
      setTimeout(() => process.exit(1), LIMIT_MS).unref()
      if (this.#isReady) this.#stop()
    }
    process.on('SIGINT', request)
    process.on('SIGTERM', request)
    process.on('SIGHUP', request)
    // Started through scripts/run.mjs on another Node: when that process dies, this one stops too.
    if (process.channel !== undefined) process.on('disconnect', request)
  }

  /** What to close at the end, last opened first. */
  add(close: () => Promise<void>): void {
    this.#closers.unshift(close)
  }

  /** The start is over: from now on a signal stops at once, and one that came before it stops now. */
  ready(): void {
    this.#isReady = true
    if (this.#isRequested) this.#stop()
  }

  /** Closes everything, also when closing one thing fails; throws the first failure. */
  run(): Promise<void> {
    return closeAll(this.#closers.splice(0))
  }

  #stop(): void {
    this.run().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
        process.exit(1)
      },
    )
  }
}
