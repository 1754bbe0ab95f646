/** API keys on the wire. */
import { secretHint } from '@agentclara/key-format'
import { type Static, Type } from 'typebox'
import { nullable, oneOf, ref, strict, timestamp } from '../../http/schemas.ts'
import { permissions, presetNames } from '../../principal.ts'
import { MAX_CIDRS } from './rules.ts'
import { attentionOf, attentions, isRotating, NOT_ENDED, statuses, statusOf } from './status.ts'
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
const preset = oneOf(presetNames, {
  description: 'A set of permissions, instead of `permissions`: see GET /v1/permissions.',
})
const expiresAt = nullable(
  timestamp('From then on the key is refused; in the future when it is set. Null: it doesn’t end.'),
)
const ipAllowlist = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: MAX_CIDRS,
  description:
    'IPv4 and IPv6 addresses and networks (CIDR) that the key may be used from; empty: from anywhere.',
})
const rateLimit = nullable(
  Type.Integer({
    minimum: 1,
    maximum: 10_000,
    description:
      'Fewer requests a minute than the workspace’s plan allows; null: as many. Counted over any 60 seconds; what is beyond is answered 429.',
  }),
)
const ownerEmail = Type.String({
  format: 'email',
  maxLength: 254,
  description: 'Of a person, and needed then.',
})
const ownerName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'What the app or the person is called.',
})
const owner = strict(
  {
    type: oneOf(['app', 'person']),
    name: Type.Optional(nullable(ownerName)),
    email: Type.Optional(nullable(ownerEmail)),
  },
  {
    description: 'Whom the key belongs to: an app, or a person known by `email`. Every person has their own.',
  },
)

export const ApiKeyParams = Type.Object({ id: Type.String({ description: 'The key’s id, `key_…`.' }) })

const changeable = {
  permissions: Type.Optional(grants),
  preset: Type.Optional(preset),
  expires_at: Type.Optional(expiresAt),
  ip_allowlist: Type.Optional(ipAllowlist),
  rate_limit_per_minute: Type.Optional(rateLimit),
  owner: Type.Optional(owner),
}

export const CreateApiKeyBody = strict({ name, ...changeable })
export const UpdateApiKeyBody = strict({ name: Type.Optional(name), ...changeable }, { minProperties: 1 })

export const listFilters = {
  status: Type.Optional(
    oneOf([...statuses, NOT_ENDED], {
      description: 'Keys in this state; `not_ended`: those that are neither revoked nor expired.',
    }),
  ),
  search: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description:
        'Keys whose name contains this, in any case; or whose id it is, or the last four characters of a secret.',
    }),
  ),
  owner_email: Type.Optional(
    Type.String({ maxLength: 254, description: 'Keys that belong to this person.' }),
  ),
  attention: Type.Optional(oneOf(attentions, { description: 'Keys with this note.' })),
}

const receiptFields = {
  took_ms: Type.Number({ description: 'From the request until every node knew.' }),
  nodes: Type.Array(
    Type.Object({
      id: Type.String(),
      took_ms: nullable(
        Type.Number({ description: 'Null: it did not say so in time, and forgets the key by itself.' }),
      ),
    }),
    { description: 'Every server that shares the database.' },
  ),
  requests_since_click: Type.Integer({
    description:
      'Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key.',
  }),
}

const apiKeyFields = {
  id: Type.String(),
  name: Type.String(),
  environment: oneOf(['test', 'live']),
  status: oneOf(statuses, {
    description:
      'The strongest of the states that it is in: `rotating` while two secrets work, `quarantined` while it may only read.',
  }),
  hint: Type.String({ description: 'What is shown of the secret: `sk_live_…9fQa`.' }),
  permissions: Type.Array(Type.String()),
  ip_allowlist: Type.Array(Type.String(), { description: 'Empty: from anywhere.' }),
  rate_limit_per_minute: nullable(Type.Integer({ description: 'Null: as the workspace’s plan.' })),
  owner: Type.Object({
    type: oneOf(['app', 'person']),
    name: nullable(Type.String()),
    email: nullable(Type.String()),
  }),
  created_by: Type.Object(
    {
      type: oneOf(['member', 'api_key', 'admin', 'system'], {
        description: '`admin` is the admin command.',
      }),
      id: nullable(Type.String({ description: 'The member’s user, or the key.' })),
      name: nullable(Type.String({ description: 'As it was then.' })),
    },
    { description: 'Who made it.' },
  ),
  created_at: timestamp('When it was made.'),
  updated_at: timestamp('When it was last changed.'),
  expires_at: nullable(timestamp('From then on it is refused.')),
  revoked_at: nullable(timestamp('Since then it is refused.')),
  revocation: nullable(
    Type.Object(receiptFields, {
      description: 'The receipt that revoking it gave. Null: none was waited for.',
    }),
  ),
  last_used_at: nullable(timestamp('The latest accepted request, to the second.')),
  rotation: nullable(
    Type.Object(
      {
        started_at: timestamp('When the new secret was made.'),
        old_hint: Type.String({ description: 'What is shown of the old secret.' }),
        old_secret_ends_at: timestamp('Until then the old secret works, too.'),
      },
      { description: 'While two secrets work.' },
    ),
  ),
  quarantine: nullable(
    Type.Object({
      since: timestamp('Since then it may only read.'),
      reason: Type.String({ description: 'As it was given; `leak_reported` after a report.' }),
      addresses: Type.Array(Type.String(), {
        description: 'Where it may be used from; empty: nowhere, it had not been used.',
      }),
    }),
  ),
  leak: nullable(
    Type.Object({
      reported_at: timestamp('When somebody last reported its secret.'),
      url: nullable(Type.String({ description: 'Where it was found, as reported: not checked.' })),
      source: nullable(Type.String({ description: 'What kind of place that is, as reported.' })),
    }),
  ),
  browser: nullable(
    Type.Object(
      {
        refused_at: timestamp('When it was last noted.'),
        origin: Type.String({ description: 'The page’s, as its browser gave it.' }),
      },
      { description: 'A web page sent the secret, and was refused: the secret is public.' },
    ),
  ),
  attention: Type.Array(oneOf(attentions), {
    description:
      'What somebody should look at: `unused` for 90 days, `never_expires`, `owner_left` the workspace, `leaked`, `used_in_browser`.',
  }),
}

export const ApiKey = Type.Object(apiKeyFields, { $id: 'ApiKey' })

const secret = Type.String({ redact: true, description: 'The secret, this once: it is not stored.' })
export const CreatedApiKey = Type.Object({ ...apiKeyFields, secret }, { $id: 'CreatedApiKey' })

export const ChangedApiKey = Type.Object({ ...apiKeyFields, ...receiptFields }, { $id: 'ChangedApiKey' })
export const RotatedApiKey = Type.Object(
  { ...apiKeyFields, ...receiptFields, secret },
  { $id: 'RotatedApiKey' },
)

export const DEFAULT_OVERLAP_SECONDS = 900

export const RotateBody = nullable(
  strict({
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 604_800,
        default: DEFAULT_OVERLAP_SECONDS,
        description: 'How long the old secret works on: up to 7 days; 0 ends it at once.',
      }),
    ),
  }),
)

export const DEFAULT_QUARANTINE_REASON = 'suspected'

export const QuarantineBody = nullable(
  strict({
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '\\S',
        default: DEFAULT_QUARANTINE_REASON,
        description: 'Why, in your words: it is shown with the key and kept in its history.',
      }),
    ),
  }),
)

export const KeySettings = Type.Object(
  {
    leak_response: oneOf(['quarantine', 'revoke'], {
      description: 'What becomes of a key of this environment whose secret somebody reports.',
    }),
  },
  { $id: 'KeySettings' },
)
export const UpdateKeySettingsBody = strict({ leak_response: oneOf(['quarantine', 'revoke']) })

export const apiKeySchemas = [ApiKey, CreatedApiKey, ChangedApiKey, RotatedApiKey, KeySettings]
export const ApiKeyRef = ref(ApiKey)

export function toWire(row: ApiKeyRow, nowMs: number): Static<typeof ApiKey> {
  return {
    id: row.id,
    name: row.name,
    environment: row.environment,
    status: statusOf(row, nowMs),
    hint: secretHint(row.environment, row.last_four),
    permissions: row.permissions,
    ip_allowlist: row.ip_allowlist,
    rate_limit_per_minute: row.rate_limit_per_minute,
    owner: { type: row.owner_type, name: row.owner_name, email: row.owner_email },
    created_by: { type: row.created_by_type, id: row.created_by, name: row.created_by_name },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    revocation: receiptOf(row),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    ...notes(row, nowMs),
    attention: attentionOf(row, nowMs),
  }
}

/** Only `revoke` writes it, from a receipt. */
function receiptOf({ revocation }: ApiKeyRow) {
  return revocation as Static<typeof apiKeyFields.revocation>
}

function notes(row: ApiKeyRow, nowMs: number) {
  const { old_superseded_at: startedAt, old_ends_at: endsAt, old_last_four: oldLastFour } = row
  return {
    rotation:
      isRotating(row, nowMs) && startedAt !== null && endsAt !== null && oldLastFour !== null
        ? {
            started_at: startedAt.toISOString(),
            old_hint: secretHint(row.environment, oldLastFour),
            old_secret_ends_at: endsAt.toISOString(),
          }
        : null,
    quarantine:
      row.quarantined_at === null
        ? null
        : {
            since: row.quarantined_at.toISOString(),
            reason: row.quarantine_reason ?? '',
            addresses: row.quarantine_addresses,
          },
    leak:
      row.leaked_at === null
        ? null
        : { reported_at: row.leaked_at.toISOString(), url: row.leak_url, source: row.leak_source },
    browser:
      row.browser_refused_at === null
        ? null
        : { refused_at: row.browser_refused_at.toISOString(), origin: row.browser_origin ?? 'unknown' },
  }
}
