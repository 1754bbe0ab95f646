/** The audit trail in sentences: who did what, and what it changed. Pure. */
import { permissionsInWords, resourceName } from '../permissions/words.ts'
import { duration } from '../rotation/rotation.ts'
import { quarantineReason } from '../status.ts'

/** What of an entry on the wire this needs. */
export interface Entry {
  action: string
  actor: { type: string; id: string | null; name: string | null }
  changes: Readonly<Record<string, unknown>>
}

export interface Told {
  who: string
  /** Goes on after `who`. */
  did: string
  /** One line for each thing that changed. */
  details: string[]
}

export interface AuditContext {
  myUserId: string
  /** Of GET /v1/permissions. */
  resources: readonly string[]
  formatDate: (iso: string) => string
}

export function tell(entry: Entry, context: AuditContext): Told {
  const { changes } = entry
  const told = (did: string, details: string[] = []): Told => ({ who: whoOf(entry, context), did, details })
  switch (entry.action) {
    case 'created':
      return told('created this key', describe(changes, context))
    case 'updated':
      return told(`changed ${fieldList(changes)}`, differences(changes, context))
    case 'handed_over': {
      const { from, to } = pair(changes.owner)
      return told('gave this key to somebody else', [`${text(from)} → ${text(to)}`])
    }
    case 'rotated': {
      const seconds = Number(changes.overlap_seconds ?? 0)
      return told('rotated the secret', [
        seconds === 0 ? 'The old secret ended at once' : `With an overlap of ${duration(seconds)}`,
      ])
    }
    case 'rotation_finished':
      return told('ended the old secret')
    case 'rotation_cancelled':
      return told('cancelled the rotation: the new secret ended, the old one works on')
    case 'revoked':
      return told(
        'revoked this key',
        changes.reason === 'leak_reported' ? ['Because its secret was reported as leaked'] : [],
      )
    case 'quarantined':
      return told('put this key in quarantine', [
        `Reason: ${quarantineReason(text(changes.reason))}`,
        ...pinned(changes.addresses),
      ])
    case 'released':
      return told('released this key from quarantine')
    case 'leak_reported':
      return told('reported this key’s secret as leaked', [
        ...line('Found at', changes.url),
        ...line('Secret ending in', changes.secret_last_four),
      ])
    case 'refused_in_browser':
      return told('used this key in a web page, and was refused', line('Page', changes.origin))
    case 'expired':
      return told('noted that this key expired')
    case 'settings_updated': {
      const { to } = pair(changes.leak_response)
      return told(`chose that leaked keys are ${to === 'revoke' ? 'revoked' : 'quarantined'}`)
    }
    default:
      return told(entry.action.replaceAll('_', ' '))
  }
}

function whoOf({ actor }: Entry, { myUserId }: AuditContext): string {
  switch (actor.type) {
    case 'member':
      return actor.id === myUserId ? 'You' : (actor.name ?? 'A member')
    case 'api_key':
      return `The key “${actor.name ?? actor.id ?? 'unknown'}”`
    case 'admin':
      return 'The admin command'
    case 'system':
      return 'AgentClara'
    case 'github':
      return 'GitHub'
    default:
      return 'Somebody'
  }
}

const fieldNames: Readonly<Record<string, string>> = {
  name: 'the name',
  permissions: 'permissions',
  expires_at: 'the expiry',
  ip_allowlist: 'the IP list',
  rate_limit_per_minute: 'the rate limit',
  owner: 'the owner',
}

function fieldList(changes: Entry['changes']): string {
  const names = Object.keys(changes).map((field) => fieldNames[field] ?? field)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function differences(changes: Entry['changes'], context: AuditContext): string[] {
  return Object.entries(changes).map(([field, change]) => {
    const { from, to } = pair(change)
    return `${value(field, from, context)} → ${value(field, to, context)}`
  })
}

/** Of a new key: what confines it. */
function describe(changes: Entry['changes'], context: AuditContext): string[] {
  const isTold = (field: string) => {
    const given = changes[field]
    return given !== null && given !== undefined && !(Array.isArray(given) && given.length === 0)
  }
  return ['permissions', 'expires_at', 'ip_allowlist', 'rate_limit_per_minute']
    .filter(isTold)
    .map((field) => {
      const told = value(field, changes[field], context)
      return field === 'expires_at'
        ? `Expires ${told}`
        : field === 'ip_allowlist'
          ? `From ${told} only`
          : told
    })
}

function value(field: string, given: unknown, { resources, formatDate }: AuditContext): string {
  switch (field) {
    case 'permissions':
      return permissionsInWords(texts(given), resources).text
    case 'expires_at':
      return given === null ? 'never' : formatDate(text(given))
    case 'ip_allowlist':
      return texts(given).length === 0 ? 'anywhere' : texts(given).join(', ')
    case 'rate_limit_per_minute':
      return given === null ? 'the plan’s limit' : `${text(given)} requests a minute`
    case 'owner': {
      const { type, name, email } = (given ?? {}) as Record<string, unknown>
      return text(name ?? email ?? (type === 'person' ? 'a person' : 'an app'))
    }
    case 'name':
      return `“${text(given)}”`
    default:
      return `${resourceName(field)} ${text(given)}`
  }
}

function pinned(addresses: unknown): string[] {
  const known = texts(addresses)
  if (known.length === 0) return ['It works from nowhere: it had not been used in 30 days']
  return [
    `It may only read, from ${known.slice(0, 3).join(', ')}${known.length > 3 ? ` and ${known.length - 3} more` : ''}`,
  ]
}

function line(label: string, given: unknown): string[] {
  return typeof given === 'string' && given !== '' ? [`${label} ${given}`] : []
}

function pair(given: unknown): { from: unknown; to: unknown } {
  const { from = null, to = null } = (given ?? {}) as { from?: unknown; to?: unknown }
  return { from, to }
}

function texts(given: unknown): string[] {
  return Array.isArray(given) ? given.map(text) : []
}

function text(given: unknown): string {
  return given === null || given === undefined ? 'nothing' : String(given)
}
