/** Finds the contact that a customer's addresses belong to, or creates it: once, however many ask at the same time. */
import type { Tx } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'
import { type AddressOwner, findOwners } from './address-store.ts'
import type { AddressKind } from './addresses.ts'
import { claimMissing, insertNew, placesOf, type Surroundings, stateOf, writeChange } from './changes.ts'
import {
  type Address,
  type ContactState,
  createdEvent,
  emptyContact,
  isNameless,
  VISITOR,
} from './contact.ts'
import { type CustomerReference, MAX_ADDRESSES } from './input.ts'
import {
  type ContactRow,
  getContact,
  lockContact,
  releaseSavepoint,
  rollBackToSavepoint,
  setSavepoint,
} from './store.ts'

export interface FoundContact {
  id: Id<'cust'>
  isNew: boolean
}

/**
 * By phone, then by e-mail. A found contact gets the other address when nobody has it, and the name when it had none.
 * It can't be deleted until the transaction ends, so that rows which refer to it can follow.
 */
export async function findOrCreateContact(
  tx: Tx,
  surroundings: Surroundings,
  environmentId: Id<'env'>,
  customer: CustomerReference,
): Promise<FoundContact> {
  const addresses: Address[] = []
  if (customer.phone !== undefined) addresses.push({ kind: 'phone', value: customer.phone })
  if (customer.email !== undefined) addresses.push({ kind: 'email', value: customer.email })
  for (;;) {
    const owners = addresses.length === 0 ? [] : await findOwners(tx, environmentId, addresses)
    const [found] = owners
    if (found !== undefined) {
      await complete(tx, surroundings, environmentId, found, customer, addresses.length > owners.length)
      return { id: found.contact_id, isNew: false }
    }
    const id = await createUnlessTaken(tx, surroundings, environmentId, customer)
    if (id !== undefined) return { id, isNew: true }
    // Another transaction took an address and committed meanwhile: its contact is found in the next turn.
  }
}

async function complete(
  tx: Tx,
  surroundings: Surroundings,
  environmentId: Id<'env'>,
  found: AddressOwner,
  customer: CustomerReference,
  lacksAddress: boolean,
): Promise<void> {
  const { contact_id: id } = found
  const wantsName = customer.name !== undefined && customer.name !== found.name
  if (!lacksAddress && !(wantsName && isNameless(found.name, found.all_addresses))) return
  await lockContact(tx, environmentId, id)
  const row = await getContact(tx, environmentId, id)
  const contact = stateOf(row)
  const { name, emails, phones } = contact
  await writeChange(tx, surroundings, row, {
    ...contact,
    name: isNameless(name, [...emails, ...phones]) ? (customer.name ?? name) : name,
    emails: await withAddress(tx, row, 'email', customer.email),
    phones: await withAddress(tx, row, 'phone', customer.phone),
  })
}

/** The contact's addresses of this kind, with one more unless somebody has it or there are as many as may be. */
async function withAddress(
  tx: Tx,
  row: ContactRow,
  kind: AddressKind,
  value: string | undefined,
): Promise<string[]> {
  const current = kind === 'email' ? row.emails : row.phones
  if (value === undefined || current.includes(value) || current.length >= MAX_ADDRESSES) return current
  const place = { kind, value, position: current.length }
  const missing = await claimMissing(tx, row.environment_id, row.id, [place])
  return missing.length === 0 ? [...current, value] : current
}

/** Undefined, and nothing written, when another contact got one of the addresses first. */
async function createUnlessTaken(
  tx: Tx,
  surroundings: Surroundings,
  environmentId: Id<'env'>,
  { name, email, phone }: CustomerReference,
): Promise<Id<'cust'> | undefined> {
  const contact: ContactState = {
    ...emptyContact,
    name: name ?? email ?? phone ?? VISITOR,
    emails: email === undefined ? [] : [email],
    phones: phone === undefined ? [] : [phone],
  }
  // Rolled back, a savepoint lets go of an address at once, so that nobody waits for one that is not taken after all.
  await setSavepoint(tx)
  const id = await insertNew(tx, surroundings, environmentId, contact)
  const missing = await claimMissing(tx, environmentId, id, placesOf(contact))
  if (missing.length > 0) {
    await rollBackToSavepoint(tx)
    return undefined
  }
  await releaseSavepoint(tx)
  await surroundings.events.append(tx, environmentId, createdEvent(id, contact))
  return id
}
