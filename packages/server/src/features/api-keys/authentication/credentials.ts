/** From the rows of a key and its secret to the principal that requests carry. */
import { AddressList } from '../../../lib/cidr.ts'
import {
  type ApiKeyPrincipal,
  type ClientTokenPrincipal,
  type Grant,
  missingGrants,
} from '../../../principal.ts'
import type { ClientTokenClaims } from './client-token.ts'
import type { CredentialRow, KeyCredentialRow } from './store.ts'

/** Requests a minute that a workspace's plan allows each key. */
export const PLAN_LIMITS_PER_MINUTE = { standard: 1_000, enterprise: 10_000 } as const

export function toKeyPrincipal(row: CredentialRow): ApiKeyPrincipal {
  const { superseded_at: since, ends_at: endsAt } = row
  return {
    ...ofKey(row),
    kind: 'api_key',
    secretId: row.secret_id,
    lastFour: row.last_four,
    allowlist: row.ip_allowlist.length === 0 ? null : new AddressList(row.ip_allowlist),
    // Written together, as the table demands.
    superseded: since === null || endsAt === null ? null : { since, endsAt: earlier(endsAt, row.expires_at) },
  }
}

/** A key that ends takes its secrets with it. */
function earlier(end: Date, other: Date | null): Date {
  return other !== null && other < end ? other : end
}

/** What a browser may do at most: see the routes that allow client tokens. Never more than the key that made its token. */
const CLIENT_GRANTS: readonly Grant[] = ['conversations:write']

export function toClientPrincipal(row: KeyCredentialRow, claims: ClientTokenClaims): ClientTokenPrincipal {
  return {
    ...ofKey(row),
    kind: 'client_token',
    secretId: row.secret_id,
    grants: CLIENT_GRANTS.filter((grant) => missingGrants(row.permissions as Grant[], [grant]).length === 0),
    tokenId: claims.tokenId,
    subject: claims.subject,
    tokenExpiresAt: new Date(claims.expiresAtMs),
  }
}

function ofKey(row: KeyCredentialRow) {
  const planLimit = PLAN_LIMITS_PER_MINUTE[row.plan]
  return {
    keyId: row.id,
    name: row.name,
    environmentId: row.environment_id,
    environment: row.environment,
    workspaceId: row.workspace_id,
    workspaceName: row.workspace_name,
    plan: row.plan,
    rateLimitPerMinute: Math.min(planLimit, row.rate_limit_per_minute ?? planLimit),
    ownRateLimitPerMinute: row.rate_limit_per_minute,
    // Written by this server only after validation against the list of permissions.
    grants: row.permissions as Grant[],
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    quarantine:
      row.quarantined_at === null
        ? null
        : { since: row.quarantined_at, addresses: new AddressList(row.quarantine_addresses) },
  }
}
