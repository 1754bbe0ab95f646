/** How far two spellings are apart. */

/**
 * How many letters have to be inserted, removed, changed or swapped with their neighbour to turn `a` into `b` (the
 * optimal string alignment distance); some number above `limit` as soon as it is certain to be above.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let twoAbove: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const change = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1
      let distance = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + change)
      if (isSwap(a, i, b, j)) distance = Math.min(distance, (twoAbove[j - 2] ?? 0) + 1)
      row.push(distance)
      least = Math.min(least, distance)
    }
    if (least > limit) return limit + 1
    twoAbove = above
    above = row
  }
  return above[b.length] ?? limit + 1
}

function isSwap(a: string, i: number, b: string, j: number): boolean {
  if (i < 2 || j < 2) return false
  return a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
}
