/** Time as an argument, so that what depends on it can be shown at any instant. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }
