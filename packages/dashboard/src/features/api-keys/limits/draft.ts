/** A key as it is filled in: what is wrong before it is sent, what is sent, and to which field an answer belongs. Pure. */
import { isSame } from '../permissions/levels.ts'
import { MAX_ADDRESSES, readAddresses } from './addresses.ts'
import { type ExpiryChoice, expiresAtOf, toDateField } from './expiry.ts'

export interface KeyDraft {
  name: string
  permissions: string[]
  expiry: ExpiryChoice
  /** For `date`: as a date field gives it. */
  date: string
  /** As typed, one a line. */
  addresses: string
  /** Empty: as the workspace's plan. */
  rateLimit: string
  ownerType: 'app' | 'person'
  ownerName: string
  ownerEmail: string
}

export type DraftField =
  | 'name'
  | 'permissions'
  | 'expiry'
  | 'addresses'
  | 'rateLimit'
  | 'ownerName'
  | 'ownerEmail'
export type Problems = Partial<Record<DraftField, string>>

/** What of a key on the wire a draft begins with. */
export interface DraftedKey {
  name: string
  permissions: string[]
  expires_at: string | null
  ip_allowlist: string[]
  rate_limit_per_minute: number | null
  owner: { type: 'app' | 'person'; name: string | null; email: string | null }
}

export const emptyDraft: KeyDraft = {
  name: '',
  permissions: ['*'],
  expiry: '90',
  date: '',
  addresses: '',
  rateLimit: '',
  ownerType: 'app',
  ownerName: '',
  ownerEmail: '',
}

export function draftOf(key: DraftedKey): KeyDraft {
  return {
    name: key.name,
    permissions: key.permissions,
    expiry: key.expires_at === null ? 'never' : 'date',
    date: key.expires_at === null ? '' : toDateField(key.expires_at),
    addresses: key.ip_allowlist.map(withoutFullPrefix).join('\n'),
    rateLimit: key.rate_limit_per_minute === null ? '' : String(key.rate_limit_per_minute),
    ownerType: key.owner.type,
    ownerName: key.owner.name ?? '',
    ownerEmail: key.owner.email ?? '',
  }
}

/** A network of one address is shown as that address. */
export function withoutFullPrefix(cidr: string): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '')
}

/** Empty when it can be sent. */
export function problemsOf(draft: KeyDraft, nowMs: number): Problems {
  const problems: Problems = {}
  if (draft.name.trim() === '') problems.name = 'Say what the key is for.'
  if (draft.permissions.length === 0) problems.permissions = 'Allow at least one thing.'
  const expiresAt = expiresAtOf(draft.expiry, draft.date, nowMs)
  if (expiresAt === undefined) problems.expiry = 'Choose a day.'
  else if (expiresAt !== null && Date.parse(expiresAt) <= nowMs)
    problems.expiry = 'Choose a day that isn’t over yet.'
  const { entries, problems: wrong } = readAddresses(draft.addresses)
  if (wrong.length > 0)
    problems.addresses = wrong.map(({ line, text, problem }) => `Line ${line}: ${text} ${problem}.`).join(' ')
  else if (entries.length > MAX_ADDRESSES)
    problems.addresses = `At most ${MAX_ADDRESSES} addresses and networks.`
  const limit = draft.rateLimit.trim()
  if (limit !== '' && !/^[1-9]\d{0,5}$/.test(limit))
    problems.rateLimit = 'A whole number of requests, or empty.'
  if (draft.ownerType === 'person' && !/^\S+@\S+$/.test(draft.ownerEmail.trim())) {
    problems.ownerEmail = 'A person is known by their e-mail address.'
  }
  return problems
}

/** Of a draft without problems. */
export function toBody(draft: KeyDraft, nowMs: number) {
  const name = draft.ownerName.trim() === '' ? null : draft.ownerName.trim()
  return {
    name: draft.name.trim(),
    permissions: draft.permissions,
    expires_at: expiresAtOf(draft.expiry, draft.date, nowMs) ?? null,
    ip_allowlist: readAddresses(draft.addresses).entries.map(({ text }) => text),
    rate_limit_per_minute: draft.rateLimit.trim() === '' ? null : Number(draft.rateLimit),
    owner:
      draft.ownerType === 'app'
        ? { type: 'app' as const, name }
        : { type: 'person' as const, name, email: draft.ownerEmail.trim() },
  }
}

export type KeyBody = ReturnType<typeof toBody>

/** Only what differs from the key: what another person changes meanwhile stays. */
export function toChange(draft: KeyDraft, key: DraftedKey, nowMs: number): Partial<KeyBody> {
  const [body, before] = [toBody(draft, nowMs), draftOf(key)]
  const isKept: Record<keyof KeyBody, boolean> = {
    name: body.name === key.name,
    permissions: isSame(body.permissions, key.permissions),
    expires_at: draft.expiry === before.expiry && draft.date === before.date,
    ip_allowlist: draft.addresses.trim() === before.addresses,
    rate_limit_per_minute: body.rate_limit_per_minute === key.rate_limit_per_minute,
    owner:
      draft.ownerType === before.ownerType &&
      draft.ownerName.trim() === before.ownerName &&
      (draft.ownerType === 'app' || draft.ownerEmail.trim() === before.ownerEmail),
  }
  // The body's own keys: Object.entries() types them as plain strings.
  return Object.fromEntries(Object.entries(body).filter(([field]) => !isKept[field as keyof KeyBody]))
}

const fields: readonly [RegExp, DraftField][] = [
  [/^name$/, 'name'],
  [/^permissions/, 'permissions'],
  [/^expires_at$/, 'expiry'],
  [/^ip_allowlist/, 'addresses'],
  [/^rate_limit_per_minute$/, 'rateLimit'],
  [/^owner\.email$/, 'ownerEmail'],
  [/^owner/, 'ownerName'],
]

/** What the server says of fields, at the fields; null when the answer is about something else. */
export function problemsOfAnswer(
  answer: { message: string; param?: string | undefined; details?: unknown },
  draft: KeyDraft,
): Problems | null {
  const listed = (answer.details as { issues?: { param: string; message: string }[] } | undefined)?.issues
  const issues =
    listed ?? (answer.param === undefined ? [] : [{ param: answer.param, message: answer.message }])
  const problems: Problems = {}
  for (const { param, message } of issues) {
    const field = fields.find(([pattern]) => pattern.test(param))?.[1]
    if (field !== undefined) problems[field] ??= inPlace(message, param, draft)
  }
  return Object.keys(problems).length === 0 ? null : problems
}

/** "`name` must be …" as it is said below the field: "Must be …"; of an address, with its line. */
function inPlace(message: string, param: string, draft: KeyDraft): string {
  const rest = message.replace(`\`${param}\` `, '')
  const index = /^ip_allowlist\[(\d+)\]/.exec(param)?.[1]
  const entry = index === undefined ? undefined : readAddresses(draft.addresses).entries[Number(index)]
  const sentence =
    entry === undefined
      ? rest.charAt(0).toUpperCase() + rest.slice(1)
      : `Line ${entry.line}: ${entry.text} ${rest}`
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`
}
