/** Members and invitations on the wire. */
import { type Static, Type } from 'typebox'
import { nullable, oneOf, ref, strict, timestamp } from '../../http/schemas.ts'
import type { Id } from '../../lib/ids.ts'
import { roleNames } from '../../roles.ts'
import type { Joined } from './acceptance.ts'
import type { HeldInvitationRow, InvitationRow } from './invitation-store.ts'
import type { MemberRow } from './people-store.ts'

const role = oneOf(roleNames, {
  description: '`owner`, `admin`, `agent` or `viewer`: those who may do the most first.',
})

const memberFields = {
  id: Type.String(),
  user_id: Type.String({ description: 'The person’s, the same in each workspace.' }),
  name: Type.String(),
  email: Type.String(),
  role,
  joined_at: timestamp('When.'),
  last_active_at: nullable(timestamp('Of the sessions that go on; to the minute. Null: signed in nowhere.')),
  two_factor_enabled: Type.Boolean(),
  is_me: Type.Boolean({ description: 'The person who asks.' }),
}

export const Member = Type.Object(memberFields, { $id: 'Member' })

const invitationFields = {
  id: Type.String(),
  email: Type.String({ description: 'Only who signs in with this address can accept.' }),
  role,
  created_at: timestamp('When it was made.'),
  expires_at: timestamp('Until then it can be accepted.'),
  invited_by: nullable(
    Type.Object(
      {
        type: oneOf(['member', 'api_key']),
        id: nullable(Type.String({ description: 'The member’s, or the key’s.' })),
        name: nullable(Type.String({ description: 'As it was then.' })),
      },
      { description: 'Who made it, or sent it last. It ends when they may no longer give the role.' },
    ),
  ),
}

export const Invitation = Type.Object(invitationFields, { $id: 'Invitation' })
export const CreatedInvitation = Type.Object(
  {
    ...invitationFields,
    url: Type.String({
      description: 'Opens the invitation, for whoever holds it: in this answer and the mail only.',
    }),
  },
  { $id: 'CreatedInvitation' },
)

export const InvitationPreview = Type.Object(
  {
    workspace_name: Type.String(),
    role,
    email: Type.String({ description: 'The address that was invited.' }),
    invited_by: nullable(Type.String({ description: 'The name of who invites.' })),
    has_account: Type.Boolean({ description: 'Whether somebody signs in with this address already.' }),
  },
  { $id: 'InvitationPreview' },
)

export const JoinedMember = Type.Object(
  {
    ...memberFields,
    workspace: Type.Object({
      id: Type.String(),
      name: Type.String(),
      plan: oneOf(['standard', 'enterprise']),
      role,
      created_at: timestamp('When it was made.'),
    }),
  },
  { $id: 'JoinedMember' },
)

export const memberSchemas = [Member, Invitation, CreatedInvitation, InvitationPreview, JoinedMember]

export const MemberRef = ref(Member)

export const MemberParams = Type.Object({ id: Type.String({ description: 'The member’s id, `mem_…`.' }) })
export const InvitationParams = Type.Object({
  id: Type.String({ description: 'The invitation’s id, `inv_…`.' }),
})

export const UpdateMemberBody = strict({ role })
export const CreateInvitationBody = strict({
  email: Type.String({ format: 'email', maxLength: 254, description: 'Whom to invite.' }),
  role,
})
export const TokenBody = strict({
  token: Type.String({
    minLength: 1,
    maxLength: 200,
    redact: true,
    description: 'What follows the `#` of the invitation’s link.',
  }),
})

/** `userId`: who asks, if it is a person. */
export function memberToWire(row: MemberRow, userId: Id<'user'> | undefined): Static<typeof Member> {
  return {
    id: row.id,
    user_id: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    joined_at: row.joined_at.toISOString(),
    last_active_at: row.last_active_at?.toISOString() ?? null,
    two_factor_enabled: row.has_two_factor,
    is_me: row.user_id === userId,
  }
}

export function invitationToWire(row: InvitationRow): Static<typeof Invitation> {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    invited_by: { type: row.inviter_type, id: row.inviter_id, name: row.inviter_name },
  }
}

export function previewToWire(row: HeldInvitationRow, hasAccount: boolean): Static<typeof InvitationPreview> {
  return {
    workspace_name: row.workspace_name,
    role: row.role,
    email: row.email,
    invited_by: row.inviter_name,
    has_account: hasAccount,
  }
}

export function joinedToWire({ member, workspace }: Joined): Static<typeof JoinedMember> {
  return {
    ...memberToWire(member, member.user_id),
    workspace: {
      id: workspace.workspace_id,
      name: workspace.workspace_name,
      plan: workspace.plan,
      role: member.role,
      created_at: workspace.workspace_created_at.toISOString(),
    },
  }
}
