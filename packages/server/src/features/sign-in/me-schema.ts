/** `GET /me` on the wire: a key, or somebody who is signed in. */
import { type Static, Type } from 'typebox'
import { nullable, oneOf, strict, timestamp } from '../../http/schemas.ts'
import type { ApiKeyPrincipal, EnvironmentName, MemberPrincipal, Person } from '../../principal.ts'
import { roleNames } from '../../roles.ts'
import { validUntil } from './proof.ts'
import type { SessionRow } from './store.ts'

const environment = oneOf(['test', 'live'])
const granted = Type.Array(Type.String(), { description: 'What it may do; `*` is everything.' })

export const ApiKeyMe = Type.Object(
  {
    type: Type.Literal('api_key'),
    id: Type.String(),
    name: Type.String(),
    environment,
    workspace: Type.Object({ id: Type.String(), name: Type.String() }),
    permissions: granted,
    rate_limit_per_minute: Type.Integer({ description: 'The plan’s, or the key’s own where that is lower.' }),
    expires_at: nullable(timestamp('From then on the key is refused. Null: it doesn’t end.')),
    secret_last_four: Type.String({ description: 'Of the secret that this request was made with.' }),
  },
  { $id: 'ApiKeyMe' },
)

export const Proof = Type.Object(
  {
    proved_at: timestamp('When you last proved who you are: by signing in, too.'),
    valid_until: timestamp('Until then nothing asks for another proof.'),
  },
  { $id: 'Proof' },
)

export const MemberMe = Type.Object(
  {
    type: Type.Literal('member'),
    user: Type.Object({
      id: Type.String(),
      name: Type.String(),
      email: Type.String(),
      email_verified: Type.Boolean(),
      two_factor_enabled: Type.Boolean(),
    }),
    workspace: nullable(
      Type.Object(
        { id: Type.String(), name: Type.String(), plan: Type.String() },
        { description: 'The one that `AgentClara-Workspace` names, or your first. Null: you are in none.' },
      ),
    ),
    environment,
    role: nullable(oneOf([...roleNames], { description: 'In the workspace.' })),
    permissions: granted,
    proof: nullable(
      Type.Object({ proved_at: timestamp('As in Proof.'), valid_until: timestamp('As in Proof.') }),
    ),
  },
  { $id: 'MemberMe' },
)

export const Session = Type.Object(
  {
    id: Type.String(),
    created_at: timestamp('When you signed in.'),
    last_active_at: timestamp('To the minute.'),
    ip: nullable(Type.String({ description: 'Where you signed in from.' })),
    user_agent: nullable(Type.String()),
    is_current: Type.Boolean({ description: 'The one that asks.' }),
  },
  { $id: 'Session' },
)

export const SessionParams = Type.Object({ id: Type.String({ description: 'The session’s id, `ses_…`.' }) })

export const ProofBody = strict({
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 128, redact: true })),
  passkey: Type.Optional(
    Type.Unsafe<object>({
      type: 'object',
      additionalProperties: true,
      description: 'What the browser made of the options of `POST /v1/me/proof/passkey_options`.',
    }),
  ),
})

export const meSchemas = [ApiKeyMe, MemberMe, Proof, Session]

export function keyToWire(principal: ApiKeyPrincipal): Static<typeof ApiKeyMe> {
  return {
    type: 'api_key',
    id: principal.keyId,
    name: principal.name,
    environment: principal.environment,
    workspace: { id: principal.workspaceId, name: principal.workspaceName },
    permissions: [...principal.grants],
    rate_limit_per_minute: principal.rateLimitPerMinute,
    expires_at: principal.expiresAt?.toISOString() ?? null,
    secret_last_four: principal.lastFour,
  }
}

/** `chosen`: what somebody asks for who is in no workspace. */
export function personToWire(
  person: Person,
  member: MemberPrincipal | undefined,
  chosen: EnvironmentName,
  nowMs: number,
): Static<typeof MemberMe> {
  return {
    type: 'member',
    user: {
      id: person.userId,
      name: person.name,
      email: person.email,
      email_verified: person.isEmailVerified,
      two_factor_enabled: person.hasTwoFactor,
    },
    workspace:
      member === undefined ? null : { id: member.workspaceId, name: member.workspaceName, plan: member.plan },
    environment: member?.environment ?? chosen,
    role: member?.role ?? null,
    permissions: [...(member?.grants ?? [])],
    proof: validUntil(person.provedAt).getTime() > nowMs ? proofToWire(person.provedAt) : null,
  }
}

export function proofToWire(provedAt: Date): Static<typeof Proof> {
  return { proved_at: provedAt.toISOString(), valid_until: validUntil(provedAt).toISOString() }
}

export function sessionToWire(row: SessionRow, currentId: string): Static<typeof Session> {
  return {
    id: row.id,
    created_at: row.created_at.toISOString(),
    last_active_at: row.last_active_at.toISOString(),
    ip: row.ip_address === '' ? null : row.ip_address,
    user_agent: row.user_agent === '' ? null : row.user_agent,
    is_current: row.id === currentId,
  }
}
