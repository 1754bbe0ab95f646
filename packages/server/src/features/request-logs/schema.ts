/** Request logs on the wire. */
import { secretHint } from '@agentclara/key-format'
import { type Static, Type } from 'typebox'
import { nullable, oneOf, pageQuery, strict, timestamp } from '../../http/schemas.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { EnvironmentName } from '../../principal.ts'
import type { ListedRow, RequestLogRow } from './store.ts'

const listed = {
  id: Type.String({
    description: 'The request’s id: `X-Request-Id` of the answer, `request_id` of an error.',
  }),
  created_at: timestamp('When the request arrived, and counts in usage.'),
  method: Type.String(),
  endpoint: Type.String({ description: '`GET /v1/contacts/{id}`' }),
  path: Type.String({
    description:
      'With its query, secrets masked; without its query for who may not read what the endpoint is about.',
  }),
  status: Type.Integer(),
  outcome: oneOf(['succeeded', 'failed'], { description: '`failed`: the status is 400 or more.' }),
  code: nullable(Type.String({ description: 'Of a failure.' })),
  duration_ms: Type.Number({ description: 'From the request’s headers to the beginning of the answer.' }),
  api_key_id: nullable(
    Type.String({ description: 'The key, or the one that made the client token. Null for members.' }),
  ),
  client_token_id: nullable(Type.String()),
  secret_hint: nullable(
    Type.String({
      description: 'Which secret of the key: `sk_test_…9fQa`. Null for client tokens and members.',
    }),
  ),
  member: nullable(
    Type.Object(
      { id: Type.String(), name: Type.String({ description: 'As it was then.' }) },
      { description: 'Who made it while signed in. Of theirs, writes and failures are logged.' },
    ),
  ),
  ip: Type.String(),
  user_agent: Type.String(),
  idempotency_key: nullable(Type.String({ description: '`Idempotency-Key` of the request.' })),
  idempotent_replayed: Type.Boolean({ description: 'The answer was one that had been given before.' }),
  request_bytes: nullable(
    Type.Integer({ description: 'Size of the body that was sent, where it is known.' }),
  ),
  response_bytes: nullable(
    Type.Integer({ description: 'Size of the body that was answered, where it is known.' }),
  ),
}

export const RequestLog = Type.Object(listed, { $id: 'RequestLog' })

const headers = (description: string) =>
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description,
  })

const body = (description: string) => nullable(Type.String({ description }))

export const RequestLogDetail = Type.Object(
  {
    ...listed,
    request_headers: headers('Those that are kept.'),
    response_headers: headers('Those that are kept.'),
    request_body: body(
      'The JSON as it was sent, secrets masked, 4 KiB at most. Null: there was none, it was no JSON, or it was left out.',
    ),
    request_body_truncated: Type.Boolean(),
    response_body: body('The JSON as it was answered, secrets masked, 4 KiB at most. Null as above.'),
    response_body_truncated: Type.Boolean(),
    bodies_withheld: nullable(
      Type.String({
        description: 'The permission that it takes to read the bodies, and the key doesn’t have.',
      }),
    ),
  },
  { $id: 'RequestLogDetail' },
)

export const ListRequestLogsQuery = strict({
  ...pageQuery,
  status: Type.Optional(
    Type.String({
      pattern: '^[1-5](?:\\d\\d|xx)$',
      description: 'A status, `404`, or a class of them, `4xx`.',
    }),
  ),
  outcome: Type.Optional(oneOf(['succeeded', 'failed'], { description: 'Whether the status is below 400.' })),
  code: Type.Optional(Type.String({ maxLength: 64, description: 'The code of an error.' })),
  method: Type.Optional(oneOf(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])),
  endpoint: Type.Optional(
    Type.String({ maxLength: 200, description: 'Method and path: `GET /v1/contacts/{id}`.' }),
  ),
  path: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'A part of the path, without its query: an id of what was asked for, say.',
    }),
  ),
  api_key_id: Type.Optional(Type.String({ maxLength: 64 })),
  since: Type.Optional(timestamp('Requests from then on.')),
  until: Type.Optional(timestamp('Requests before then.')),
  idempotency_key: Type.Optional(Type.String({ maxLength: 300 })),
  ip: Type.Optional(Type.String({ maxLength: 64 })),
})

export const RequestLogParams = Type.Object({
  id: Type.String({ description: 'The request’s id, `req_…`.' }),
})

/** `withheld`: the permission that the caller lacks to see what the request was about. */
export function listedToWire(
  row: ListedRow,
  environment: EnvironmentName,
  withheld: string | null,
): Static<typeof RequestLog> {
  return {
    id: row.id,
    created_at: row.created_at.toISOString(),
    method: row.method,
    endpoint: row.endpoint,
    path: withheld === null ? row.path : (row.path.split('?')[0] ?? ''),
    status: row.status,
    outcome: row.status < 400 ? 'succeeded' : 'failed',
    code: row.code,
    duration_ms: row.duration_ms,
    api_key_id: row.api_key_id,
    client_token_id: row.client_token_id,
    secret_hint: row.secret_last_four === null ? null : secretHint(environment, row.secret_last_four),
    member: row.member_id === null ? null : { id: row.member_id, name: row.member_name ?? '' },
    ip: row.address,
    user_agent: row.user_agent,
    idempotency_key: row.idempotency_key,
    idempotent_replayed: row.is_replay,
    request_bytes: row.request_body_bytes,
    response_bytes: row.response_body_bytes,
  }
}

export function detailToWire(
  row: RequestLogRow,
  environment: EnvironmentName,
  withheld: string | null,
): Static<typeof RequestLogDetail> {
  const { request = {}, response = {} } = row.headers as { request?: JsonObject; response?: JsonObject }
  return {
    ...listedToWire(row, environment, withheld),
    request_headers: request as Record<string, string>, // rows.ts writes texts
    response_headers: response as Record<string, string>, // as above
    request_body: withheld === null ? row.request_body : null,
    request_body_truncated: row.is_request_body_cut,
    response_body: withheld === null ? row.response_body : null,
    response_body_truncated: row.is_response_body_cut,
    bodies_withheld: withheld,
  }
}
