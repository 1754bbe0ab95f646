/** SQL of who is signed in, and of what proves who somebody is. Across workspaces: it is about people. */
import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { PasskeysTable, SessionsTable, UsersTable, VerificationsTable } from '../../db/tables/auth.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { EnvironmentName, Plan, Role } from '../../principal.ts'

export type SessionRow = Selectable<SessionsTable>
export type UserRow = Selectable<UsersTable>
export type PasskeyRow = Selectable<PasskeysTable>

/** A session, its person, and one environment of one workspace that the person is a member of, if there is any. */
export interface VisitRow {
  id: Id<'ses'>
  user_id: Id<'user'>
  expires_at: Date
  updated_at: Date
  last_active_at: Date
  proved_at: Date
  name: string
  email: string
  email_verified: boolean
  two_factor_enabled: boolean | null
  member_id: Id<'mem'> | null
  role: Role | null
  workspace_id: Id<'ws'> | null
  workspace_name: string | null
  plan: Plan | null
  environment_id: Id<'env'> | null
  environment: EnvironmentName | null
}

/** By what the cookie says. Of the workspace that the person joined first, first. */
export async function findVisits(db: Db, token: string): Promise<VisitRow[]> {
  const { rows } = await sql<VisitRow>`
    SELECT sessions.id, sessions.user_id, sessions.expires_at, sessions.updated_at, sessions.last_active_at,
           sessions.proved_at, users.name, users.email, users.email_verified, users.two_factor_enabled,
           work.member_id, work.role, work.workspace_id, work.workspace_name, work.plan,
           work.environment_id, work.environment
      FROM auth.sessions JOIN auth.users ON users.id = sessions.user_id
      LEFT JOIN LATERAL (
        SELECT members.id AS member_id, members.role, workspaces.id AS workspace_id, workspaces.name AS workspace_name,
               workspaces.plan, environments.id AS environment_id, environments.name AS environment
          FROM members
          JOIN workspaces ON workspaces.id = members.workspace_id AND workspaces.deleted_at IS NULL
          JOIN environments ON environments.workspace_id = workspaces.id
         WHERE members.user_id = users.id) AS work ON true
     WHERE sessions.token = ${token}
     ORDER BY work.member_id`.execute(db)
  return rows
}

/** Somebody uses it. `renewedAt`: its cookie was set anew, too. */
export async function touchSession(
  db: Db,
  id: Id<'ses'>,
  now: Date,
  expiresAt: Date,
  renewedAt: Date | undefined,
): Promise<void> {
  await db
    .updateTable('auth.sessions')
    .set({
      last_active_at: now,
      expires_at: expiresAt,
      ...(renewedAt === undefined ? {} : { updated_at: renewedAt }),
    })
    .where('id', '=', id)
    .execute()
}

/** Those that are not over, the newest first, one row more than the page holds. */
export function listSessions(
  db: Db,
  userId: Id<'user'>,
  now: Date,
  page: PageRequest,
): Promise<SessionRow[]> {
  const [afterId] = page.after ?? []
  return db
    .selectFrom('auth.sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .$if(afterId !== undefined, (query) => query.where('id', '<', String(afterId) as Id<'ses'>))
    .orderBy('id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

/** How many it ended; only of this person. */
export async function endSessions(
  db: Db | Tx,
  userId: Id<'user'>,
  which: { only?: Id<'ses'>; except?: Id<'ses'> } = {},
): Promise<number> {
  let query = db.deleteFrom('auth.sessions').where('user_id', '=', userId)
  if (which.only !== undefined) query = query.where('id', '=', which.only)
  if (which.except !== undefined) query = query.where('id', '!=', which.except)
  const { numDeletedRows } = await query.executeTakeFirst()
  return Number(numDeletedRows)
}

export async function noteProof(db: Db, id: Id<'ses'>, at: Date): Promise<void> {
  await db.updateTable('auth.sessions').set({ proved_at: at }).where('id', '=', id).execute()
}

export async function findPasswordHash(db: Db, userId: Id<'user'>): Promise<string | undefined> {
  const row = await db
    .selectFrom('auth.accounts')
    .select('password')
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return row?.password ?? undefined
}

/** By an address in lower case: whose password it is, and how it is kept. */
export async function findPassword(
  db: Db,
  email: string,
): Promise<{ userId: Id<'user'>; hash: string | null } | undefined> {
  return db
    .selectFrom('auth.accounts')
    .innerJoin('auth.users', 'auth.users.id', 'auth.accounts.user_id')
    .select(['auth.users.id as userId', 'auth.accounts.password as hash'])
    .where('auth.users.email', '=', email)
    .where('auth.accounts.provider_id', '=', 'credential')
    .executeTakeFirst()
}

export async function endSessionOf(db: Db, token: string): Promise<void> {
  await db.deleteFrom('auth.sessions').where('token', '=', token).execute()
}

export function listPasskeys(db: Db, userId: Id<'user'>): Promise<PasskeyRow[]> {
  return db.selectFrom('auth.passkeys').selectAll().where('user_id', '=', userId).execute()
}

export async function setPasskeyCounter(db: Db, id: string, counter: number): Promise<void> {
  await db.updateTable('auth.passkeys').set({ counter }).where('id', '=', id).execute()
}

export async function hasUsers(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('auth.users').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** In the order in which they signed up. */
export function listUsers(db: Db): Promise<UserRow[]> {
  return db.selectFrom('auth.users').selectAll().orderBy('id').execute()
}

/** `email`: in lower case. */
export function findUserByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('auth.users').selectAll().where('email', '=', email).executeTakeFirst()
}

export async function setEmailVerified(db: Db | Tx, userId: Id<'user'>): Promise<void> {
  await db.updateTable('auth.users').set({ email_verified: true }).where('id', '=', userId).execute()
}

/** What was begun by a proof of before: links that reset the password, sign-ins that wait for a code, trust in devices. */
export async function endPending(db: Db | Tx, userId: Id<'user'>): Promise<void> {
  await db.deleteFrom('auth.verifications').where('value', '=', userId).execute()
}

/** Nothing but the password signs this person in from now on. */
export async function removeTwoFactor(tx: Tx, userId: Id<'user'>): Promise<void> {
  await endPending(tx, userId)
  await tx.deleteFrom('auth.two_factors').where('user_id', '=', userId).execute()
  await tx.updateTable('auth.users').set({ two_factor_enabled: false }).where('id', '=', userId).execute()
}

export async function removePasskeys(tx: Tx, userId: Id<'user'>): Promise<void> {
  await tx.deleteFrom('auth.passkeys').where('user_id', '=', userId).execute()
}

/** The value of what holds for a while, by its identifier as it is stored. */
export async function findVerification(db: Db, identifier: string, now: Date): Promise<string | undefined> {
  const row = await db
    .selectFrom('auth.verifications')
    .select('value')
    .where('identifier', '=', identifier)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row?.value
}

/** In place of one that was asked for before. */
export async function putChallenge(db: Db, challenge: Selectable<VerificationsTable>): Promise<void> {
  await db.deleteFrom('auth.verifications').where('identifier', '=', challenge.identifier).execute()
  await db.insertInto('auth.verifications').values(challenge).execute()
}

export async function takeChallenge(db: Db, identifier: string, now: Date): Promise<string | undefined> {
  const taken = await db
    .deleteFrom('auth.verifications')
    .where('identifier', '=', identifier)
    .returning(['value', 'expires_at'])
    .execute()
  return taken.find((one) => one.expires_at > now)?.value
}

/** False when this code was used already, since `notBefore`: by chance it may come again later. */
export async function claimCode(
  db: Db,
  userId: Id<'user'>,
  codeHash: Buffer,
  now: Date,
  notBefore: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('auth.used_codes')
    .values({ user_id: userId, code_hash: codeHash, used_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'code_hash'])
        .doUpdateSet({ used_at: now })
        .where('auth.used_codes.used_at', '<', notBefore),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function releaseCode(db: Db, userId: Id<'user'>, codeHash: Buffer): Promise<void> {
  await db
    .deleteFrom('auth.used_codes')
    .where('user_id', '=', userId)
    .where('code_hash', '=', codeHash)
    .execute()
}

/** What is over: sessions, links, codes that no clock shows any more. */
export async function pruneSignIn(db: Db, now: Date, codesBefore: Date): Promise<void> {
  await db.deleteFrom('auth.sessions').where('expires_at', '<=', now).execute()
  await db.deleteFrom('auth.verifications').where('expires_at', '<=', now).execute()
  await db.deleteFrom('auth.used_codes').where('used_at', '<', codesBefore).execute()
}
