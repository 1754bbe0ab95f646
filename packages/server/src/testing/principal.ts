/** A principal for tests of what needs one and no database: a key of the test environment that may do everything. */
import type { ApiKeyPrincipal } from '../principal.ts'

export const principal: ApiKeyPrincipal = {
  kind: 'api_key',
  keyId: 'key_1',
  secretId: 'sec_1',
  name: 'ci',
  lastFour: 'abcd',
  environmentId: 'env_1',
  environment: 'test',
  workspaceId: 'ws_1',
  workspaceName: 'Acme',
  plan: 'standard',
  rateLimitPerMinute: 1000,
  ownRateLimitPerMinute: null,
  allowlist: null,
  superseded: null,
  revokedAt: null,
  quarantine: null,
  grants: ['*'],
  expiresAt: null,
}
