/** SQL of knowledge sources and of the version that says when an index of them is stale. */
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { KnowledgeSourcesTable } from '../../db/tables/knowledge.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'

export type SourceRow = Selectable<KnowledgeSourcesTable>
export type SourceSummaryRow = Omit<SourceRow, 'content' | 'characters'>
export type SourceForIndexRow = Pick<
  SourceRow,
  'id' | 'type' | 'title' | 'content' | 'url' | 'alternate_questions' | 'characters'
>

export async function insertSource(tx: Tx, row: Insertable<KnowledgeSourcesTable>): Promise<void> {
  await tx.insertInto('knowledge_sources').values(row).execute()
}

export function findSource(
  db: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'src'>,
): Promise<SourceRow | undefined> {
  return db
    .selectFrom('knowledge_sources')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Newest first, without the content, one row more than the page holds. */
export function listSources(
  db: Db,
  environmentId: Id<'env'>,
  page: PageRequest,
): Promise<SourceSummaryRow[]> {
  return db
    .selectFrom('knowledge_sources')
    .select([
      'id',
      'environment_id',
      'type',
      'title',
      'content_length',
      'url',
      'alternate_questions',
      'created_at',
      'updated_at',
    ])
    .where('environment_id', '=', environmentId)
    .$if(page.after !== undefined, (query) => query.where('id', '<', String(page.after?.[0]) as Id<'src'>))
    .orderBy('id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

/** All of an environment, oldest first: what an index is built from. */
export function listSourcesForIndex(db: Tx, environmentId: Id<'env'>): Promise<SourceForIndexRow[]> {
  return db
    .selectFrom('knowledge_sources')
    .select(['id', 'type', 'title', 'content', 'url', 'alternate_questions', 'characters'])
    .where('environment_id', '=', environmentId)
    .orderBy('id')
    .execute()
}

export async function updateSource(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'src'>,
  change: Updateable<KnowledgeSourcesTable>,
): Promise<void> {
  await tx
    .updateTable('knowledge_sources')
    .set(change)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

export async function deleteSource(tx: Tx, environmentId: Id<'env'>, id: Id<'src'>): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('knowledge_sources')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** How much an environment holds; taken with its version row locked, so that two writers can't both fit in. */
export async function measureSources(
  tx: Tx,
  environmentId: Id<'env'>,
): Promise<{ sources: number; characters: number }> {
  return tx
    .selectFrom('knowledge_sources')
    .select((eb) => [
      eb.fn.countAll<number>().as('sources'),
      sql<number>`coalesce(sum(characters), 0)::bigint`.as('characters'),
    ])
    .where('environment_id', '=', environmentId)
    .executeTakeFirstOrThrow()
}

/** Counts the version up and holds its row until the transaction ends, so that changes follow each other. */
export async function bumpVersion(tx: Tx, environmentId: Id<'env'>): Promise<void> {
  await sql`
    INSERT INTO knowledge_versions (environment_id, version) VALUES (${environmentId}, 1)
    ON CONFLICT (environment_id) DO UPDATE SET version = knowledge_versions.version + 1`.execute(tx)
}

/** 0 before the first source. */
export async function readVersion(db: Db | Tx, environmentId: Id<'env'>): Promise<number> {
  const row = await db
    .selectFrom('knowledge_versions')
    .select('version')
    .where('environment_id', '=', environmentId)
    .executeTakeFirst()
  return row?.version ?? 0
}
