/**
 * The token of an invitation's link, for as long as a person signs in or up to accept it. It comes in the fragment,
 * which browsers send to no server; it leaves the address at once and lives in this tab only.
 */
const STORED_AS = 'agentclara.invitation'

/** Takes the token out of the address, or gives the one that this tab holds. */
export function takeInvitationToken(): string | undefined {
  const fromAddress = globalThis.location.hash.slice(1)
  if (fromAddress !== '') {
    sessionStorage.setItem(STORED_AS, fromAddress)
    const { pathname, search } = globalThis.location
    globalThis.history.replaceState(globalThis.history.state, '', `${pathname}${search}`)
    return fromAddress
  }
  return sessionStorage.getItem(STORED_AS) ?? undefined
}

export function forgetInvitationToken(): void {
  sessionStorage.removeItem(STORED_AS)
}
