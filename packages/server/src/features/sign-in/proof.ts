/**
 * Proving again who one is, which what touches secrets asks for when the last proof is 15 minutes old: whoever finds an
 * open browser can look, and can't take a key along.
 */
import { randomUUID } from 'node:crypto'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server'
import type { Db } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Person } from '../../principal.ts'
import { PROOF_VALID_MS } from '../../proof-age.ts'
import type { Attempts } from './attempts.ts'
import type { Identity } from './identity.ts'
import type { Sessions } from './sessions.ts'
import * as store from './store.ts'

/** How long a passkey's dialog may stay open. */
const CHALLENGE_MS = 5 * 60_000

export interface ProofServiceOptions {
  db: Db
  clock: Clock
  identity: () => Promise<Identity>
  sessions: Sessions
  attempts: Attempts
  /** Where pages are. */
  base: () => string
}

export class ProofService {
  readonly #options: ProofServiceOptions

  constructor(options: ProofServiceOptions) {
    this.#options = options
  }

  /** Throws `wrong_password`, `rate_limited`. */
  async proveByPassword(person: Person, password: string, address: string): Promise<Date> {
    const { db, attempts, identity } = this.#options
    const succeed = attempts.begin('password', address, person.userId)
    const hash = await store.findPasswordHash(db, person.userId)
    if (hash === undefined || !(await (await identity()).isPassword(hash, password)))
      throw new ApiError('wrong_password')
    succeed()
    return this.#note(person)
  }

  /** What the browser needs to ask for one of the person's passkeys. Throws `conflict` when there is none. */
  async passkeyOptions({ userId, sessionId }: Person) {
    const { db, clock, base } = this.#options
    const passkeys = await store.listPasskeys(db, userId)
    if (passkeys.length === 0) {
      throw new ApiError('conflict', {
        error: 'Your account has no passkey',
        hint: 'Use your password. Passkeys are added under Settings, Security.',
      })
    }
    const options = await generateAuthenticationOptions({
      rpID: new URL(base()).hostname,
      userVerification: 'required',
      allowCredentials: passkeys.map((one) => ({ id: one.credential_id, ...transportsOf(one) })),
    })
    await store.putChallenge(db, {
      id: randomUUID(),
      identifier: challengeName(sessionId),
      value: options.challenge,
      expires_at: new Date(clock.nowMs() + CHALLENGE_MS),
    })
    return options
  }

  /** By what the browser made of the options. Throws `passkey_refused`. */
  async proveByPasskey(person: Person, credential: object): Promise<Date> {
    const { db, clock, base } = this.#options
    const { userId, sessionId } = person
    const now = new Date(clock.nowMs())
    // Taken before it is looked at: a challenge is answered once.
    const challenge = await store.takeChallenge(db, challengeName(sessionId), now)
    const response = credential as AuthenticationResponseJSON // verifying finds out whether it is one
    const passkey = (await store.listPasskeys(db, userId)).find((one) => one.credential_id === response.id)
    if (challenge === undefined || passkey === undefined) throw new ApiError('passkey_refused')
    const { origin, hostname } = new URL(base())
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: hostname,
      requireUserVerification: true,
      credential: {
        id: passkey.credential_id,
        publicKey: new Uint8Array(Buffer.from(passkey.public_key, 'base64')),
        counter: passkey.counter,
        ...transportsOf(passkey),
      },
    }).catch((cause: unknown) => {
      const failure = new ApiError('passkey_refused')
      failure.cause = cause
      throw failure
    })
    if (!verified.verified) throw new ApiError('passkey_refused')
    await store.setPasskeyCounter(db, passkey.id, verified.authenticationInfo.newCounter)
    return this.#note(person)
  }

  async #note({ userId, sessionId }: Person): Promise<Date> {
    const { db, clock, sessions } = this.#options
    const at = new Date(clock.nowMs())
    await store.noteProof(db, sessionId, at)
    sessions.forget(userId)
    return at
  }
}

export function validUntil(provedAt: Date): Date {
  return new Date(provedAt.getTime() + PROOF_VALID_MS)
}

function challengeName(sessionId: string): string {
  return `proof-${sessionId}`
}

function transportsOf({ transports }: store.PasskeyRow) {
  if (transports === null || transports === '') return {}
  // As the browser said them when the passkey was made.
  return { transports: transports.split(',') as NonNullable<AuthenticationTransports> }
}

type AuthenticationTransports = NonNullable<
  Parameters<typeof generateAuthenticationOptions>[0]['allowCredentials']
>[number]['transports']
