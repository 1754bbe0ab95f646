/** What keeps a browser from using a passkey, in sentences. Pure. */

/** A person reads `message` and `hint`. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** Browsers call a closed dialog, a timeout and a ceremony that another one replaced by these names. */
const CLOSED = ['NotAllowedError', 'AbortError']

/** Undefined: the person chose not to go on, which needs no words. */
export function passkeyErrorOf(error: unknown): PasskeyError | undefined {
  const name = error instanceof Error ? error.name : ''
  if (CLOSED.includes(name)) return undefined
  if (name === 'InvalidStateError')
    return new PasskeyError('This device has a passkey for your account already.')
  if (name === 'SecurityError')
    return new PasskeyError(
      'The browser allows no passkeys at this address.',
      'They need https, or localhost, and the address that the server knows as its public one.',
    )
  return new PasskeyError('The browser could not use a passkey.', 'Try again, or use your password.')
}
