/** Passkeys: the ceremonies with the browser, loaded when somebody uses one. */
import { auth } from './auth.ts'
import { passkeyErrorOf } from './passkey-error.ts'

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
  const response = await unlessClosed(startRegistration({ optionsJSON }))
  if (response === undefined) return false
  await auth.verifyPasskeyRegistration(response, name)
  return true
}

async function signIn(useBrowserAutofill: boolean): Promise<boolean> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = await auth.passkeySignInOptions()
  const response = await unlessClosed(startAuthentication({ optionsJSON, useBrowserAutofill }))
  if (response === undefined) return false
  await auth.verifyPasskeySignIn(response)
  return true
}

/** Undefined when the person closed the browser's dialog. */
async function unlessClosed<T>(ceremony: Promise<T>): Promise<T | undefined> {
  try {
    return await ceremony
  } catch (error) {
    const problem = passkeyErrorOf(error)
    if (problem === undefined) return undefined
    throw problem
  }
}
