/** SQL of contacts: read with their addresses and what their conversations add up to, written one row at a time. */
import { type Insertable, type Selectable, type SelectQueryBuilder, sql, type Updateable } from 'kysely'
import type { Database, Db, Tx } from '../../db/client.ts'
import type { ContactsTable } from '../../db/tables/contacts.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { SearchTerms } from './search-terms.ts'

export type ContactRow = Selectable<ContactsTable> & {
  emails: string[]
  phones: string[]
  conversation_count: number
  last_conversation: Date | null
}

export type ContactSort = 'created' | 'updated' | 'name'

export interface ContactFilter {
  sort: ContactSort
  search?: SearchTerms | undefined
  tag?: string | undefined
}

/** How well a contact fits what was searched for: 0 for its exact address, 1 for the start of its name, 2 for the rest. */
export type MatchedContactRow = ContactRow & { rank: number }

type Contacts<O> = SelectQueryBuilder<Database, 'contacts', O>

function selectContacts(db: Db | Tx, environmentId: Id<'env'>) {
  return db.selectFrom('contacts').selectAll('contacts').where('contacts.environment_id', '=', environmentId)
}

/** Adds addresses and conversations to the contacts of a query, in one statement and only for those it returns. */
function withDetails<O extends Selectable<ContactsTable>>(db: Db | Tx, contacts: Contacts<O>) {
  const addresses = (kind: 'email' | 'phone') => sql<string[]>`ARRAY(
    SELECT value FROM contact_addresses AS address
     WHERE address.environment_id = contacts.environment_id AND address.contact_id = contacts.id
       AND address.kind = ${sql.lit(kind)}
     ORDER BY address.position)`
  return db
    .selectFrom(contacts.as('contacts'))
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('conversations')
          .whereRef('conversations.environment_id', '=', sql.ref('contacts.environment_id'))
          .whereRef('conversations.contact_id', '=', sql.ref('contacts.id'))
          .select((of) => [
            of.fn.countAll<number>().as('conversation_count'),
            of.fn.max('last_activity_at').as('last_conversation'),
          ])
          .as('activity'),
      (join) => join.onTrue(),
    )
    .selectAll(['contacts', 'activity'])
    .select([addresses('email').as('emails'), addresses('phone').as('phones')])
}

export function findContact(
  db: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
): Promise<ContactRow | undefined> {
  return withDetails(db, selectContacts(db, environmentId).where('contacts.id', '=', id)).executeTakeFirst()
}

/** For an id that is known to be there. */
export async function getContact(db: Db | Tx, environmentId: Id<'env'>, id: Id<'cust'>): Promise<ContactRow> {
  const row = await findContact(db, environmentId, id)
  if (row === undefined) throw new Error(`contact ${id} is gone`)
  return row
}

/** In the order of `filter.sort`, one row more than the page holds. */
export function listContacts(
  db: Db,
  environmentId: Id<'env'>,
  { sort, search, tag }: ContactFilter,
  page: PageRequest,
): Promise<ContactRow[]> {
  let contacts = selectContacts(db, environmentId)
    .offset(page.offset)
    .limit(page.limit + 1)
  if (search !== undefined) contacts = contacts.where(matches(environmentId, search))
  if (tag !== undefined) contacts = contacts.where('contacts.tags', '@>', sql<string[]>`ARRAY[${tag}]`)
  const [value, id] = page.after ?? []
  if (sort === 'name') {
    if (page.after !== undefined) {
      contacts = contacts.where(sql<boolean>`(contacts.name_key, contacts.id) > (${value}, ${id})`)
    }
    const ordered = contacts.orderBy('contacts.name_key').orderBy('contacts.id')
    return withDetails(db, ordered).orderBy('contacts.name_key').orderBy('contacts.id').execute()
  }
  const column = sort === 'created' ? 'contacts.created_at' : 'contacts.updated_at'
  if (page.after !== undefined) {
    contacts = contacts.where(sql<boolean>`(${sql.ref(column)}, contacts.id) < (${value}, ${id})`)
  }
  const ordered = contacts.orderBy(column, 'desc').orderBy('contacts.id', 'desc')
  return withDetails(db, ordered).orderBy(column, 'desc').orderBy('contacts.id', 'desc').execute()
}

/** Best matches first, then by name; one row more than the page holds. */
export function searchContacts(
  db: Db,
  environmentId: Id<'env'>,
  search: SearchTerms,
  page: PageRequest,
): Promise<MatchedContactRow[]> {
  const rank = sql<number>`CASE
    WHEN EXISTS (SELECT FROM contact_addresses AS address
                  WHERE address.environment_id = contacts.environment_id AND address.contact_id = contacts.id
                    AND address.value = ANY(${search.addresses}::text[])) THEN 0
    WHEN contacts.name_key LIKE ${folded(search.prefix)} THEN 1
    ELSE 2 END`
  let contacts = selectContacts(db, environmentId)
    .select(rank.as('rank'))
    .where(matches(environmentId, search))
    .offset(page.offset)
    .limit(page.limit + 1)
  if (page.after !== undefined) {
    const [afterRank, name, id] = page.after
    contacts = contacts.where(
      sql<boolean>`(${rank}, contacts.name_key, contacts.id) > (${afterRank}::int, ${name}, ${id})`,
    )
  }
  const ordered = contacts.orderBy('rank').orderBy('contacts.name_key').orderBy('contacts.id')
  return withDetails(db, ordered)
    .orderBy('contacts.rank')
    .orderBy('contacts.name_key')
    .orderBy('contacts.id')
    .execute()
}

/** Lower case in the way of `contacts.name_key`. */
function folded(text: string) {
  return sql<string>`lower(${text}::text COLLATE "und-x-icu")`
}

function matches(environmentId: Id<'env'>, { contains, digits, addresses }: SearchTerms) {
  return sql<boolean>`(contacts.name_key LIKE ${folded(contains)} OR contacts.id IN (
    SELECT contact_id FROM contact_addresses
     WHERE environment_id = ${environmentId}
       AND (value LIKE ${folded(contains)} OR value = ANY(${addresses}::text[])
            OR (kind = 'phone' AND value LIKE ${digits}::text))))`
}

export async function insertContact(tx: Tx, row: Insertable<ContactsTable>): Promise<void> {
  await tx.insertInto('contacts').values(row).execute()
}

/**
 * Waits for other changes to the contact and keeps them waiting until the transaction ends. New conversations of the
 * contact pass. False when there is no such contact.
 */
export async function lockContact(tx: Tx, environmentId: Id<'env'>, id: Id<'cust'>): Promise<boolean> {
  const row = await tx
    .selectFrom('contacts')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export async function updateContact(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
  change: Updateable<ContactsTable>,
): Promise<void> {
  await tx
    .updateTable('contacts')
    .set(change)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/**
 * Keeps the contact from being deleted until the transaction ends, and nobody from changing it. Not to be followed by
 * `lockContact` for the same one: two that both go from the weaker to the stronger lock can wait for each other.
 */
export async function keepContact(tx: Tx, environmentId: Id<'env'>, id: Id<'cust'>): Promise<boolean> {
  const row = await tx
    .selectFrom('contacts')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps everything else from the contact, new conversations too, until the transaction ends or the savepoint is rolled back to. */
export async function lockContactAlone(tx: Tx, environmentId: Id<'env'>, id: Id<'cust'>): Promise<boolean> {
  const row = await tx
    .selectFrom('contacts')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Locks a contact's conversations and returns how many there are. */
export async function lockConversationsOf(tx: Tx, environmentId: Id<'env'>, id: Id<'cust'>): Promise<number> {
  const rows = await tx
    .selectFrom('conversations')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('contact_id', '=', id)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return rows.length
}

export async function countConversationsOf(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'cust'>,
): Promise<number> {
  const { count } = await tx
    .selectFrom('conversations')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('environment_id', '=', environmentId)
    .where('contact_id', '=', id)
    .executeTakeFirstOrThrow()
  return count
}

/** Its addresses go with it; its conversations stay, without a contact. */
export async function deleteContact(tx: Tx, environmentId: Id<'env'>, id: Id<'cust'>): Promise<void> {
  await tx.deleteFrom('contacts').where('environment_id', '=', environmentId).where('id', '=', id).execute()
}

/** What is written after it can be taken back without ending the transaction. */
export async function setSavepoint(tx: Tx): Promise<void> {
  await sql`SAVEPOINT contact_change`.execute(tx)
}

export async function rollBackToSavepoint(tx: Tx): Promise<void> {
  await sql`ROLLBACK TO SAVEPOINT contact_change`.execute(tx)
}

export async function releaseSavepoint(tx: Tx): Promise<void> {
  await sql`RELEASE SAVEPOINT contact_change`.execute(tx)
}
