/** One field takes both: the code that an app shows, and a recovery code. */

/** `123 456` is what apps show; a recovery code is ten letters and digits, which people copy with or without its dash. */
export function readSecondFactor(typed: string): { kind: 'totp' | 'recovery'; code: string } {
  const code = typed.replace(/\s/g, '')
  if (/^\d{6}$/.test(code)) return { kind: 'totp', code }
  const bare = code.replaceAll('-', '')
  return { kind: 'recovery', code: bare.length === 10 ? `${bare.slice(0, 5)}-${bare.slice(5)}` : code }
}
