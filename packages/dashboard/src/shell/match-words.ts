/** How well a line of the palette fits what was typed, between 0 (not at all) and 1. Pure. */

/** Every typed word must begin a word of the line or stand within one; beginnings count more. */
export function matchWords(value: string, typed: string, keywords: readonly string[] = []): number {
  const line = value.toLowerCase()
  const all = [line, ...keywords].join(' ').toLowerCase()
  let score = 1
  for (const word of typed.toLowerCase().split(/\s+/)) {
    if (line.startsWith(word)) continue
    const at = ` ${all}`.indexOf(` ${word}`)
    if (at !== -1) score *= at <= line.length ? 0.9 : 0.7
    else if (all.includes(word)) score *= 0.4
    else return 0
  }
  return score
}
