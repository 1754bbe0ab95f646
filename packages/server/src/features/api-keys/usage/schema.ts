/** The use of keys on the wire. */
import { secretHint } from '@agentclara/key-format'
import { type Static, Type } from 'typebox'
import { nullable, oneOf, ref, strict, timestamp } from '../../../http/schemas.ts'
import { countFields, countsToWire } from '../../../usage-counts.ts'
import type { ApiKeyRow } from '../store.ts'
import type { Cockpit } from './cockpit.ts'
import type { KeyUsage, SecretUsage } from './service.ts'
import type { ClientRow } from './store.ts'
import type { Call, SuggestedPermissions } from './suggestions.ts'

export const UsageQuery = strict({
  since: Type.Optional(
    timestamp('Begin of the range; by default a day (hours) or 30 days (days) before its end.'),
  ),
  until: Type.Optional(timestamp('End of the range; by default now.')),
  interval: oneOf(['hour', 'day'], { default: 'hour', description: 'Days are UTC days.' }),
})

const Client = Type.Object(
  {
    ip: Type.String(),
    user_agent: Type.String(),
    endpoint: Type.String({ description: '`GET /v1/contacts/{id}`' }),
    first_seen: timestamp('The first request that is known.'),
    last_seen: timestamp('The latest request, accepted or refused.'),
    last_used: nullable(timestamp('The latest accepted request.')),
    requests: Type.Integer({ description: 'Accepted requests since `first_seen`.' }),
    refused: Type.Integer({ description: 'Refused requests (401, 403) since `first_seen`.' }),
  },
  { $id: 'ApiKeyClient', description: 'Who calls what.' },
)

const SecretOfKey = Type.Object(
  {
    hint: Type.String({ description: 'What is shown of it.' }),
    status: oneOf(['current', 'old', 'ended'], {
      description: '`old` works until `ends_at`; `ended` is refused.',
    }),
    created_at: timestamp('When it was made.'),
    ends_at: nullable(timestamp('Until then it works, or worked.')),
    clients: Type.Array(ref(Client), { description: 'Of the last 30 days; the latest first, 200 at most.' }),
    has_more_clients: Type.Boolean(),
  },
  { $id: 'ApiKeySecretUsage' },
)

const RotationCockpit = Type.Object(
  {
    message: Type.String({ description: 'In a sentence.' }),
    is_safe_to_finish: Type.Boolean({
      description:
        'Nobody has used the old secret for 10 minutes and every caller has moved, or for 90 minutes whoever hasn’t.',
    }),
    idle_seconds: Type.Integer({
      description: 'How long nobody has used the old secret, from the start of the rotation at most.',
    }),
    old_secret_last_used_at: nullable(timestamp('The latest accepted request with it.')),
    old_secret_ends_at: timestamp('Then it ends by itself.'),
    still_on_old_secret: Type.Array(
      Type.Object({
        ip: Type.String(),
        user_agent: Type.String(),
        endpoints: Type.Array(Type.String(), {
          description: 'All that it called with the old secret, also before the rotation.',
        }),
        last_seen: timestamp('The latest accepted request.'),
        requests: Type.Integer({
          description: 'Accepted ones with the old secret, also before the rotation.',
        }),
      }),
      {
        description: 'Callers that used the old secret since the rotation began, and not the new one since.',
      },
    ),
  },
  { $id: 'RotationCockpit' },
)

export const ApiKeyUsage = Type.Object(
  {
    api_key_id: Type.String(),
    since: timestamp('Begin of the range.'),
    until: timestamp('End of the range.'),
    interval: oneOf(['hour', 'day']),
    buckets: Type.Array(
      Type.Object({
        start: timestamp('Begin of the hour or day.'),
        ...countFields,
      }),
      { description: 'Only hours or days with requests, oldest first.' },
    ),
    secrets: Type.Array(ref(SecretOfKey), { description: 'The current one first.' }),
    rotation: nullable(Type.Object(RotationCockpit.properties, { description: 'While two secrets work.' })),
  },
  { $id: 'ApiKeyUsage' },
)

const CallSchema = Type.Object({
  endpoint: Type.String(),
  requests: Type.Integer(),
  last_seen: timestamp('The latest of them.'),
})

export const SuggestedPermissionsBody = Type.Object(
  {
    api_key_id: Type.String(),
    observed_since: timestamp('Begin of what was looked at.'),
    requests: Type.Integer({ description: 'Accepted requests that the suggestion rests on.' }),
    current: Type.Array(Type.String()),
    suggested: Type.Array(Type.String(), {
      description: 'The fewest permissions that cover every call; empty when there was none that needs one.',
    }),
    permissions: Type.Array(
      Type.Object({
        permission: Type.String(),
        verdict: oneOf(['keep', 'narrow_to_read', 'remove']),
        would_have_refused: Type.Array(CallSchema, {
          description:
            'Calls that a key without it would have been refused; with `narrow_to_read` all of them read.',
        }),
      }),
      { description: 'Each permission of the key: `*` stands for the write permission of every resource.' },
    ),
  },
  { $id: 'SuggestedPermissions' },
)

export const usageSchemas = [Client, SecretOfKey, ApiKeyUsage, SuggestedPermissionsBody]

export function usageToWire(
  usage: KeyUsage,
  interval: 'hour' | 'day',
  nowMs: number,
): Static<typeof ApiKeyUsage> {
  return {
    api_key_id: usage.key.id,
    since: usage.since.toISOString(),
    until: usage.until.toISOString(),
    interval,
    buckets: usage.buckets.map(({ hour, ...counts }) => ({
      start: hour.toISOString(),
      ...countsToWire(counts),
    })),
    secrets: usage.secrets.map((secret) => secretToWire(secret, usage.key, nowMs)),
    rotation: usage.cockpit === null ? null : cockpitToWire(usage.cockpit),
  }
}

function secretToWire({ secret, clients, hasMoreClients }: SecretUsage, key: ApiKeyRow, nowMs: number) {
  const endsMs = secret.ends_at?.getTime()
  const status =
    endsMs === undefined ? ('current' as const) : endsMs > nowMs ? ('old' as const) : ('ended' as const)
  return {
    hint: secretHint(key.environment, secret.last_four),
    status,
    created_at: secret.created_at.toISOString(),
    ends_at: secret.ends_at?.toISOString() ?? null,
    clients: clients.map(clientToWire),
    has_more_clients: hasMoreClients,
  }
}

function clientToWire(client: ClientRow): Static<typeof Client> {
  return {
    ip: client.address,
    user_agent: client.user_agent,
    endpoint: client.endpoint,
    first_seen: client.first_seen_at.toISOString(),
    last_seen: client.last_seen_at.toISOString(),
    last_used: client.last_used_at?.toISOString() ?? null,
    requests: client.requests,
    refused: client.refused,
  }
}

function cockpitToWire(cockpit: Cockpit): Static<typeof RotationCockpit> {
  return {
    message: cockpit.message,
    is_safe_to_finish: cockpit.isSafeToFinish,
    idle_seconds: cockpit.idleSeconds,
    old_secret_last_used_at: cockpit.oldLastUsedAt?.toISOString() ?? null,
    old_secret_ends_at: cockpit.endsAt.toISOString(),
    still_on_old_secret: cockpit.stillOnOld.map((caller) => ({
      ip: caller.address,
      user_agent: caller.userAgent,
      endpoints: caller.endpoints,
      last_seen: caller.lastUsedAt.toISOString(),
      requests: caller.requests,
    })),
  }
}

export function suggestionToWire({
  key,
  since,
  calls,
  suggested,
  held,
}: SuggestedPermissions & { key: ApiKeyRow; since: Date; calls: Call[] }): Static<
  typeof SuggestedPermissionsBody
> {
  return {
    api_key_id: key.id,
    observed_since: since.toISOString(),
    requests: calls.reduce((sum, call) => sum + call.requests, 0),
    current: key.permissions,
    suggested,
    permissions: held.map(({ permission, verdict, calls: needing }) => ({
      permission,
      verdict,
      would_have_refused: needing.map(callToWire),
    })),
  }
}

function callToWire({ endpoint, requests, lastUsedAt }: Call): Static<typeof CallSchema> {
  return { endpoint, requests, last_seen: lastUsedAt.toISOString() }
}
