/** Workspaces on the wire. */
import { type Static, Type } from 'typebox'
import { oneOf, ref, strict, timestamp } from '../../http/schemas.ts'
import { roleNames } from '../../roles.ts'
import type { OwnWorkspaceRow } from './store.ts'

export const Workspace = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    plan: oneOf(['standard', 'enterprise'], {
      description: 'By it, each of its keys may make 1,000 or 10,000 requests a minute.',
    }),
    role: oneOf(roleNames, { description: 'Of the person who asks.' }),
    created_at: timestamp('When it was made.'),
  },
  { $id: 'Workspace' },
)

export const workspaceSchemas = [Workspace]
export const WorkspaceRef = ref(Workspace)

const name = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'What it is called.' })

export const WorkspaceParams = Type.Object({
  id: Type.String({ description: 'The workspace’s id, `ws_…`.' }),
})
export const CreateWorkspaceBody = strict({ name })
export const UpdateWorkspaceBody = strict({ name })
export const DeleteWorkspaceBody = strict({
  name: Type.String({
    maxLength: 100,
    description: 'The workspace’s name: it confirms that it is this one.',
  }),
})

export function workspaceToWire(row: OwnWorkspaceRow): Static<typeof Workspace> {
  const { id, name, plan, role, created_at: createdAt } = row
  return { id, name, plan, role, created_at: createdAt.toISOString() }
}
