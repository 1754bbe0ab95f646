/** How far back Home looks, as its address says it. */
export interface HomeSearch {
  days?: 30
}

/** A week unless the address says a month. */
export function readHomeSearch({ days }: Record<string, unknown>): HomeSearch {
  return days === 30 ? { days } : {}
}
