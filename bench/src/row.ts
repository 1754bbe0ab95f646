/** What a row of the report is: something of ours, measured beside a yardstick in the same run. */
import type { RunningServer } from './server.ts'

export interface Figures {
  ours: number
  yardstick: number
}

/**
 * The ratio of ours to the yardstick: at least, where more is better (per second), at most, where less is (µs). Or ours
 * under a figure of its own, in the row's unit, whatever the yardstick says.
 */
export type Goal = { atLeast: number } | { atMost: number } | { oursUnder: number }

export interface Row {
  /** By which `npm run bench -- NAME` chooses: the noun and its yardstick. */
  name: string
  what: string
  against: string
  /** Of both figures. */
  unit: '/s' | ' ms' | ' µs' | ' ns'
  goal?: Goal
  measure(server: RunningServer): Promise<Figures>
}
