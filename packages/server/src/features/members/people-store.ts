/** SQL that reads members together with who they are, which is written by sign-in. */
import type { Db, Tx } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { MembershipRow } from './store.ts'

export type MemberRow = MembershipRow & {
  name: string
  email: string
  has_two_factor: boolean
  /** Of the latest session that is left. */
  last_active_at: Date | null
}

function selectMembers(db: Db | Tx) {
  return db
    .selectFrom('members')
    .innerJoin('auth.users', 'auth.users.id', 'members.user_id')
    .selectAll('members')
    .select((eb) => [
      'auth.users.name',
      'auth.users.email',
      eb.fn.coalesce('auth.users.two_factor_enabled', eb.lit(false)).as('has_two_factor'),
      eb
        .selectFrom('auth.sessions')
        .select((session) => session.fn.max('auth.sessions.last_active_at').as('at'))
        .whereRef('auth.sessions.user_id', '=', 'members.user_id')
        .as('last_active_at'),
    ])
}

/** Who joined last comes first; one row more than the page holds. */
export function listMembers(db: Db, workspaceId: Id<'ws'>, page: PageRequest): Promise<MemberRow[]> {
  const [afterId] = page.after ?? []
  return selectMembers(db)
    .where('members.workspace_id', '=', workspaceId)
    .$if(afterId !== undefined, (query) => query.where('members.id', '<', String(afterId) as Id<'mem'>))
    .orderBy('members.id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

export function findMember(
  db: Db | Tx,
  workspaceId: Id<'ws'>,
  id: Id<'mem'>,
): Promise<MemberRow | undefined> {
  return selectMembers(db)
    .where('members.workspace_id', '=', workspaceId)
    .where('members.id', '=', id)
    .executeTakeFirst()
}

export function findMemberByUser(
  db: Db | Tx,
  workspaceId: Id<'ws'>,
  userId: Id<'user'>,
): Promise<MemberRow | undefined> {
  return selectMembers(db)
    .where('members.workspace_id', '=', workspaceId)
    .where('members.user_id', '=', userId)
    .executeTakeFirst()
}

/** By an address in lower case. */
export function findMemberByEmail(
  db: Db | Tx,
  workspaceId: Id<'ws'>,
  email: string,
): Promise<MemberRow | undefined> {
  return selectMembers(db)
    .where('members.workspace_id', '=', workspaceId)
    .where('auth.users.email', '=', email)
    .executeTakeFirst()
}

/** Whether somebody signs in with this address, which is in lower case. */
export async function hasAccount(db: Db | Tx, email: string): Promise<boolean> {
  const row = await db
    .selectFrom('auth.users')
    .select('auth.users.id')
    .where('auth.users.email', '=', email)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether this session of this person goes on. */
export async function isSignedIn(
  tx: Tx,
  userId: Id<'user'>,
  sessionId: Id<'ses'>,
  now: Date,
): Promise<boolean> {
  const row = await tx
    .selectFrom('auth.sessions')
    .select('id')
    .where('id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row !== undefined
}
