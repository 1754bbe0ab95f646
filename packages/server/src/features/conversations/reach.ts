/**
 * How far a caller reaches into conversations: a key or a member into all of its environment, a client token into those of its
 * contact or its one conversation, and there only to what the customer may see. Every method of the service begins
 * here, and every query takes the reach that it was given.
 */
import type { Visibility } from '../../db/tables/conversations.ts'
import { ApiError } from '../../errors.ts'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { ClientTokenPrincipal, Principal } from '../../principal.ts'
import type { Command } from './state.ts'

/** The conversations that a caller can find. What is outside looks as if it weren't there. */
export type Reach = { readonly environmentId: Id<'env'> } & (
  | { readonly kind: 'environment' }
  | { readonly kind: 'contact'; readonly contactId: Id<'cust'> }
  | { readonly kind: 'conversation'; readonly conversationId: Id<'conv'> }
)

/** What the service can be asked for. */
export type Operation =
  | 'list'
  | 'listOfContact'
  | 'get'
  | 'listMessages'
  | 'create'
  | 'sendMessage'
  | 'update'
  | 'read'
  | 'delete'
  | Command

type TokenKind = ClientTokenPrincipal['subject']['kind']

const BOTH: readonly TokenKind[] = ['contact', 'conversation']

/** What a client token may ask for, by what it is bound to. Whatever isn't here is for keys alone. */
const FOR_TOKENS: { readonly [O in Operation]?: readonly TokenKind[] } = {
  list: BOTH,
  get: BOTH,
  listMessages: BOTH,
  create: ['contact'],
  sendMessage: BOTH,
  handoff: BOTH,
}

/** Throws `insufficient_permissions` for a client token that may not ask for this at all. */
export function reachOf(principal: Principal, operation: Operation): Reach {
  const { environmentId } = principal
  if (principal.kind !== 'client_token') return wholeEnvironment(environmentId)
  const { subject } = principal
  if (FOR_TOKENS[operation]?.includes(subject.kind) !== true) {
    const hint =
      FOR_TOKENS[operation] === undefined
        ? 'Make it from your server, with an API key.'
        : `This one is bound to a ${subject.kind}: use a token that is bound to a contact, or an API key on your server.`
    throw new ApiError('insufficient_permissions', {
      error: `A client token for a ${subject.kind} can’t make this call`,
      hint,
      details: { required: 'conversations:write', granted: [] },
    })
  }
  return { environmentId, ...subject }
}

/** For the server's own work, which nobody called for. */
export function wholeEnvironment(environmentId: Id<'env'>): Reach {
  return { kind: 'environment', environmentId }
}

/** Binds cursors: those of a key or a member serve the environment, those of a token every token for the same subject. */
export function cursorScope(principal: Principal): string {
  const { environmentId } = principal
  if (principal.kind !== 'client_token') return environmentId
  const { subject } = principal
  return `${environmentId}/${subject.kind === 'contact' ? subject.contactId : subject.conversationId}`
}

/** Notes are the team's. */
export function visibleTo(reach: Reach): readonly Visibility[] {
  return reach.kind === 'environment' ? ['public', 'internal'] : ['public']
}

interface TeamFields {
  tags: string[]
  metadata: JsonObject
  handoff_reason: string | null
  /** Of any message, notes among them. */
  last_activity_at: Date
  created_at: Date
  public_activity_at?: Date
}

/** The row without what the team wrote for itself, for callers that are customers. */
export function conversationAsSeen<R extends TeamFields>(reach: Reach, row: R): R {
  if (reach.kind === 'environment') return row
  const lastActivityAt = row.public_activity_at ?? row.created_at
  return { ...row, tags: [], metadata: {}, handoff_reason: null, last_activity_at: lastActivityAt }
}

/** As above. Notes never get this far: queries leave them out. */
export function messageAsSeen<R extends Pick<TeamFields, 'metadata'>>(reach: Reach, row: R): R {
  return reach.kind === 'environment' ? row : { ...row, metadata: {} }
}
