/**
 * Better Auth, set up to say who somebody is and nothing else: accounts with passwords, a second factor, passkeys, and
 * links that reset passwords, in the schema `auth`. What people may do is ours, and so is what gets this far.
 */
import { randomUUID } from 'node:crypto'
import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins'
import type { Logger } from 'pino'
import type { Db } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'
import { newId } from '../../lib/ids.ts'
import { PASSWORD_LENGTH } from './conventions.ts'
import { RESET_VALID_SECONDS } from './mails.ts'
import { COOKIE_PREFIX, SESSION_SECONDS } from './session-cookie.ts'

/** Behind a name that no client can send: the address is ours to say. */
const ADDRESS_HEADER = 'x-agentclara-address'

export interface Reset {
  readonly user: { readonly id: Id<'user'>; readonly email: string; readonly isEmailVerified: boolean }
  readonly token: string
}

export interface IdentityOptions {
  db: Db
  log: Logger
  /** Where pages are: their origin is the only one, and passkeys are bound to its host. */
  base: string
  /** Signs cookies, encrypts what the second factor is made of. */
  secret: string
  /** Somebody asked for a link that resets the password of an account that there is. */
  onResetAsked(reset: Reset): Promise<void>
  /** The password is another one; all sessions are about to end. */
  onReset(user: Reset['user']): Promise<void>
}

export interface IdentityRequest {
  readonly method: 'GET' | 'POST'
  /** Behind `/auth`. */
  readonly path: string
  readonly body: object | undefined
  readonly cookies: string | undefined
  readonly address: string
  readonly userAgent: string
}

export interface IdentityAnswer {
  readonly status: number
  readonly body: unknown
  readonly setCookies: readonly string[]
}

export type Identity = ReturnType<typeof createIdentity>

export function createIdentity({ db, log, base, secret, onResetAsked, onReset }: IdentityOptions) {
  const { origin, hostname } = new URL(base)
  const auth = betterAuth({
    appName: 'AgentClara',
    baseURL: origin,
    basePath: '/auth',
    secret,
    database: { db, type: 'postgres', schemaName: 'auth', transaction: true },
    logger: { level: 'error', log: (_level, message) => log.error({ said: message }, 'sign-in') },
    telemetry: { enabled: false },
    // Ours are counted by account and by address: see attempts.ts.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      resetPasswordTokenExpiresIn: RESET_VALID_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => onResetAsked({ user: toUser(user), token }),
      onPasswordReset: ({ user }) => onReset(toUser(user)),
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...TIMES,
      },
      expiresIn: SESSION_SECONDS,
      // sessions.ts does it, and asks for a new proof where that matters.
      disableSessionRefresh: true,
      freshAge: 0,
    },
    user: { modelName: 'users', fields: { emailVerified: 'email_verified', ...TIMES } },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...TIMES,
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', ...TIMES },
      // Whoever reads the database can't reset a password by it.
      storeIdentifier: 'hashed',
    },
    plugins: [
      twoFactor({
        issuer: 'AgentClara',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'two_factors',
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      passkey({
        rpID: hostname,
        rpName: 'AgentClara',
        origin,
        // A passkey stands for both factors: the device, and whoever unlocks it.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        schema: {
          passkey: {
            modelName: 'passkeys',
            fields: {
              userId: 'user_id',
              publicKey: 'public_key',
              credentialID: 'credential_id',
              deviceType: 'device_type',
              backedUp: 'backed_up',
              createdAt: 'created_at',
            },
          },
        },
      }),
    ],
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      cookies: { session_token: { name: `${COOKIE_PREFIX}.session` } },
      useSecureCookies: base.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: {
        validateSchema: false,
        generateId: ({ model }) =>
          model === 'user' ? newId('user') : model === 'session' ? newId('ses') : randomUUID(),
      },
    },
  })

  return {
    /** Hands one request over, as if its page were of our own origin: whoever calls has seen to that. */
    async handle(request: IdentityRequest): Promise<IdentityAnswer> {
      const headers = new Headers({
        origin,
        'user-agent': request.userAgent,
        [ADDRESS_HEADER]: request.address,
      })
      if (request.cookies !== undefined) headers.set('cookie', request.cookies)
      if (request.body !== undefined) headers.set('content-type', 'application/json')
      const response = await auth.handler(
        new Request(`${origin}/auth${request.path}`, {
          method: request.method,
          headers,
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        }),
      )
      const text = await response.text()
      return {
        status: response.status,
        body: text === '' ? undefined : JSON.parse(text),
        setCookies: response.headers.getSetCookie(),
      }
    },

    /** A token that resets the password of this person, once, within an hour. */
    async makeResetToken(userId: Id<'user'>, now: Date): Promise<string> {
      const token = `${randomUUID()}${randomUUID()}`.replaceAll('-', '')
      const { internalAdapter } = await auth.$context
      await internalAdapter.createVerificationValue({
        value: userId,
        identifier: `reset-password:${token}`,
        expiresAt: new Date(now.getTime() + RESET_VALID_SECONDS * 1_000),
      })
      return token
    },

    async isPassword(hash: string, password: string): Promise<boolean> {
      return (await auth.$context).password.verify({ hash, password })
    },
  }
}

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

function toUser(user: { id: string; email: string; emailVerified: boolean }): Reset['user'] {
  return { id: user.id as Id<'user'>, email: user.email, isEmailVerified: user.emailVerified } // generateId made it
}
