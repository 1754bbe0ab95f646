/** SQL of the people who left a workspace. */
import type { Db } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'

export async function noteDeparture(
  db: Db,
  workspaceId: Id<'ws'>,
  email: string,
  leftAt: Date,
): Promise<void> {
  await db
    .insertInto('former_members')
    .values({ workspace_id: workspaceId, email, left_at: leftAt })
    .onConflict((row) => row.columns(['workspace_id', 'email']).doNothing())
    .execute()
}

export async function removeDeparture(db: Db, workspaceId: Id<'ws'>, email: string): Promise<void> {
  await db
    .deleteFrom('former_members')
    .where('workspace_id', '=', workspaceId)
    .where('email', '=', email)
    .execute()
}
