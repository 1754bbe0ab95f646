/** A webhook as a form holds it, and what is sent of it. Pure. */
import { eventTypes } from '../events/event-types.ts'
import type { Webhook } from './queries.ts'

export interface DraftHeader {
  /** Tells rows apart while they are typed. */
  id: number
  name: string
  value: string
}

export interface Draft {
  url: string
  isToldOfAll: boolean
  events: ReadonlySet<string>
  description: string
  headers: readonly DraftHeader[]
  maxPerSecond: string
  notifyEmail: string
}

export const newDraft: Draft = {
  url: '',
  isToldOfAll: false,
  events: new Set(['message.received', 'conversation.handoff_requested']),
  description: '',
  headers: [],
  maxPerSecond: '',
  notifyEmail: '',
}

/** Values of headers are never shown again: of those that are there, the names alone are known. */
export function draftOf(webhook: Webhook): Draft {
  const isToldOfAll = webhook.events.includes('*')
  return {
    url: webhook.url,
    isToldOfAll,
    events: new Set(isToldOfAll ? eventTypes : webhook.events),
    description: webhook.description ?? '',
    headers: [],
    maxPerSecond: webhook.max_per_second === null ? '' : String(webhook.max_per_second),
    notifyEmail: webhook.notify_email ?? '',
  }
}

/** What is wrong with a field before anything is sent, by the field's name on the wire. */
export function draftProblems(draft: Draft): Partial<Record<'url' | 'events' | 'max_per_second', string>> {
  const rate = draft.maxPerSecond.trim()
  return {
    ...(draft.url.trim() === '' && { url: 'Give the URL that events are sent to.' }),
    ...(!draft.isToldOfAll && draft.events.size === 0 && { events: 'Choose at least one event, or all.' }),
    ...(rate !== '' &&
      !/^[1-9]\d{0,2}$|^1000$/.test(rate) && {
        max_per_second: 'A whole number from 1 to 1,000, or nothing.',
      }),
  }
}

/** `mayReplaceHeaders`: send those of the draft, which replace all there are. */
export function fieldsOf(draft: Draft, mayReplaceHeaders: boolean) {
  const rate = draft.maxPerSecond.trim()
  return {
    url: draft.url.trim(),
    events: draft.isToldOfAll
      ? (['*'] as const).slice()
      : eventTypes.filter((type) => draft.events.has(type)),
    description: draft.description.trim() === '' ? null : draft.description.trim(),
    max_per_second: rate === '' ? null : Number(rate),
    notify_email: draft.notifyEmail.trim() === '' ? null : draft.notifyEmail.trim(),
    ...(mayReplaceHeaders && { headers: headersOf(draft.headers) }),
  }
}

function headersOf(headers: readonly DraftHeader[]): Record<string, string> {
  return Object.fromEntries(
    headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value.trim()]),
  )
}

/** The fields that a draft changes: only these are sent. */
export function changesOf(draft: Draft, webhook: Webhook, mayReplaceHeaders: boolean) {
  const before: Record<string, unknown> = fieldsOf(draftOf(webhook), false)
  const after = fieldsOf(draft, mayReplaceHeaders)
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  ) as Partial<typeof after>
}
