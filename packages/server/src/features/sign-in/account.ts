/** What somebody sees of being signed in: where, and how to end it; and what who runs the installation may do about it. */
import type { Db } from '../../db/client.ts'
import { transact, transactOnce } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { isId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import type { Person } from '../../principal.ts'
import type { Identity } from './identity.ts'
import { resetLink } from './mails.ts'
import type { Sessions } from './sessions.ts'
import * as store from './store.ts'

export interface AccountServiceOptions {
  db: Db
  clock: Clock
  identity: () => Promise<Identity>
  sessions: Sessions
  base: () => string
}

export class AccountService {
  readonly #options: AccountServiceOptions

  constructor(options: AccountServiceOptions) {
    this.#options = options
  }

  async listSessions({ userId }: Person, page: PageRequest): Promise<Page<store.SessionRow>> {
    const rows = await store.listSessions(this.#options.db, userId, this.#now(), page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  /** Signs out there, on every server. Throws not_found for somebody else's. */
  async endSession(person: Person, id: string): Promise<void> {
    const { db, sessions } = this.#options
    const { userId } = person
    await transactOnce(db, person, async (tx) => {
      if (!isId('ses', id) || (await store.endSessions(tx, userId, { only: id })) === 0)
        throw new ApiError('not_found', {
          hint: `You have no session ${id}: it has ended already, or isn’t yours.`,
        })
    })
    sessions.forget(userId)
  }

  /** Signs out everywhere else; of how many sessions. */
  async endOtherSessions(person: Person): Promise<number> {
    const { db, sessions } = this.#options
    const { userId, sessionId } = person
    const ended = await transactOnce(db, person, (tx) => store.endSessions(tx, userId, { except: sessionId }))
    sessions.forget(userId)
    return ended
  }

  listUsers(): Promise<store.UserRow[]> {
    return store.listUsers(this.#options.db)
  }

  /** A link that resets this person's password, once, within an hour. Throws not_found. */
  async makeResetLink(email: string): Promise<string> {
    const { identity, base } = this.#options
    const { id } = await this.#getUser(email)
    return resetLink(base(), await (await identity()).makeResetToken(id, this.#now()))
  }

  /** For somebody whose app and recovery codes are lost. Throws not_found. */
  async removeTwoFactor(email: string): Promise<void> {
    const { id } = await this.#getUser(email)
    await transact(this.#options.db, (tx) => store.removeTwoFactor(tx, id))
  }

  /** Ends all sessions of this person; how many they were. Throws not_found. */
  async signOut(email: string): Promise<number> {
    const { id } = await this.#getUser(email)
    return store.endSessions(this.#options.db, id)
  }

  async #getUser(email: string): Promise<store.UserRow> {
    const user = await store.findUserByEmail(this.#options.db, email.toLowerCase())
    if (user === undefined) throw new ApiError('not_found', { error: `Nobody has an account with ${email}` })
    return user
  }

  #now(): Date {
    return new Date(this.#options.clock.nowMs())
  }
}
