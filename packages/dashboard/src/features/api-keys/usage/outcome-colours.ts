/** The colour of each outcome, in charts and their legends. They differ in lightness, too. */
import type { Outcome } from './series.ts'

export const outcomeColours: Readonly<Record<Outcome, string>> = {
  succeeded: 'light-dark(#6e6bdf, #7d7af0)',
  client_errors: 'light-dark(#e0a63a, #d9a441)',
  refused: 'light-dark(#a9acb6, #767a86)',
  rate_limited: 'light-dark(#3aa6a0, #5fc4be)',
  server_errors: 'light-dark(#c2352c, #f0776e)',
}
