/** Which endpoints of Better Auth are open, and what each takes and answers. Whatever isn't here isn't there. */
import { type TSchema, Type } from 'typebox'
import { nullable, strict } from '../../http/schemas.ts'
import { PASSWORD_LENGTH } from './conventions.ts'

export interface Endpoint {
  readonly method: 'GET' | 'POST'
  /** Behind `/auth`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly body?: TSchema
  readonly answer: TSchema
  /** What of the body is guessed at when it goes wrong. */
  readonly guesses?: 'password' | 'code' | 'link'
  /** It makes a session: one that the browser had ends. */
  readonly startsSession?: boolean
  /** What it changes of people is remembered. */
  readonly changesPeople?: boolean
  /** What was begun before it, and waits, ends with it. */
  readonly endsPending?: boolean
  /** Only for who proved within 15 minutes who they are. */
  readonly needsProof?: boolean
}

const email = Type.String({ minLength: 3, maxLength: 254, description: 'In any case.' })
const name = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const password = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.max, redact: true })
const newPassword = Type.String({
  minLength: PASSWORD_LENGTH.min,
  maxLength: PASSWORD_LENGTH.max,
  redact: true,
})
const code = Type.String({ minLength: 1, maxLength: 32 })
const trustDevice = Type.Optional(Type.Boolean({ description: 'Ask for no code here for 30 days.' }))
const credential = Type.Unsafe<object>({ type: 'object', additionalProperties: true })

const User = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
})
const Done = Type.Object({ status: Type.Boolean() })
const SignedIn = Type.Object({
  user: Type.Optional(User),
  twoFactorRedirect: Type.Optional(Type.Boolean({ description: 'The code of the second factor is due.' })),
})
const Options = Type.Unsafe<object>({ type: 'object', additionalProperties: true })
const Passkey = Type.Object({
  id: Type.String(),
  name: nullable(Type.String()),
  deviceType: Type.String(),
  backedUp: Type.Boolean(),
  createdAt: nullable(Type.String()),
})
const RecoveryCodes = Type.Object({ backupCodes: Type.Array(Type.String(), { redact: true }) })

export const SignUpBody = strict({
  name,
  email,
  password: newPassword,
  invitation: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, redact: true, description: 'The token of its link.' }),
  ),
})
export const SignUpAnswer = Type.Object({ user: User })

export const endpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/sign-in/email',
    operationId: 'signIn',
    summary: 'Sign in with a password',
    body: strict({ email, password }),
    answer: SignedIn,
    guesses: 'password',
    startsSession: true,
  },
  {
    method: 'POST',
    path: '/two-factor/verify-totp',
    operationId: 'verifyTotp',
    summary: 'Go on signing in with a code, or confirm the second factor',
    body: strict({ code, trustDevice }),
    answer: SignedIn,
    guesses: 'code',
    changesPeople: true,
  },
  {
    method: 'POST',
    path: '/two-factor/verify-backup-code',
    operationId: 'verifyRecoveryCode',
    summary: 'Go on signing in with a recovery code',
    body: strict({ code, trustDevice }),
    answer: SignedIn,
    guesses: 'code',
    changesPeople: true,
  },
  {
    method: 'POST',
    path: '/sign-out',
    operationId: 'signOut',
    summary: 'Sign out',
    body: nullable(strict({})),
    answer: Type.Object({ success: Type.Boolean() }),
    changesPeople: true,
  },
  {
    method: 'POST',
    path: '/reset-password',
    operationId: 'resetPassword',
    summary: 'Choose a new password with a link; ends all sessions',
    body: strict({ newPassword, token: Type.String({ minLength: 1, maxLength: 200, redact: true }) }),
    answer: Done,
    guesses: 'link',
    changesPeople: true,
  },
  {
    method: 'POST',
    path: '/change-password',
    operationId: 'changePassword',
    summary: 'Change the password',
    body: strict({
      currentPassword: password,
      newPassword,
      revokeOtherSessions: Type.Optional(Type.Boolean()),
    }),
    answer: Type.Object({ user: Type.Optional(User) }),
    guesses: 'password',
    changesPeople: true,
    endsPending: true,
  },
  {
    method: 'POST',
    path: '/update-user',
    operationId: 'updateUser',
    summary: 'Change the name',
    body: strict({ name }),
    answer: Done,
    changesPeople: true,
  },
  {
    method: 'POST',
    path: '/two-factor/enable',
    operationId: 'enableTwoFactor',
    summary: 'Prepare the second factor; it is on once a code was verified',
    body: strict({ password }),
    answer: Type.Object({
      totpURI: Type.String({ redact: true }),
      backupCodes: Type.Array(Type.String(), { redact: true }),
    }),
    guesses: 'password',
    changesPeople: true,
  },
  {
    method: 'POST',
    path: '/two-factor/disable',
    operationId: 'disableTwoFactor',
    summary: 'Turn the second factor off',
    body: strict({ password }),
    answer: Done,
    guesses: 'password',
    changesPeople: true,
    endsPending: true,
  },
  {
    method: 'POST',
    path: '/two-factor/generate-backup-codes',
    operationId: 'generateRecoveryCodes',
    summary: 'Make new recovery codes; the old ones work no more',
    body: strict({ password }),
    answer: RecoveryCodes,
    guesses: 'password',
  },
  {
    method: 'GET',
    path: '/passkey/generate-register-options',
    operationId: 'getPasskeyRegistrationOptions',
    summary: 'What the browser needs to make a passkey',
    answer: Options,
    needsProof: true,
  },
  {
    method: 'POST',
    path: '/passkey/verify-registration',
    operationId: 'addPasskey',
    summary: 'Add a passkey',
    body: strict({ response: credential, name: Type.Optional(name) }),
    answer: Passkey,
    needsProof: true,
  },
  {
    method: 'GET',
    path: '/passkey/generate-authenticate-options',
    operationId: 'getPasskeySignInOptions',
    summary: 'What the browser needs to sign in with a passkey',
    answer: Options,
  },
  {
    method: 'POST',
    path: '/passkey/verify-authentication',
    operationId: 'signInWithPasskey',
    summary: 'Sign in with a passkey',
    body: strict({ response: credential }),
    answer: SignedIn,
    startsSession: true,
  },
  {
    method: 'GET',
    path: '/passkey/list-user-passkeys',
    operationId: 'listPasskeys',
    summary: 'List passkeys',
    answer: Type.Array(Passkey),
  },
  {
    method: 'POST',
    path: '/passkey/delete-passkey',
    operationId: 'deletePasskey',
    summary: 'Remove a passkey',
    body: strict({ id: Type.String({ minLength: 1, maxLength: 100 }) }),
    answer: Done,
    needsProof: true,
  },
]
