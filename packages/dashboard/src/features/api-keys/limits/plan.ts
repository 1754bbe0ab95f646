/** What plans allow: requests of one key in any 60 seconds. */
const limits: Readonly<Record<string, number>> = { standard: 1_000, enterprise: 10_000 }

export function planLimitOf(plan: string | undefined): number {
  return limits[plan ?? 'standard'] ?? 1_000
}
