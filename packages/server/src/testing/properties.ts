/**
 * What decides about a change repeats the same examples of each property, so that a change is judged by what it changes.
 * Everywhere else each run takes others, and prints the seed of one that failed.
 */
import fc from 'fast-check'

if (process.env.CI === 'true') fc.configureGlobal({ seed: 4_000 })
