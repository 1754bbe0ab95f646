/** Invitations: made, seen, sent again and taken back by those who may give the role. */
import type { KeyObject } from 'node:crypto'
import type { Db } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError, rateLimited } from '../../errors.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { Throttle } from '../../lib/throttle.ts'
import type { Role, Scope, TeamPrincipal } from '../../principal.ts'
import { type AuthorityOptions, takeAuthority } from './authority.ts'
import type { InvitationNotice } from './invitation-mail.ts'
import * as store from './invitation-store.ts'
import { findMemberByEmail } from './people-store.ts'
import { assertMayGive } from './rules.ts'
import { createToken, hashToken, toMailed } from './token.ts'

const LIFETIME_MS = 7 * 86_400_000
/** Of one workspace, that nobody has accepted. */
const MAX_OPEN = 100
/** Each may be a mail to somebody who asked for none: a workspace sends so many at once, and then each minute. */
const SENDING = { burst: 100, perMinute: 10 }
/** To one address, whichever workspaces they come from: whoever makes workspaces buries nobody in mail. */
const MAILED = { burst: 5, perMinute: 1 }

export interface InvitationServiceOptions extends AuthorityOptions {
  db: Db
  /** Proves which links were mailed. */
  key: KeyObject
  /** The link that opens an invitation. */
  urlOf: (token: string) => string
  canMail: boolean
  /** Mails it, where mail can be sent. Returns at once. */
  mail: (to: string, notice: InvitationNotice) => void
}

export interface SentInvitation {
  invitation: store.InvitationRow
  /** It is in this answer and nowhere else: the mail has one of its own. */
  url: string
}

export class InvitationService {
  readonly #options: InvitationServiceOptions
  readonly #sending = new Throttle(SENDING)
  readonly #mailed = new Throttle(MAILED)

  constructor(options: InvitationServiceOptions) {
    this.#options = options
  }

  /** Those that nobody has accepted, also when their time is over. */
  async list(
    { workspaceId }: Pick<Scope, 'workspaceId'>,
    page: PageRequest,
  ): Promise<Page<store.InvitationRow>> {
    const rows = await store.listOpenInvitations(this.#options.db, workspaceId, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  /** Throws `conflict` for who is a member or invited already, and `insufficient_permissions` for a role beyond the caller’s. */
  async create(by: TeamPrincipal, input: { email: string; role: Role }): Promise<SentInvitation> {
    const { db } = this.#options
    const { workspaceId } = by
    const email = input.email.toLowerCase()
    this.#admit(workspaceId)
    const { invitation, token } = await transactOnce(db, by, async (tx) => {
      assertMayGive(await takeAuthority(tx, by, this.#options), input.role)
      const member = await findMemberByEmail(tx, workspaceId, email)
      if (member !== undefined) {
        throw new ApiError('conflict', {
          error: `${email} is a member of this workspace already`,
          hint: 'Change their role instead.',
          details: { member_id: member.id },
        })
      }
      const existing = await store.findOpenInvitationOf(tx, workspaceId, email)
      if (existing !== undefined && existing.expires_at > this.#now()) {
        throw new ApiError('conflict', {
          error: `${email} is invited already`,
          hint: 'Send the invitation again, or take it back first.',
          details: { invitation_id: existing.id },
        })
      }
      if (existing !== undefined) await store.deleteInvitation(tx, workspaceId, existing.id)
      if ((await store.countOpenInvitations(tx, workspaceId)) >= MAX_OPEN) {
        throw new ApiError('conflict', {
          error: `A workspace has at most ${MAX_OPEN} open invitations`,
          hint: 'Take back those that nobody will accept.',
          details: { limit: MAX_OPEN },
        })
      }
      this.#admitMail(email)
      const { token, ...fresh } = this.#fresh(by)
      const id = newId('inv')
      const created = { id, workspace_id: workspaceId, email, role: input.role, created_at: this.#now() }
      return { token, invitation: await store.insertInvitation(tx, { ...created, ...fresh }) }
    })
    return this.#send(by, invitation, token)
  }

  /** With a new link and seven days more; the earlier link ends. Whoever sends it answers for it from now on. */
  async resend(by: TeamPrincipal, id: Id<'inv'>): Promise<SentInvitation> {
    const { db } = this.#options
    const { workspaceId } = by
    this.#admit(workspaceId)
    const { invitation, token } = await transactOnce(db, by, async (tx) => {
      const authority = await takeAuthority(tx, by, this.#options)
      const open = await store.findOpenInvitation(tx, workspaceId, id)
      if (open === undefined) throw missing(id)
      assertMayGive(authority, open.role)
      this.#admitMail(open.email)
      const { token, ...fresh } = this.#fresh(by)
      return { token, invitation: await store.updateInvitation(tx, workspaceId, id, fresh) }
    })
    return this.#send(by, invitation, token)
  }

  /** Its link ends. */
  async delete(by: TeamPrincipal, id: Id<'inv'>): Promise<void> {
    await transactOnce(this.#options.db, by, async (tx) => {
      const authority = await takeAuthority(tx, by, this.#options)
      const open = await store.findOpenInvitation(tx, by.workspaceId, id)
      if (open === undefined) throw missing(id)
      assertMayGive(authority, open.role)
      await store.deleteInvitation(tx, by.workspaceId, id)
    })
  }

  #fresh(by: TeamPrincipal) {
    const token = createToken()
    const inviter =
      by.kind === 'member'
        ? ({ inviter_type: 'member', inviter_id: by.memberId } as const)
        : ({ inviter_type: 'api_key', inviter_id: by.keyId } as const)
    const expiresAt = new Date(this.#now().getTime() + LIFETIME_MS)
    return {
      token,
      token_hash: hashToken(token),
      expires_at: expiresAt,
      inviter_name: by.name,
      ...inviter,
    }
  }

  #send(by: TeamPrincipal, invitation: store.InvitationRow, token: string): SentInvitation {
    const { urlOf, mail, key } = this.#options
    // An earlier try mailed it.
    if (by.once?.isRepeat !== true) {
      const { role, email, expires_at: expiresAt, inviter_name: inviterName } = invitation
      const url = urlOf(toMailed(token, key))
      mail(email, { workspaceName: by.workspaceName, inviterName, role, url, expiresAt })
    }
    return { invitation, url: urlOf(token) }
  }

  #admit(workspaceId: Id<'ws'>): void {
    const waitMs = this.#sending.take(workspaceId, this.#options.clock.nowMs())
    if (waitMs > 0) throw rateLimited('invitations', waitMs)
  }

  /** Counts the mail that is about to go there. Throws `rate_limited`. */
  #admitMail(email: string): void {
    if (!this.#options.canMail) return
    const waitMs = this.#mailed.take(email, this.#options.clock.nowMs())
    if (waitMs > 0) throw rateLimited('invitations', waitMs)
  }

  #now(): Date {
    return new Date(this.#options.clock.nowMs())
  }
}

function missing(id: string): ApiError {
  return new ApiError('not_found', { hint: `There is no open invitation ${id} in this workspace.` })
}
