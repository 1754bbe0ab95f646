/**
 * Making accounts. The first person of an installation always may; everybody else as AGENTCLARA_SIGN_UP says. The first one
 * takes over the workspace that was made before, with the admin command, if nobody is in it.
 */
import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import type { Id } from '../../lib/ids.ts'
import type { Attempts } from './attempts.ts'
import type { Caller } from './auth-routes.ts'
import { failureOf } from './failures.ts'
import type { Identity, IdentityAnswer } from './identity.ts'
import { findUserByEmail, hasUsers, setEmailVerified } from './store.ts'

export interface SignUpInput {
  readonly name: string
  readonly email: string
  readonly password: string
  /** The token of an invitation's link. */
  readonly invitation?: string | undefined
}

export interface SignUpServiceOptions {
  db: Db
  identity: () => Promise<Identity>
  attempts: Attempts
  policy: Config['signUp']
  canSendMail: boolean
  /**
   * Whether the token is that of an invitation which is open, and for this address (in lower case); and if so, whether it
   * was mailed to this address: links are shown to who invites, too.
   */
  invites(token: string, email: string): Promise<'no' | 'by link' | 'by mail'>
  /** Makes this person the owner of the oldest workspace that has no members, if there is one. */
  claimWorkspace(tx: Tx, userId: Id<'user'>): Promise<void>
}

/** Of advisory locks: who signs up while nobody has an account waits for others who do. */
const FIRST_USER_LOCK = 4546

export class SignUpService {
  readonly #options: SignUpServiceOptions
  /** One of this server at a time waits for the lock, each with a connection. */
  #first: Promise<unknown> = Promise.resolve()

  constructor(options: SignUpServiceOptions) {
    this.#options = options
  }

  async config() {
    const { db, policy, canSendMail } = this.#options
    return {
      sign_up: policy,
      can_send_mail: canSendMail,
      is_first_user: !(await hasUsers(db)),
      providers: [],
    }
  }

  /** Throws `sign_up_closed`, `conflict` for an address that has an account, `rate_limited`. */
  async signUp(input: SignUpInput, caller: Caller): Promise<IdentityAnswer> {
    const { db, attempts } = this.#options
    const email = input.email.toLowerCase()
    const succeed = attempts.begin('sign_up', caller.address, email)
    const answer = (await hasUsers(db))
      ? await this.#signUpLater(input, email, caller)
      : await this.#inTurn(() => this.#signUpFirst(input, email, caller))
    succeed()
    return answer
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#first.then(work)
    this.#first = turn.catch(() => {})
    return turn
  }

  async #signUpFirst(input: SignUpInput, email: string, caller: Caller): Promise<IdentityAnswer> {
    const { db, claimWorkspace } = this.#options
    return transact(db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(${FIRST_USER_LOCK})`.execute(tx)
      if (await hasUsers(tx)) return this.#signUpLater(input, email, caller)
      // On a connection of its own, and committed when it answers: the lock is what holds others back.
      const answer = await this.#make(input, email, caller)
      const userId = userIdOf(answer)
      await setEmailVerified(tx, userId)
      await claimWorkspace(tx, userId)
      return answer
    })
  }

  async #signUpLater(input: SignUpInput, email: string, caller: Caller): Promise<IdentityAnswer> {
    const { db, policy, invites } = this.#options
    const { invitation } = input
    const invited = invitation === undefined ? 'no' : await invites(invitation, email)
    if (policy === 'closed') {
      throw new ApiError('sign_up_closed', {
        error: 'Sign-up is closed',
        hint: 'Whoever runs this installation has closed it: AGENTCLARA_SIGN_UP.',
      })
    }
    if (policy === 'invited' && invited === 'no') {
      throw new ApiError('sign_up_closed', {
        ...(invitation === undefined
          ? {}
          : {
              error: 'This invitation is not for that address, was used, or is over',
              hint: 'Sign up with the e-mail address that was invited, or ask for a new invitation.',
            }),
      })
    }
    const answer = await this.#make(input, email, caller)
    // Whoever invites may do so for any address: only what was mailed there shows that this person reads its mail.
    if (invited === 'by mail') await setEmailVerified(db, userIdOf(answer))
    return answer
  }

  async #make(
    { name, password }: SignUpInput,
    email: string,
    { address, userAgent }: Caller,
  ): Promise<IdentityAnswer> {
    const { db, identity } = this.#options
    const body = { name: name.trim(), email, password }
    const path = '/sign-up/email'
    const request = { method: 'POST', path, body, cookies: undefined, address, userAgent } as const
    const answer = await (await identity()).handle(request)
    if (answer.status < 400) return answer
    // Two at once: the second one finds the address taken when it writes.
    if (answer.status === 422 && (await findUserByEmail(db, email)) !== undefined) throw taken()
    throw failureOf(answer.status, answer.body) ?? new Error(`sign-up answered ${answer.status}`)
  }
}

function taken(): ApiError {
  return new ApiError('conflict', {
    error: 'There is an account with this e-mail address already',
    hint: 'Sign in with it, or reset its password if you no longer know it.',
    param: 'email',
  })
}

function userIdOf({ body }: IdentityAnswer): Id<'user'> {
  return (body as { user: { id: Id<'user'> } }).user.id // what sign-up answers, with an id of ours
}
