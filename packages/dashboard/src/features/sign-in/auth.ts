/** The sign-in endpoints, called as the page that the server itself served: cookies of this origin, JSON in and out. */
import { ConnectionError } from '@agentclara/sdk'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import { authErrorOf } from './auth-error.ts'

export const PASSWORD_MIN_LENGTH = 10
export const PASSWORD_MAX_LENGTH = 128

/** Who may make an account here, and what the installation can do. */
export interface AuthConfig {
  readonly sign_up: 'open' | 'invited' | 'closed'
  readonly can_send_mail: boolean
  /** Nobody has an account yet: who signs up now owns the installation's first workspace. */
  readonly is_first_user: boolean
}

export interface SignUp {
  readonly name: string
  readonly email: string
  readonly password: string
  /** Of an invitation's link: needed where sign-up is by invitation. */
  readonly invitation?: string
}

export interface Passkey {
  readonly id: string
  readonly name?: string | null
  readonly createdAt?: string | null
}

export const auth = {
  config: () => get<AuthConfig>('/auth/config'),
  signUp: (person: SignUp) => post<unknown>('/auth/sign-up/email', person),
  /** True when a code of the second factor is due before the person is signed in. */
  signIn: async (email: string, password: string) => {
    const answer = await post<{ twoFactorRedirect?: boolean }>('/auth/sign-in/email', { email, password })
    return { isCodeDue: answer.twoFactorRedirect === true }
  },
  verifyTotp: (code: string, trustDevice = false) =>
    post<unknown>('/auth/two-factor/verify-totp', { code, trustDevice }),
  verifyRecoveryCode: (code: string, trustDevice = false) =>
    post<unknown>('/auth/two-factor/verify-backup-code', { code, trustDevice }),
  signOut: () => post<unknown>('/auth/sign-out', {}),

  requestPasswordReset: (email: string) => post<unknown>('/auth/request-password-reset', { email }),
  resetPassword: (token: string, newPassword: string) =>
    post<unknown>('/auth/reset-password', { token, newPassword }),
  changePassword: (currentPassword: string, newPassword: string, revokeOtherSessions: boolean) =>
    post<unknown>('/auth/change-password', { currentPassword, newPassword, revokeOtherSessions }),
  updateName: (name: string) => post<unknown>('/auth/update-user', { name }),

  /** Prepares the second factor; it is on once a code was verified. */
  enableTwoFactor: (password: string) =>
    post<{ totpURI: string; backupCodes: string[] }>('/auth/two-factor/enable', { password }),
  disableTwoFactor: (password: string) => post<unknown>('/auth/two-factor/disable', { password }),
  newRecoveryCodes: (password: string) =>
    post<{ backupCodes: string[] }>('/auth/two-factor/generate-backup-codes', { password }),

  passkeyRegistrationOptions: () =>
    get<PublicKeyCredentialCreationOptionsJSON>('/auth/passkey/generate-register-options'),
  verifyPasskeyRegistration: (response: RegistrationResponseJSON, name: string) =>
    post<unknown>('/auth/passkey/verify-registration', { response, name }),
  passkeySignInOptions: () =>
    get<PublicKeyCredentialRequestOptionsJSON>('/auth/passkey/generate-authenticate-options'),
  verifyPasskeySignIn: (response: AuthenticationResponseJSON) =>
    post<unknown>('/auth/passkey/verify-authentication', { response }),
  listPasskeys: () => get<Passkey[]>('/auth/passkey/list-user-passkeys'),
  deletePasskey: (id: string) => post<unknown>('/auth/passkey/delete-passkey', { id }),
}

function get<T>(path: string): Promise<T> {
  return call<T>(path, { method: 'GET' })
}

function post<T>(path: string, body: object): Promise<T> {
  return call<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch (cause) {
    throw new ConnectionError('The server did not answer.', { cause })
  }
  const body = await readJson(response)
  if (!response.ok) {
    const { headers } = response
    throw authErrorOf(response.status, body, {
      retryAfter: headers.get('retry-after'),
      requestId: headers.get('x-request-id'),
    })
  }
  // The shape is the endpoint's contract; most answers come in the API's envelope.
  return (isEnvelope(body) ? body.data : (body ?? {})) as T
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

function isEnvelope(body: unknown): body is { success: true; data: unknown } {
  return typeof body === 'object' && body !== null && 'success' in body && 'data' in body
}
