/**
 * How fast a receiver is sent to: as many at once as it takes, no more a second than its owner wants, and slower and
 * slower while nothing gets through, so that a dead receiver costs next to nothing. Pure: time is an argument.
 */

/** Requests under way at once, to one receiver. */
export const MAX_IN_FLIGHT = 16
/** After so many failures in a row the receiver counts as down. */
const FAILURES_TO_DOWN = 10
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
const SLACK_MS = 25

export class Pacing {
  #limit = MAX_IN_FLIGHT
  #failures = 0
  #pausedUntilMs = 0
  /** By the receiver's own word: what succeeds meanwhile was under way when it said so. */
  #toldUntilMs = 0
  #nextAtMs = 0
  #intervalMs = 0
  /** What wasn't used so long ago is not lost: timers are no finer. */
  #slackMs = 0

  /** Null: as fast as it goes. */
  setRate(maxPerSecond: number | null): void {
    const exactMs = maxPerSecond === null ? 0 : 1000 / maxPerSecond
    // Where timers are too coarse for the interval, it is a little longer, so that a second still holds no more.
    const isFine = exactMs > 0 && exactMs < SLACK_MS
    this.#slackMs = isFine ? SLACK_MS : 0
    this.#intervalMs = isFine ? exactMs * (1 + (2 * SLACK_MS) / 1000) : exactMs
  }

  /** Whether one more may be sent now, with so many under way. */
  allows(nowMs: number, inFlight: number): boolean {
    return inFlight < this.#limit && nowMs >= this.nextAtMs
  }

  /** When to ask again, if it is only time that stands in the way. */
  get nextAtMs(): number {
    return Math.max(this.#pausedUntilMs, this.#toldUntilMs, this.#nextAtMs)
  }

  /** Nothing gets through. */
  get isDown(): boolean {
    return this.#failures >= FAILURES_TO_DOWN
  }

  sent(nowMs: number): void {
    if (this.#intervalMs > 0)
      this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - this.#slackMs) + this.#intervalMs
  }

  succeeded(): void {
    this.#failures = 0
    this.#pausedUntilMs = 0
    this.#limit = Math.min(MAX_IN_FLIGHT, this.#limit * 2)
  }

  failed(nowMs: number): void {
    this.#failures += 1
    if (!this.isDown) return
    this.#limit = 1
    const pauseMs = FIRST_PAUSE_MS * 2 ** Math.min(20, this.#failures - FAILURES_TO_DOWN)
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + Math.min(LONGEST_PAUSE_MS, pauseMs))
  }

  /** The receiver said when to come back. */
  pause(untilMs: number): void {
    this.#toldUntilMs = Math.max(this.#toldUntilMs, untilMs)
  }
}
