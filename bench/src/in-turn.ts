/** Measures two things alternately, so that whatever else the machine does meets both. */
import type { Figures } from './row.ts'

/** Runs the two in turn, each first every other round, and takes the median of each. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  yardstick: () => Promise<number>,
): Promise<Figures> {
  const results: Figures[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await ours() : await yardstick()
    const second = round % 2 === 0 ? await yardstick() : await ours()
    results.push(round % 2 === 0 ? { ours: first, yardstick: second } : { ours: second, yardstick: first })
  }
  return {
    ours: median(results.map((result) => result.ours)),
    yardstick: median(results.map((result) => result.yardstick)),
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
