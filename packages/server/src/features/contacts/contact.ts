/** What a contact consists of for its rules, and the events that tell of it. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { NewEvent } from '../../events/log.ts'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { AddressKind } from './addresses.ts'

export interface ContactState {
  name: string
  /** Normalised; the first one is the contact's `email`. */
  emails: string[]
  /** E.164; the first one is the contact's `phone`. */
  phones: string[]
  tags: string[]
  customFields: JsonObject
}

export interface Address {
  kind: AddressKind
  value: string
}

/** The name of a contact of whom nothing is known. */
export const VISITOR = 'Visitor'

export const emptyContact: ContactState = { name: '', emails: [], phones: [], tags: [], customFields: {} }

export function addressesOf({ emails, phones }: ContactState): Address[] {
  return [
    ...emails.map((value) => ({ kind: 'email' as const, value })),
    ...phones.map((value) => ({ kind: 'phone' as const, value })),
  ]
}

/** True for a name that only repeats what the contact was found by: a real one may take its place. */
export function isNameless(name: string, addresses: readonly string[]): boolean {
  return name === VISITOR || addresses.includes(name)
}

/** The fields that differ, as the API names them, with their new values. */
export function changedFields(before: ContactState, after: ContactState): JsonObject {
  const old = eventFields(before)
  const changed = Object.entries(eventFields(after)).filter(
    ([field, value]) => !isDeepStrictEqual(value, old[field]),
  )
  return Object.fromEntries(changed)
}

export function createdEvent(id: Id<'cust'>, contact: ContactState): NewEvent {
  return { type: 'contact.created', data: { contact_id: id, ...eventFields(contact) } }
}

export function updatedEvent(id: Id<'cust'>, changes: JsonObject): NewEvent {
  return { type: 'contact.updated', data: { contact_id: id, ...changes } }
}

export function deletedEvent(id: Id<'cust'>): NewEvent {
  return { type: 'contact.deleted', data: { contact_id: id } }
}

function eventFields({ name, emails, phones, tags, customFields }: ContactState): JsonObject {
  return {
    name,
    email: emails[0] ?? null,
    phone: phones[0] ?? null,
    emails,
    phones,
    tags,
    custom_fields: customFields,
  }
}
