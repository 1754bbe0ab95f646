/** API keys on the wire. */
import { type Static, Type } from 'typebox'
import { nullable, oneOf, ref, strict, timestamp } from '../../http/schemas.ts'
import { permissions } from '../../principal.ts'
import { secretHint } from './secret.ts'
import type { ApiKeyRow } from './store.ts'

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'What the key is for.',
})
const grants = Type.Array(oneOf(['*', ...permissions]), {
  minItems: 1,
  maxItems: permissions.length + 1,
  uniqueItems: true,
  description: '`*` for everything, or a list of `resource:read` and `resource:write`; write implies read.',
})
const expiresAt = nullable(timestamp('From then on the key is refused; null: never.'))

export const ApiKeyParams = Type.Object({ id: Type.String({ description: 'The key’s id, `key_…`.' }) })

export const CreateApiKeyBody = strict({
  name,
  permissions: Type.Optional(grants),
  expires_at: Type.Optional(expiresAt),
})

export const UpdateApiKeyBody = strict(
  { name: Type.Optional(name), permissions: Type.Optional(grants), expires_at: Type.Optional(expiresAt) },
  { minProperties: 1 },
)

const apiKeyFields = {
  id: Type.String(),
  name: Type.String(),
  environment: oneOf(['test', 'live']),
  status: oneOf(['active', 'expired', 'revoked']),
  hint: Type.String({ description: 'What is shown of the secret: `sk_live_…9fQa`.' }),
  permissions: Type.Array(Type.String()),
  created_by: Type.String({
    description: 'The id of the key that made it, or `admin` for the admin command.',
  }),
  created_at: timestamp('When it was made.'),
  updated_at: timestamp('When it was last changed.'),
  expires_at: nullable(timestamp('From then on it is refused.')),
  revoked_at: nullable(timestamp('Since then it is refused.')),
  last_used_at: nullable(timestamp('The latest accepted request, to the second.')),
}

export const ApiKey = Type.Object(apiKeyFields, { $id: 'ApiKey' })

export const CreatedApiKey = Type.Object(
  { ...apiKeyFields, secret: Type.String({ description: 'The secret, this once: it is not stored.' }) },
  { $id: 'CreatedApiKey' },
)

export const RevokedApiKey = Type.Object(
  {
    ...apiKeyFields,
    took_ms: Type.Number({ description: 'From the request until every node had dropped the key.' }),
    nodes: Type.Array(
      Type.Object({
        id: Type.String(),
        took_ms: nullable(
          Type.Number({ description: 'Null: it did not say so in time, and forgets the key by itself.' }),
        ),
      }),
      { description: 'Every server that shares the database.' },
    ),
  },
  { $id: 'RevokedApiKey' },
)

export const Me = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    environment: oneOf(['test', 'live']),
    workspace: Type.Object({ id: Type.String(), name: Type.String() }),
    permissions: Type.Array(Type.String()),
    rate_limit_per_minute: Type.Integer(),
    expires_at: nullable(timestamp('From then on the key is refused.')),
    secret_last_four: Type.String(),
  },
  { $id: 'Me' },
)

export const apiKeySchemas = [ApiKey, CreatedApiKey, RevokedApiKey, Me]
export const ApiKeyRef = ref(ApiKey)

export function toWire(row: ApiKeyRow, nowMs: number): Static<typeof ApiKey> {
  return {
    id: row.id,
    name: row.name,
    environment: row.environment,
    status: statusOf(row, nowMs),
    hint: secretHint(row.environment, row.last_four),
    permissions: row.permissions,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }
}

function statusOf(row: ApiKeyRow, nowMs: number): 'active' | 'expired' | 'revoked' {
  if (row.revoked_at !== null) return 'revoked'
  return row.expires_at !== null && row.expires_at.getTime() <= nowMs ? 'expired' : 'active'
}
