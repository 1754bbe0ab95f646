/** Puts the parts of people together: members, invitations, and what others ask of memberships. */
import type { KeyObject } from 'node:crypto'
import type { Db, Tx } from '../../db/client.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { Mailer } from '../../mail.ts'
import type { ApiKeyPrincipal } from '../../principal.ts'
import { Acceptance } from './acceptance.ts'
import { invitationMail } from './invitation-mail.ts'
import { InvitationService } from './invitations.ts'
import { Memberships } from './memberships.ts'
import { MemberService } from './service.ts'

export interface AssembleMembersOptions {
  db: Db
  clock: Clock
  mailer: Pick<Mailer, 'canSend' | 'send'>
  /** Proves which links were mailed. */
  key: KeyObject
  /** Where the dashboard is: `http://HOST`. */
  base: () => string
  /** Throws when the key may do less than when its request began. */
  assertKey: (tx: Tx, key: ApiKeyPrincipal) => Promise<void>
  /** Once the transaction commits, this server reads again who these are; others hear of it by the database. */
  announce: (tx: Tx, userIds: readonly Id<'user'>[]) => void
  /** Of the keys of somebody who leaves, and comes back. */
  noteDeparture: (tx: Tx, workspaceId: Id<'ws'>, email: string) => Promise<void>
  noteReturn: (tx: Tx, workspaceId: Id<'ws'>, email: string) => Promise<void>
}

export function assembleMembers(options: AssembleMembersOptions) {
  const { db, clock, mailer, key, base, assertKey, announce, noteDeparture, noteReturn } = options
  const memberships = new Memberships({ clock, announce })
  return {
    memberships,
    members: new MemberService({ db, clock, assertKey, announce, noteDeparture }),
    invitations: new InvitationService({
      db,
      clock,
      key,
      assertKey,
      // After the #: no server and no log on the way sees it.
      urlOf: (token) => `${base()}/invite#${token}`,
      canMail: mailer.canSend,
      mail: (to, notice) => mailer.send({ to: [to], ...invitationMail(notice) }),
    }),
    acceptance: new Acceptance({ db, clock, key, memberships, noteReturn }),
  }
}
