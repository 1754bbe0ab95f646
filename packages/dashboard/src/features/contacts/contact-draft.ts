/** A contact as its form holds it: text in fields, one line for each address, and back. Pure. */
import type { Contact } from '@agentclara/sdk'

export interface ContactDraft {
  name: string
  /** One on each line. */
  emails: string
  phones: string
  /** Separated by commas. */
  tags: string
  fields: readonly FieldDraft[]
}

export interface FieldDraft {
  /** Tells rows of the form apart. */
  key: number
  name: string
  value: string
}

export const emptyDraft: ContactDraft = { name: '', emails: '', phones: '', tags: '', fields: [] }

export function draftOf({ name, emails, phones, tags, custom_fields: fields }: Contact): ContactDraft {
  return {
    name,
    emails: emails.join('\n'),
    phones: phones.join('\n'),
    tags: tags.join(', '),
    fields: Object.entries(fields).map(([field, value], key) => ({
      key,
      name: field,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  }
}

const pieces = (text: string, separator: RegExp) =>
  text
    .split(separator)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')

/** What isn't text in the contact stays what it was when its text wasn't changed. */
function readValue(typed: string, before: unknown): unknown {
  return typeof before !== 'string' && before !== undefined && JSON.stringify(before) === typed
    ? before
    : typed
}

/** The body of the call. Fields that were taken out are null, which removes them. */
export function bodyOf(draft: ContactDraft, before?: Contact) {
  const known: Record<string, unknown> = before?.custom_fields ?? {}
  const kept = draft.fields.filter(({ name }) => name.trim() !== '')
  const names = new Set(kept.map(({ name }) => name.trim()))
  const removed = Object.keys(known).filter((name) => !names.has(name))
  return {
    name: draft.name.trim(),
    emails: pieces(draft.emails, /[\n,;]/),
    phones: pieces(draft.phones, /[\n,;]/),
    tags: [...new Set(pieces(draft.tags, /,/))],
    custom_fields: Object.fromEntries([
      ...removed.map((name) => [name, null] as const),
      ...kept.map(({ name, value }) => [name.trim(), readValue(value, known[name.trim()])] as const),
    ]),
  }
}
