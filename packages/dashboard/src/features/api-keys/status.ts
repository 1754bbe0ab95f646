/** What state a key is in, and what somebody should look at, in words with the next step. Pure. */
import type { Tone } from '../../ui/badge.tsx'

export type Status = 'active' | 'rotating' | 'expired' | 'revoked' | 'quarantined'
export type Attention = 'unused' | 'never_expires' | 'owner_left' | 'leaked' | 'used_in_browser'

/** What of a key on the wire this needs. */
export interface StatusFacts {
  status: Status
  expires_at: string | null
  revoked_at: string | null
  rotation: { old_hint: string; old_secret_ends_at: string } | null
  quarantine: { reason: string; addresses: readonly string[] } | null
}

export interface StatusWords {
  label: string
  tone: Tone
  /** Why, or until when. Null: nothing to add. */
  reason: string | null
}

export function statusInWords(key: StatusFacts): StatusWords {
  switch (key.status) {
    case 'active':
      return { label: 'Active', tone: 'success', reason: null }
    case 'rotating':
      return { label: 'Rotating', tone: 'accent', reason: 'Two secrets work' }
    case 'expired':
      return { label: 'Expired', tone: 'neutral', reason: 'Refused since its date' }
    case 'revoked':
      return { label: 'Revoked', tone: 'neutral', reason: 'Refused for good' }
    case 'quarantined':
      return { label: 'Quarantined', tone: 'warning', reason: quarantineReason(key.quarantine?.reason ?? '') }
  }
}

/** What was given as a reason; the server's own words are put into ours. */
export function quarantineReason(reason: string): string {
  if (reason === 'leak_reported') return 'Somebody reported its secret'
  if (reason === 'suspected') return 'It may be in the wrong hands'
  return reason
}

export interface AttentionWords {
  label: string
  tone: Tone
  title: string
  advice: string
}

const notes: Readonly<Record<Attention, AttentionWords>> = {
  leaked: {
    label: 'Leaked',
    tone: 'danger',
    title: 'Somebody found this key’s secret and reported it',
    advice: 'Rotate it without overlap, put the new secret where it is used, then release the key.',
  },
  used_in_browser: {
    label: 'In a web page',
    tone: 'danger',
    title: 'A web page sent this key’s secret, and was refused',
    advice:
      'Whoever opens that page can read the secret. Rotate it, and call from your server or give the page a client token.',
  },
  owner_left: {
    label: 'Owner left',
    tone: 'warning',
    title: 'The person this key belongs to has left the workspace',
    advice:
      'It goes on working. Give it to somebody else, or rotate it so that the one who left no longer holds it.',
  },
  unused: {
    label: 'Unused',
    tone: 'warning',
    title: 'Nobody has used this key for 90 days',
    advice: 'A key that nobody uses can only be misused: revoke it.',
  },
  never_expires: {
    label: 'Never expires',
    tone: 'neutral',
    title: 'This key never expires',
    advice: 'Give it a date, and you are told in good time before it ends.',
  },
}

/** The most urgent first. */
export function attentionsInWords(attention: readonly Attention[]): (AttentionWords & { name: Attention })[] {
  // The table's own keys: Object.keys() types them as plain strings.
  return (Object.keys(notes) as Attention[])
    .filter((name) => attention.includes(name))
    .map((name) => ({ name, ...notes[name] }))
}

export type Step = 'edit' | 'rotate' | 'quarantine' | 'release' | 'revoke'

/** What can be done with a key now. A rotation is ended before another one begins. */
export function stepsOf(
  key: Pick<StatusFacts, 'status' | 'quarantine' | 'rotation'>,
  attention: readonly Attention[],
): Step[] {
  if (key.status === 'revoked') return []
  if (key.status === 'expired') return ['edit', 'revoke']
  const hasNotes = attention.includes('leaked') || attention.includes('used_in_browser')
  return [
    'edit',
    ...(key.rotation === null ? (['rotate'] as const) : []),
    ...(key.quarantine === null ? (['quarantine'] as const) : []),
    ...(key.quarantine !== null || hasNotes ? (['release'] as const) : []),
    'revoke',
  ]
}
