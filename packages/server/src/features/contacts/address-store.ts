/** SQL of the addresses that contacts are found by. One belongs to one contact of an environment. */
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'
import type { AddressKind } from './addresses.ts'
import type { Address } from './contact.ts'

export interface PlacedAddress extends Address {
  /** From 0; the first of its kind is the one that is shown. */
  position: number
}

export interface AddressOwner extends Address {
  contact_id: Id<'cust'>
  name: string
  /** Everything that the contact is reached by. */
  all_addresses: string[]
}

/**
 * Gives addresses to a contact, except those that another one has, and returns the ones it got. Waits for transactions
 * that give or take the same ones. Always in the same order, so that two of them never wait for each other.
 */
export async function claimAddresses(
  tx: Tx,
  environmentId: Id<'env'>,
  contactId: Id<'cust'>,
  addresses: PlacedAddress[],
): Promise<Address[]> {
  if (addresses.length === 0) return []
  const { kinds, values, positions } = columns(addresses)
  const { rows } = await sql<Address>`
    INSERT INTO contact_addresses (environment_id, kind, value, contact_id, position)
    SELECT ${environmentId}, kind, value, ${contactId}, position
      FROM unnest(${kinds}::text[], ${values}::text[], ${positions}::smallint[]) AS claimed(kind, value, position)
     ORDER BY kind COLLATE "C", value COLLATE "C"
    ON CONFLICT (environment_id, kind, value) DO NOTHING
    RETURNING kind, value`.execute(tx)
  return rows
}

/** Makes the given ones, all of which the contact has, its only addresses and puts them in their places. */
export async function arrangeAddresses(
  tx: Tx,
  environmentId: Id<'env'>,
  contactId: Id<'cust'>,
  addresses: PlacedAddress[],
): Promise<void> {
  const { kinds, values, positions } = columns(addresses)
  await sql`
    DELETE FROM contact_addresses
     WHERE environment_id = ${environmentId} AND contact_id = ${contactId}
       AND (kind, value) NOT IN (SELECT * FROM unnest(${kinds}::text[], ${values}::text[]))`.execute(tx)
  await sql`
    UPDATE contact_addresses AS address SET position = placed.position
      FROM unnest(${kinds}::text[], ${values}::text[], ${positions}::smallint[]) AS placed(kind, value, position)
     WHERE address.environment_id = ${environmentId} AND address.contact_id = ${contactId}
       AND address.kind = placed.kind AND address.value = placed.value
       AND address.position <> placed.position`.execute(tx)
}

/** Who has these addresses, in the order in which they are asked for. Locks nothing. */
export async function findOwners(
  tx: Tx,
  environmentId: Id<'env'>,
  addresses: readonly Address[],
): Promise<AddressOwner[]> {
  const { kinds, values, positions } = columns(
    addresses.map((address, position) => ({ ...address, position })),
  )
  const { rows } = await sql<AddressOwner>`
    SELECT address.kind, address.value, address.contact_id, contacts.name,
           ARRAY(SELECT own.value FROM contact_addresses AS own
                  WHERE own.environment_id = contacts.environment_id AND own.contact_id = contacts.id) AS all_addresses
      FROM unnest(${kinds}::text[], ${values}::text[], ${positions}::int[]) AS wanted(kind, value, position)
      JOIN contact_addresses AS address
        ON address.environment_id = ${environmentId} AND address.kind = wanted.kind AND address.value = wanted.value
      JOIN contacts
        ON contacts.environment_id = address.environment_id AND contacts.id = address.contact_id
     ORDER BY wanted.position`.execute(tx)
  return rows
}

function columns(addresses: readonly PlacedAddress[]) {
  return {
    kinds: addresses.map(({ kind }): AddressKind => kind),
    values: addresses.map(({ value }) => value),
    positions: addresses.map(({ position }) => position),
  }
}
