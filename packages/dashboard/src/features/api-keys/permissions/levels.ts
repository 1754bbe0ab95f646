/** Permissions as a person chooses them: for each resource none, read or write. The grants stay the one truth. Pure. */

export type Level = 'none' | 'read' | 'write'

/** What of GET /v1/permissions this needs. */
export interface Table {
  resources: readonly { resource: string }[]
  presets: readonly { name: string; permissions: readonly string[] }[]
}

/** Of one resource; `*` is everything, and write implies read. */
export function levelOf(grants: readonly string[], resource: string): Level {
  if (grants.includes('*') || grants.includes(`${resource}:write`)) return 'write'
  return grants.includes(`${resource}:read`) ? 'read' : 'none'
}

/** With another level for one resource. `*` is given up for what it stood for: it would cover every later resource, too. */
export function withLevel(grants: readonly string[], resource: string, level: Level, table: Table): string[] {
  return table.resources.flatMap(({ resource: each }) => {
    const chosen = each === resource ? level : levelOf(grants, each)
    return chosen === 'none' ? [] : [`${each}:${chosen}`]
  })
}

/** The name of the preset that is exactly these grants. */
export function presetOf(grants: readonly string[], { presets }: Table): string | undefined {
  return presets.find(({ permissions }) => isSame(permissions, grants))?.name
}

/** The same permissions in any order. */
export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((grant) => b.includes(grant))
}
