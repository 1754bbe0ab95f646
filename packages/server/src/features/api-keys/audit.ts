/** What the audit trail of keys is made of: what can happen to a key, and who does it. */

/** Everything that can happen to a key. */
export const auditActions = [
  'created',
  'updated',
  'handed_over',
  'rotated',
  'rotation_finished',
  'rotation_cancelled',
  'revoked',
  'quarantined',
  'released',
  'leak_reported',
  'refused_in_browser',
  'expired',
  'settings_updated',
] as const

export type AuditAction = (typeof auditActions)[number]

/** Who did it: a key, a member, the admin command, the passing of time, or whoever found a secret. */
export const actorTypes = ['api_key', 'member', 'admin', 'system', 'anyone', 'github'] as const

export interface Actor {
  readonly type: (typeof actorTypes)[number]
  readonly id: string | null
  readonly name: string | null
  readonly address: string | null
  readonly userAgent: string | null
  readonly requestId: string | null
}

const nowhere = { id: null, name: null, address: null, userAgent: null, requestId: null } as const
export const adminActor: Actor = { ...nowhere, type: 'admin' }
export const systemActor: Actor = { ...nowhere, type: 'system' }
