/** Works through a report of GitHub's: however many matches it has, a few at a time, and each secret by one hand. */
import { createHash } from 'node:crypto'
import type { LeakMatch, LeakVerdict } from './schema.ts'

/** Fewer than there are connections to the database: requests of customers need them, too. */
const PARALLEL = 4

/**
 * One verdict for each match, in their order. A secret is reported for each place that it was found in, one place
 * after the other, but for the first place only when nobody knows it. When a report fails, no further one begins, and
 * the failure is thrown once those under way have ended.
 */
export async function reportMatches(
  matches: readonly LeakMatch[],
  report: (match: LeakMatch) => Promise<'known' | 'unknown'>,
): Promise<LeakVerdict[]> {
  const known = new Set<string>()
  // One iterator for all: each takes what the others left.
  const rest = placesByToken(matches).entries()
  let hasFailed = false
  const work = async (): Promise<void> => {
    for (const [token, places] of rest) {
      for (const match of places) {
        if (hasFailed) return
        if ((await report(match)) === 'unknown') break
        known.add(token)
      }
    }
  }
  const workers = Array.from({ length: PARALLEL }, () =>
    work().catch((error: unknown) => {
      hasFailed = true
      throw error
    }),
  )
  for (const result of await Promise.allSettled(workers)) {
    if (result.status === 'rejected') throw result.reason
  }
  return matches.map(({ token, type }) => ({
    token_hash: createHash('sha256').update(token).digest('hex'),
    token_type: type,
    label: known.has(token) ? 'true_positive' : 'false_positive',
  }))
}

/** The matches of each token, without those that say the same. */
function placesByToken(matches: readonly LeakMatch[]): Map<string, Iterable<LeakMatch>> {
  const places = new Map<string, Map<string, LeakMatch>>()
  for (const match of matches) {
    const ofToken = places.get(match.token) ?? new Map<string, LeakMatch>()
    places.set(match.token, ofToken)
    const place = JSON.stringify([match.url, match.source])
    if (!ofToken.has(place)) ofToken.set(place, match)
  }
  return new Map([...places].map(([token, ofToken]) => [token, ofToken.values()]))
}
