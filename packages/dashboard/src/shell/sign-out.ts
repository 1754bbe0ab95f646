/** Out: the server ends the session, and the page is loaded anew, so that nothing of the person stays in memory. */
import { forgetSession } from '../lib/session.ts'

export async function signOut(): Promise<void> {
  const answer = await fetch('/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (!answer.ok && answer.status !== 401) throw new Error('The server did not sign you out. Try again.')
  forgetSession()
  globalThis.location.assign('/sign-in')
}
