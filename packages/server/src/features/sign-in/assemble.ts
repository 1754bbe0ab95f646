/** Puts the parts of sign-in together: who somebody is, their sessions, and proving it again. */
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Db, Tx } from '../../db/client.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { Mailer } from '../../mail.ts'
import { AccountService } from './account.ts'
import { Attempts } from './attempts.ts'
import type { Identity } from './identity.ts'
import { ProofService } from './proof.ts'
import { SignInService } from './service.ts'
import { SessionCookie } from './session-cookie.ts'
import { Sessions } from './sessions.ts'
import { SignUpService } from './sign-up.ts'
import { pruneSignIn } from './store.ts'

/** A code that was used this long ago is on no clock any more. */
const USED_CODES_KEPT_MS = 3_600_000

export interface AssembleSignInOptions {
  db: Db
  clock: Clock
  log: Logger
  key: KeyObject
  mailer: Mailer
  signUp: Config['signUp']
  /** Where pages are; it may become another when the server listens, and not afterwards. */
  base: () => string
  invites(token: string, email: string): Promise<'no' | 'by link' | 'by mail'>
  claimWorkspace(tx: Tx, userId: Id<'user'>): Promise<void>
}

export function assembleSignIn(options: AssembleSignInOptions) {
  const { db, clock, log, mailer, base } = options
  const secret = options.key.export().toString('base64url')
  const attempts = new Attempts()
  const cookies = {
    plain: new SessionCookie({ isSecure: false, secret }),
    secure: new SessionCookie({ isSecure: true, secret }),
  }
  const cookie = () => (base().startsWith('https:') ? cookies.secure : cookies.plain)
  // By the server's address. Loaded and made when somebody first signs in: it would be a third of the server's start.
  const identities = new Map<string, Promise<Identity>>()
  const identity = (): Promise<Identity> => {
    const address = base()
    const known = identities.get(address)
    if (known !== undefined) return known
    const made = import('./identity.ts').then(({ createIdentity }) =>
      createIdentity({
        db,
        log,
        base: address,
        secret,
        onResetAsked: async (reset) => service.sendReset(reset),
        onReset: (user) => service.noteReset(user),
      }),
    )
    identities.set(address, made)
    return made
  }
  const sessions = new Sessions({
    db,
    clock,
    cookie,
    onError: (error) => log.warn({ err: error }, 'use of a session not noted'),
  })
  const service = new SignInService({
    db,
    clock,
    identity,
    cookie,
    secret,
    sessions,
    attempts,
    mailer,
    base,
  })
  const { signUp: policy, invites, claimWorkspace } = options
  return {
    sessions,
    service,
    signUp: new SignUpService({
      db,
      identity,
      attempts,
      policy,
      canSendMail: mailer.canSend,
      invites,
      claimWorkspace,
    }),
    account: new AccountService({ db, clock, identity, sessions, base }),
    proofs: new ProofService({ db, clock, identity, sessions, attempts, base }),
    prune: () => {
      const nowMs = clock.nowMs()
      return pruneSignIn(db, new Date(nowMs), new Date(nowMs - USED_CODES_KEPT_MS))
    },
  }
}
