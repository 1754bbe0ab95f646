/** What an authenticator app needs, for those who type it in because they can't scan. */

/** The secret of an `otpauth://` address, in groups of four. */
export function secretOf(totpUri: string): string {
  const secret = URL.canParse(totpUri) ? (new URL(totpUri).searchParams.get('secret') ?? '') : ''
  return secret.match(/.{1,4}/g)?.join(' ') ?? ''
}
