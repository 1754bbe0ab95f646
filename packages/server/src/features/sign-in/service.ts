/** Signing in, out, and changing how: Better Auth does it, behind limits of ours, and sessions are forgotten that ended. */
import { createHash } from 'node:crypto'
import type { Db } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { Mailer } from '../../mail.ts'
import type { Person } from '../../principal.ts'
import { assertProved } from '../../proof-age.ts'
import type { Attempts } from './attempts.ts'
import type { Caller } from './auth-routes.ts'
import { CHALLENGE_COOKIE, storedIdentifier } from './conventions.ts'
import type { Endpoint } from './endpoints.ts'
import { failureOf } from './failures.ts'
import type { Identity, IdentityAnswer, Reset } from './identity.ts'
import { resetLink, resetMail } from './mails.ts'
import { isUserVerified } from './passkey-flags.ts'
import { onlySigned, readSigned, type SessionCookie } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'
import * as store from './store.ts'

export interface SignInServiceOptions {
  db: Db
  clock: Clock
  identity: () => Promise<Identity>
  cookie: () => SessionCookie
  secret: string
  sessions: Sessions
  attempts: Attempts
  mailer: Pick<Mailer, 'canSend' | 'send'>
  base: () => string
}

/** A code is on the clock for a minute and a half, a step before and behind its own among it. */
const CODE_SHOWN_MS = 3 * 60_000

export class SignInService {
  readonly #options: SignInServiceOptions

  constructor(options: SignInServiceOptions) {
    this.#options = options
  }

  /** One of the endpoints of the table. Throws ApiError for what is refused. */
  async handle(
    endpoint: Endpoint,
    body: Record<string, unknown> | undefined,
    caller: Caller,
  ): Promise<IdentityAnswer> {
    const { sessions, clock } = this.#options
    const person = await this.#personOf(caller)
    if (endpoint.needsProof === true) {
      if (person === undefined) throw new ApiError('unauthorized', { hint: 'Sign in first.' })
      assertProved(person, clock.nowMs())
    }
    if (endpoint.path === '/passkey/verify-authentication' && !isUserVerified(body?.response))
      throw new ApiError('passkey_refused', {
        hint: 'The device didn’t ask who you are: set a PIN or a fingerprint for it, or use your password.',
      })
    const account = await this.#accountOf(endpoint, body, caller, person)
    const succeed = this.#begin(endpoint, caller, account)
    const answer = await this.#whilePasswordStays(endpoint, body, () =>
      this.#once(endpoint, body, account, () => this.#ask(endpoint, body, caller)),
    )
    succeed()
    if (endpoint.endsPending === true && person !== undefined)
      await store.endPending(this.#options.db, person.userId)
    if (endpoint.startsSession === true && person !== undefined) await this.end(person)
    // Whose it was may have changed with it: of a link it isn't known here. A lookup each is what it costs.
    if (endpoint.changesPeople === true) {
      if (endpoint.path === '/reset-password') sessions.forgetAll()
      else if (person !== undefined) sessions.forget(person.userId)
    }
    return withRequiredVerification(endpoint, answer)
  }

  /** The answer is the same whether there is such an account or not, and whether mail can be sent or not. */
  async askForReset(email: string, { address, userAgent }: Caller): Promise<void> {
    const { identity, attempts, mailer, clock } = this.#options
    attempts.begin('link', address)
    const to = email.toLowerCase()
    if (!mailer.canSend || !attempts.mayMail(to, clock.nowMs())) return
    const body = { email: to }
    const path = '/request-password-reset'
    await (await identity()).handle({ method: 'POST', path, body, cookies: undefined, address, userAgent })
  }

  /** Mails the link that somebody asked for. */
  sendReset({ user, token }: Reset): void {
    const { mailer, base } = this.#options
    mailer.send({ to: [user.email], ...resetMail(resetLink(base(), token)) })
  }

  /** The password of this person is another one: what is pending by the old one ends. */
  async noteReset(user: Reset['user']): Promise<void> {
    await store.endPending(this.#options.db, user.id)
    await this.#claim(user)
  }

  /**
   * Whoever made this account never showed that the address is theirs, and now somebody did: what the first one could
   * still sign in with goes, as their sessions do.
   */
  async #claim(user: Reset['user']): Promise<void> {
    if (user.isEmailVerified) return
    await transact(this.#options.db, async (tx) => {
      await store.removePasskeys(tx, user.id)
      await store.removeTwoFactor(tx, user.id)
      await store.setEmailVerified(tx, user.id)
    })
  }

  async end({ userId, sessionId }: { userId: Id<'user'>; sessionId: Id<'ses'> }): Promise<void> {
    await store.endSessions(this.#options.db, userId, { only: sessionId })
    this.#options.sessions.forget(userId)
  }

  async #personOf({ cookies }: Caller): Promise<Person | undefined> {
    const { sessions } = this.#options
    if (cookies === undefined || !sessions.holds(cookies)) return undefined
    try {
      const { person } = await sessions.visitor(cookies, { workspaceId: undefined, environment: 'test' })
      return person
    } catch (error) {
      if (error instanceof ApiError && error.code === 'unauthorized') return undefined
      throw error
    }
  }

  /** What is guessed at: an address when signing in, else a user's id. */
  async #accountOf(
    { guesses }: Endpoint,
    body: Record<string, unknown> | undefined,
    { cookies }: Caller,
    person: Person | undefined,
  ): Promise<string | undefined> {
    if (guesses === undefined || guesses === 'link') return undefined
    if (typeof body?.email === 'string') return body.email.toLowerCase()
    if (person !== undefined) return person.userId
    return guesses === 'code' ? await this.#challenged(cookies ?? '') : undefined
  }

  #begin({ guesses }: Endpoint, { address }: Caller, account: string | undefined): () => void {
    return guesses === undefined ? () => {} : this.#options.attempts.begin(guesses, address, account)
  }

  /** Who is asked for a code, as the challenge's cookie says. */
  async #challenged(cookies: string): Promise<string | undefined> {
    const { db, clock, cookie, secret } = this.#options
    const name = cookie().isSecure ? `__Secure-${CHALLENGE_COOKIE}` : CHALLENGE_COOKIE
    const identifier = readSigned(cookies, name, secret)
    if (identifier === undefined) return undefined
    return store.findVerification(db, storedIdentifier(identifier), new Date(clock.nowMs()))
  }

  /** A code of an app that was used before is refused, also one that is sent twice at once. */
  async #once(
    { path }: Endpoint,
    body: Record<string, unknown> | undefined,
    account: string | undefined,
    ask: () => Promise<IdentityAnswer>,
  ): Promise<IdentityAnswer> {
    if (path !== '/two-factor/verify-totp' || account === undefined) return ask()
    const { db, clock } = this.#options
    const userId = account as Id<'user'> // of a code, the account is a user's id
    const code = createHash('sha256')
      .update(`${userId} ${String(body?.code)}`)
      .digest()
    const now = new Date(clock.nowMs())
    if (!(await store.claimCode(db, userId, code, now, new Date(now.getTime() - CODE_SHOWN_MS))))
      throw new ApiError('wrong_code', { hint: 'Each code works once: wait for the next one.' })
    try {
      return await ask()
    } catch (error) {
      await store.releaseCode(db, userId, code)
      throw error
    }
  }

  /**
   * Checking a password takes a while. One that became another meanwhile has ended the sessions that there were, and this
   * one would come after.
   */
  async #whilePasswordStays(
    { path }: Endpoint,
    body: Record<string, unknown> | undefined,
    ask: () => Promise<IdentityAnswer>,
  ): Promise<IdentityAnswer> {
    if (path !== '/sign-in/email') return ask()
    const { db } = this.#options
    const email = String(body?.email).toLowerCase()
    const before = await store.findPassword(db, email)
    const answer = await ask()
    const after = await store.findPassword(db, email)
    if (after?.hash === before?.hash) return answer
    const { token } = answer.body as { token?: unknown } // of the session, if there is one already
    if (typeof token === 'string') await store.endSessionOf(db, token)
    if (after !== undefined) await store.endPending(db, after.userId)
    throw new ApiError('wrong_credentials')
  }

  async #ask(
    { method, path }: Endpoint,
    body: Record<string, unknown> | undefined,
    { cookies, address, userAgent }: Caller,
  ): Promise<IdentityAnswer> {
    const { identity, cookie, secret } = this.#options
    const answer = await (await identity()).handle({
      method,
      path,
      body,
      cookies: cookies === undefined ? undefined : onlySigned(cookies, cookie().isSecure, secret),
      address,
      userAgent,
    })
    if (answer.status < 400) return answer
    throw failureOf(answer.status, answer.body) ?? new Error(`sign-in answered ${answer.status} to ${path}`)
  }
}

/** Better Auth only prefers that the device asks who is there. */
function withRequiredVerification({ path }: Endpoint, answer: IdentityAnswer): IdentityAnswer {
  if (path !== '/passkey/generate-authenticate-options') return answer
  return { ...answer, body: { ...(answer.body as object), userVerification: 'required' } }
}
