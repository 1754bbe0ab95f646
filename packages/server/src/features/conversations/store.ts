/** SQL of conversations and messages, with the customer's name and addresses read from contacts. */
import { type Insertable, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { ConversationsTable, MessagesTable } from '../../db/tables/conversations.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import { type Reach, visibleTo } from './reach.ts'

export type ConversationRow = Selectable<ConversationsTable> & {
  customer_name: string | null
  customer_email: string | null
  customer_phone: string | null
  /** The latest message that isn't a note, or the creation; read for callers that see no notes. */
  public_activity_at?: Date
}
export type LockedConversation = Selectable<ConversationsTable>
export type MessageRow = Selectable<MessagesTable>

export interface ConversationFilter {
  channel?: ConversationsTable['channel'] | undefined
  status?: ConversationsTable['status'] | undefined
  handledBy?: ConversationsTable['handled_by'] | undefined
  contactId?: string | undefined
  tag?: string | undefined
  updatedAfter?: Date | undefined
  sort: 'created' | 'updated'
}

/** What every query that looks for conversations on somebody's behalf asks for first. */
function reached(reach: Reach): RawBuilder<boolean> {
  const inEnvironment = sql<boolean>`conversations.environment_id = ${reach.environmentId}`
  switch (reach.kind) {
    case 'environment':
      return inEnvironment
    case 'contact':
      return sql`(${inEnvironment} AND conversations.contact_id = ${reach.contactId})`
    case 'conversation':
      return sql`(${inEnvironment} AND conversations.id = ${reach.conversationId})`
  }
}

const publicActivity = sql<Date>`COALESCE((
    SELECT message.created_at FROM messages AS message
     WHERE message.environment_id = conversations.environment_id
       AND message.conversation_id = conversations.id AND message.visibility = 'public'
     ORDER BY message.id DESC LIMIT 1), conversations.created_at)`

function selectConversations(db: Db | Tx, reach: Reach) {
  const firstAddress = (kind: 'email' | 'phone') => sql<string | null>`(
    SELECT value FROM contact_addresses AS address
     WHERE address.contact_id = conversations.contact_id AND address.kind = ${sql.lit(kind)}
     ORDER BY address.position LIMIT 1)`
  return db
    .selectFrom('conversations')
    .leftJoin('contacts', 'contacts.id', 'conversations.contact_id')
    .selectAll('conversations')
    .select([
      'contacts.name as customer_name',
      firstAddress('email').as('customer_email'),
      firstAddress('phone').as('customer_phone'),
    ])
    .$if(reach.kind !== 'environment', (query) => query.select(publicActivity.as('public_activity_at')))
    .where(reached(reach))
}

export async function insertConversation(
  tx: Tx,
  row: Insertable<ConversationsTable>,
): Promise<LockedConversation> {
  return tx.insertInto('conversations').values(row).returningAll().executeTakeFirstOrThrow()
}

export function findConversation(
  db: Db | Tx,
  reach: Reach,
  id: Id<'conv'>,
): Promise<ConversationRow | undefined> {
  return selectConversations(db, reach).where('conversations.id', '=', id).executeTakeFirst()
}

/** For an id that is known to be there. */
export async function getConversation(db: Db | Tx, reach: Reach, id: Id<'conv'>): Promise<ConversationRow> {
  const row = await findConversation(db, reach, id)
  if (row === undefined) throw new Error(`conversation ${id} is gone`)
  return row
}

export async function conversationExists(db: Db, reach: Reach, id: Id<'conv'>): Promise<boolean> {
  const row = await db
    .selectFrom('conversations')
    .select('id')
    .where(reached(reach))
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

/** Every change to a conversation begins here, so that changes to one follow each other. */
export function lockConversation(
  tx: Tx,
  reach: Reach,
  id: Id<'conv'>,
): Promise<LockedConversation | undefined> {
  return tx
    .selectFrom('conversations')
    .selectAll()
    .where(reached(reach))
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** In the order of `filter.sort`, newest first, one row more than the page holds. */
export function listConversations(
  db: Db,
  reach: Reach,
  filter: ConversationFilter,
  page: PageRequest,
): Promise<ConversationRow[]> {
  const { channel, status, handledBy, contactId, tag, updatedAfter, sort } = filter
  let query = selectConversations(db, reach)
  if (channel !== undefined) query = query.where('channel', '=', channel)
  if (status !== undefined) query = query.where('status', '=', status)
  if (handledBy !== undefined) query = query.where('handled_by', '=', handledBy)
  if (contactId !== undefined) query = query.where('contact_id', '=', contactId as Id<'cust'>)
  if (tag !== undefined) query = query.where('conversations.tags', '@>', sql<string[]>`ARRAY[${tag}]`)
  if (updatedAfter !== undefined) query = query.where('conversations.updated_at', '>', updatedAfter)
  if (sort === 'updated') {
    query = query.orderBy('conversations.updated_at', 'desc')
    if (page.after !== undefined) {
      const [updatedAt, id] = page.after
      query = query.where(sql<boolean>`(conversations.updated_at, conversations.id) < (${updatedAt}, ${id})`)
    }
  } else if (page.after !== undefined) {
    query = query.where('conversations.id', '<', String(page.after[0]) as Id<'conv'>)
  }
  return query
    .orderBy('conversations.id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

export async function updateConversation(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'conv'>,
  change: Updateable<ConversationsTable>,
): Promise<void> {
  await tx
    .updateTable('conversations')
    .set(change)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

export async function deleteConversation(tx: Tx, environmentId: Id<'env'>, id: Id<'conv'>): Promise<void> {
  await tx
    .deleteFrom('conversations')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

export async function insertMessage(tx: Tx, row: Insertable<MessagesTable>): Promise<void> {
  await tx.insertInto('messages').values(row).execute()
}

export interface MessageFilter {
  conversationId: Id<'conv'>
  order: 'asc' | 'desc'
}

/** Those that the caller may see of a conversation that it reaches. One row more than the page holds. */
export function listMessages(
  db: Db | Tx,
  reach: Reach,
  { conversationId, order }: MessageFilter,
  page: PageRequest,
): Promise<MessageRow[]> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('environment_id', '=', reach.environmentId)
    .where('conversation_id', '=', conversationId)
    .$if(reach.kind !== 'environment', (query) => query.where('visibility', 'in', visibleTo(reach)))
    .$if(page.after !== undefined, (query) =>
      query.where('id', order === 'asc' ? '>' : '<', String(page.after?.[0]) as Id<'msg'>),
    )
    .orderBy('id', order)
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}
