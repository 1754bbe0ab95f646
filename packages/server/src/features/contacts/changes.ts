/** The changes to contacts that services make inside a transaction: the rows and the events that tell of them. */
import type { Tx } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { EventLog } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import { arrangeAddresses, claimAddresses, findOwners, type PlacedAddress } from './address-store.ts'
import {
  type Address,
  addressesOf,
  type ContactState,
  changedFields,
  createdEvent,
  deletedEvent,
  updatedEvent,
} from './contact.ts'
import type { ReadContact } from './input.ts'
import {
  type ContactRow,
  countConversationsOf,
  deleteContact,
  insertContact,
  lockContactAlone,
  lockConversationsOf,
  rollBackToSavepoint,
  setSavepoint,
  updateContact,
} from './store.ts'

export interface Surroundings {
  events: EventLog
  clock: Clock
}

export function stateOf({
  name,
  emails,
  phones,
  tags,
  custom_fields: customFields,
}: ContactRow): ContactState {
  return { name, emails, phones, tags, customFields }
}

/** Without its addresses. */
export async function insertNew(
  tx: Tx,
  { clock }: Surroundings,
  environmentId: Id<'env'>,
  contact: ContactState,
): Promise<Id<'cust'>> {
  const id = newId('cust')
  const now = new Date(clock.nowMs())
  await insertContact(tx, {
    id,
    environment_id: environmentId,
    name: contact.name,
    tags: contact.tags,
    custom_fields: JSON.stringify(contact.customFields),
    created_at: now,
    updated_at: now,
  })
  return id
}

/** Throws `conflict` when another contact has one of the addresses. */
export async function createContact(
  tx: Tx,
  surroundings: Surroundings,
  environmentId: Id<'env'>,
  read: ReadContact,
): Promise<Id<'cust'>> {
  const id = await insertNew(tx, surroundings, environmentId, read.contact)
  await claimOrThrow(tx, environmentId, id, placesOf(read.contact), read)
  await surroundings.events.append(tx, environmentId, createdEvent(id, read.contact))
  return id
}

/** Brings the row, which the transaction has locked, to `read`. Throws `conflict` as above. */
export async function changeContact(
  tx: Tx,
  surroundings: Surroundings,
  row: ContactRow,
  read: ReadContact,
): Promise<void> {
  const had = new Set(addressesOf(stateOf(row)).map(({ value }) => value))
  const places = placesOf(read.contact)
  const fresh = places.filter(({ value }) => !had.has(value))
  // What is new is taken before anything is given up: who waits for an address here holds none that others wait for.
  await claimOrThrow(tx, row.environment_id, row.id, fresh, read)
  const changes = await writeChange(tx, surroundings, row, read.contact)
  if (changes.emails !== undefined || changes.phones !== undefined) {
    await arrangeAddresses(tx, row.environment_id, row.id, places)
  }
}

/** The row and its event, not its addresses. Returns the fields that differ; when none does, nothing is written. */
export async function writeChange(
  tx: Tx,
  { events, clock }: Surroundings,
  row: ContactRow,
  after: ContactState,
): Promise<JsonObject> {
  const changes = changedFields(stateOf(row), after)
  if (Object.keys(changes).length === 0) return changes
  await updateContact(tx, row.environment_id, row.id, {
    name: after.name,
    tags: after.tags,
    custom_fields: JSON.stringify(after.customFields),
    updated_at: new Date(clock.nowMs()),
  })
  await events.append(tx, row.environment_id, updatedEvent(row.id, changes))
  return changes
}

/**
 * False when there is no such contact. Deleting takes it out of its conversations, and who holds a conversation may
 * want its contact: so the conversations are locked before the contact, in order, and all are let go again when the
 * contact got one more in between. In any other order each could wait for the other.
 */
export async function removeContact(
  tx: Tx,
  { events }: Surroundings,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
): Promise<boolean> {
  for (;;) {
    await setSavepoint(tx)
    const locked = await lockConversationsOf(tx, environmentId, id)
    if (!(await lockContactAlone(tx, environmentId, id))) return false
    if ((await countConversationsOf(tx, environmentId, id)) === locked) break
    await rollBackToSavepoint(tx)
  }
  await deleteContact(tx, environmentId, id)
  await events.append(tx, environmentId, deletedEvent(id))
  return true
}

/** The addresses of a contact that it did not get: those that another one has. */
export async function claimMissing(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
  addresses: PlacedAddress[],
): Promise<PlacedAddress[]> {
  const got = await claimAddresses(tx, environmentId, id, addresses)
  return addresses.filter(({ value }) => !got.some((address) => address.value === value))
}

async function claimOrThrow(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
  addresses: PlacedAddress[],
  { paramOf }: ReadContact,
): Promise<void> {
  let missing = await claimMissing(tx, environmentId, id, addresses)
  // An owner that is gone when asked for gave its address up in between: the next turn gets it.
  while (missing.length > 0) {
    const [owner] = await findOwners(tx, environmentId, missing)
    if (owner !== undefined) throw taken(owner, owner.contact_id, paramOf(owner))
    missing = await claimMissing(tx, environmentId, id, missing)
  }
}

export function placesOf(contact: ContactState): PlacedAddress[] {
  const placed = (kind: Address['kind'], values: string[]) =>
    values.map((value, position) => ({ kind, value, position }))
  return [...placed('email', contact.emails), ...placed('phone', contact.phones)]
}

function taken({ kind, value }: Address, ownerId: Id<'cust'>, param: string): ApiError {
  return new ApiError('conflict', {
    error: `Another contact has the ${kind === 'email' ? 'e-mail address' : 'phone number'} ${value}`,
    hint: `Update ${ownerId} instead, or take the address from it first.`,
    param,
    details: { contact_id: ownerId },
  })
}
