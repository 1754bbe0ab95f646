/** Which entries have all words of a query, the best first: in titles before texts, at a word's begin before within. */
import type { SearchEntry } from '../search-index.ts'

export function rank(entries: readonly SearchEntry[], query: string): SearchEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const scored = entries.flatMap((entry) => {
    let score = 0
    for (const word of words) {
      const points =
        4 * pointsOf(entry.heading || entry.page, word) +
        3 * pointsOf(entry.page, word) +
        pointsOf(entry.text, word)
      if (points === 0) return []
      score += points
    }
    return [{ entry, score: entry.heading === '' ? score + 2 : score }]
  })
  return scored.sort((a, b) => b.score - a.score).map(({ entry }) => entry)
}

function pointsOf(text: string, word: string): number {
  const at = text.toLowerCase().indexOf(word)
  if (at === -1) return 0
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? 2 : 1
}
