/** What the page of one's own security reads. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { auth } from '../sign-in/auth.ts'

const listSessions = async () => (await api.me.sessions.list()).data

export type Session = Awaited<ReturnType<typeof listSessions>>[number]

export const sessionsQuery = queryOptions({ queryKey: ['me', 'sessions'], queryFn: listSessions })

export const passkeysQuery = queryOptions({ queryKey: ['me', 'passkeys'], queryFn: auth.listPasskeys })
