/**
 * Sessions of people on routes that keys call, too: what a request says of one, and where its page must come from.
 * Knows no feature: the gate knows who a cookie belongs to.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { ApiError, invalidField } from '../errors.ts'
import type { EnvironmentName, MemberPrincipal, Person } from '../principal.ts'

/** Who sent a request with a session. */
export interface Visitor {
  readonly person: Person
  /** Of the workspace that was asked for, or else of the person's first; undefined for somebody who has none. */
  readonly member: MemberPrincipal | undefined
  /** What proves the session: answers that hold secrets are kept for it alone. */
  readonly token: string
  /** The cookie anew, when it is time to renew it. */
  readonly setCookie: string | undefined
}

/** What a request with a session chooses. */
export interface SessionChoice {
  /** An id, or undefined: the person's first. */
  readonly workspaceId: string | undefined
  readonly environment: EnvironmentName
}

/** Throws `validation_failed` naming the header. */
export function sessionChoice(headers: IncomingHttpHeaders): SessionChoice {
  const environment = headers['agentclara-environment'] ?? 'test'
  if (environment !== 'test' && environment !== 'live')
    throw invalidField('AgentClara-Environment', 'must be test or live')
  const workspace = headers['agentclara-workspace']
  return { workspaceId: workspace === undefined ? undefined : String(workspace), environment }
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * A browser says where the page comes from whenever it writes. Throws `origin_not_allowed` for another origin, and for
 * none. Names of this machine are one where the server's own is one: they differ only in how the page was opened.
 */
export function assertOwnOrigin({ origin }: IncomingHttpHeaders, ownOrigin: string): void {
  if (origin === ownOrigin) return
  const [page, own] = [URL.parse(origin ?? ''), URL.parse(ownOrigin)]
  const isThisMachine =
    page !== null &&
    own !== null &&
    page.protocol === own.protocol &&
    page.port === own.port &&
    LOOPBACK_NAMES.has(page.hostname) &&
    LOOPBACK_NAMES.has(own.hostname)
  if (isThisMachine) return
  throw new ApiError('origin_not_allowed', {
    hint: `This server’s pages are at ${ownOrigin}. Open them there, or set AGENTCLARA_PUBLIC_URL to the address that you use.`,
    details: { origin: origin?.slice(0, 200) ?? null, allowed: ownOrigin },
  })
}
