/**
 * The token of an invitation's link, for as long as a person signs in or up to accept it. It comes in the fragment,
 * which browsers send to no server; it leaves the address at once and lives in this tab only.
 */
const STORED_AS = 'agentclara.invitation'

/** The token in the address, or else the one that this tab holds. */
export function readInvitationToken(): string | undefined {
  return globalThis.location.hash.slice(1) || (sessionStorage.getItem(STORED_AS) ?? undefined)
}

/** Keeps a token that stands in the address, and takes it out of there. */
export function moveInvitationToken(): void {
  const token = globalThis.location.hash.slice(1)
  if (token === '') return
  sessionStorage.setItem(STORED_AS, token)
  const { pathname, search } = globalThis.location
  globalThis.history.replaceState(globalThis.history.state, '', `${pathname}${search}`)
}

export function forgetInvitationToken(): void {
  sessionStorage.removeItem(STORED_AS)
}
