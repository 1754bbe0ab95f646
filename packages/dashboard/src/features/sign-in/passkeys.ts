/** Passkeys: the ceremonies with the browser, loaded when somebody uses one. */
import { auth } from './auth.ts'
import { AuthError } from './auth-error.ts'

/** Whether this browser knows passkeys at all; needs no load to say so. */
export function arePasskeysSupported(): boolean {
  return typeof globalThis.PublicKeyCredential === 'function'
}

/** Asks for a passkey in the browser's dialog and signs in with it. False when the person closed the dialog. */
export function signInWithPasskey(): Promise<boolean> {
  return signIn(false)
}

/**
 * Offers passkeys among the suggestions of the e-mail field, and waits until one is chosen; resolves false when the
 * browser can't, or when another ceremony took its place. Nothing is said then: nobody asked for anything.
 */
export async function offerPasskeysInField(): Promise<boolean> {
  if (!arePasskeysSupported()) return false
  const { browserSupportsWebAuthnAutofill } = await import('@simplewebauthn/browser')
  if (!(await browserSupportsWebAuthnAutofill())) return false
  return signIn(true)
}

/** Ends an offer that still waits: its page is gone. */
export async function stopOfferingPasskeys(): Promise<void> {
  if (!arePasskeysSupported()) return
  const { WebAuthnAbortService } = await import('@simplewebauthn/browser')
  WebAuthnAbortService.cancelCeremony()
}

/** Makes a passkey on this device for who is signed in. False when the person closed the dialog. */
export async function addPasskey(name: string): Promise<boolean> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const optionsJSON = await auth.passkeyRegistrationOptions()
  try {
    const response = await startRegistration({ optionsJSON })
    await auth.verifyPasskeyRegistration(response, name)
    return true
  } catch (error) {
    return closedOrThrow(error)
  }
}

async function signIn(useBrowserAutofill: boolean): Promise<boolean> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = await auth.passkeySignInOptions()
  try {
    const response = await startAuthentication({ optionsJSON, useBrowserAutofill })
    await auth.verifyPasskeySignIn(response)
    return true
  } catch (error) {
    return closedOrThrow(error)
  }
}

/** Browsers call a closed dialog, a timeout and a ceremony that another replaced by these names. */
const CLOSED = ['NotAllowedError', 'AbortError']

function closedOrThrow(error: unknown): false {
  if (error instanceof AuthError) throw error
  const name = error instanceof Error ? error.name : ''
  if (CLOSED.includes(name)) return false
  if (name === 'InvalidStateError')
    throw new AuthError({
      status: 0,
      code: 'PREVIOUSLY_REGISTERED',
      message: 'This device has a passkey for your account already.',
    })
  if (name === 'SecurityError')
    throw new AuthError({
      status: 0,
      code: 'passkey_refused',
      message: 'The browser allows no passkeys at this address.',
      hint: 'Passkeys need https, or localhost, and the address that the server was given as its public URL.',
    })
  throw new AuthError({
    status: 0,
    code: 'passkey_failed',
    message: 'The browser could not use a passkey.',
    hint: 'Try again, or use your password.',
  })
}
