/** What the page of an invitation reads: what it invites to, and who is here already. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { isSignedOut } from '../../lib/errors.ts'
import { getMe } from '../../lib/session.ts'

export function invitationLookupQuery(token: string) {
  return queryOptions({
    // The token is a credential: it isn't part of what a list of queries shows.
    queryKey: ['invitation', 'lookup'],
    queryFn: () => api.invitations.lookup({ token }),
    retry: false,
    gcTime: 0,
  })
}

/** The e-mail address of who is signed in; null when nobody is. */
export const signedInEmailQuery = queryOptions({
  queryKey: ['invitation', 'signed-in-as'],
  queryFn: async () => {
    try {
      return (await getMe()).user.email
    } catch (error) {
      if (isSignedOut(error)) return null
      throw error
    }
  },
  retry: false,
  gcTime: 0,
})
