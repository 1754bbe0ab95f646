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
  keepContact,
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
    if (found === undefined) {
      const id = await createUnlessTaken(tx, surroundings, environmentId, customer)
      if (id !== undefined) return { id, isNew: true }
    } else {
      const { contact_id: id } = found
      const hasNews = addresses.length > owners.length || bringsName(found, customer)
      const isThere = hasNews
        ? await complete(tx, surroundings, environmentId, id, customer)
        : await keepContact(tx, environmentId, id)
      if (isThere) return { id, isNew: false }
    }
    // Another transaction took an address, or deleted the contact, and committed meanwhile: look again.
  }
}

function bringsName(found: AddressOwner, { name }: CustomerReference): boolean {
  return name !== undefined && name !== found.name && isNameless(found.name, found.all_addresses)
}

/** Adds what the contact lacks. False when it is gone. */
async function complete(
  tx: Tx,
  surroundings: Surroundings,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
  customer: CustomerReference,
): Promise<boolean> {
  if (!(await lockContact(tx, environmentId, id))) return false
  const row = await getContact(tx, environmentId, id)
  const contact = stateOf(row)
  const { name, emails, phones } = contact
  await writeChange(tx, surroundings, row, {
    ...contact,
    name: isNameless(name, [...emails, ...phones]) ? (customer.name ?? name) : name,
    emails: await withAddress(tx, row, 'email', customer.email),
    phones: await withAddress(tx, row, 'phone', customer.phone),
  })
  return true
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
