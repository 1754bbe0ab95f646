/** Routes of invitations: for those who invite, and for who was invited. */

import { readPage, writePage } from '../../http/paging.ts'
import { personOf } from '../../http/person.ts'
import { DeletedBody, EmptyBody, ok, pageOf, pageQuery, ref, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { addressGroup } from '../../lib/address-group.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import type { Acceptance } from './acceptance.ts'
import type { InvitationService, SentInvitation } from './invitations.ts'
import {
  CreatedInvitation,
  CreateInvitationBody,
  Invitation,
  InvitationParams,
  InvitationPreview,
  invitationToWire,
  JoinedMember,
  joinedToWire,
  previewToWire,
  TokenBody,
} from './schema.ts'
import { teamOf } from './team.ts'

export interface InvitationRoutesOptions {
  invitations: InvitationService
  acceptance: Acceptance
  cursors: CursorCodec
}

const tags = ['Members']
/** The link is in no log. Its field can't be masked by its name: every `url` would be. */
const sending = {
  access: 'members:write',
  needsProof: true,
  answersWithSecret: true,
  isAnswerNoted: false,
} as const
const sent = ({ invitation, url }: SentInvitation) => ok({ ...invitationToWire(invitation), url })
const sentBody = (description: string) => success(ref(CreatedInvitation), description)

export function invitationRoutes(
  app: HttpServer,
  { invitations, acceptance, cursors }: InvitationRoutesOptions,
): void {
  app.get(
    '/invitations',
    {
      config: { access: 'members:read' },
      schema: {
        operationId: 'listInvitations',
        summary: 'List invitations',
        description: 'Those that nobody has accepted, also those that ended.',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(ref(Invitation)) },
      },
    },
    async ({ principal, query }) => {
      const scope = JSON.stringify(['invitations', principal.workspaceId])
      const page = await invitations.list(principal, readPage(cursors, scope, query))
      return writePage(cursors, scope, query.limit, page, invitationToWire)
    },
  )

  app.post(
    '/invitations',
    {
      config: sending,
      schema: {
        operationId: 'createInvitation',
        summary: 'Invite somebody',
        description:
          'For seven days, once. It is mailed where the server sends mail; its link is in this answer only. An owner may give every role, an admin every role but owner, a key what it may do itself, and never owner. 409 for who is a member or invited already.',
        tags,
        body: CreateInvitationBody,
        response: { 201: sentBody('Made. The link is in this answer only.') },
      },
    },
    async (request, reply) =>
      reply.code(201).send(sent(await invitations.create(teamOf(request), request.body))),
  )

  app.post(
    '/invitations/:id/resend',
    {
      config: sending,
      schema: {
        operationId: 'resendInvitation',
        summary: 'Send an invitation again',
        description: 'With a new link, and seven days from now; the earlier link ends.',
        tags,
        params: InvitationParams,
        body: EmptyBody,
        response: { 200: sentBody('The new link is in this answer only.') },
      },
    },
    async (request) => sent(await invitations.resend(teamOf(request), request.params.id as Id<'inv'>)),
  )

  app.delete(
    '/invitations/:id',
    {
      config: { access: 'members:write' },
      schema: {
        operationId: 'deleteInvitation',
        summary: 'Take an invitation back',
        tags,
        params: InvitationParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      const { id } = request.params
      await invitations.delete(teamOf(request), id as Id<'inv'>)
      return ok({ id, deleted: true as const })
    },
  )

  app.post(
    '/invitations/lookup',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'lookUpInvitation',
        summary: 'What an invitation is to',
        description: 'For whoever holds its link. 404 for one that was used, has ended or was taken back.',
        tags,
        body: TokenBody,
        response: { 200: success(ref(InvitationPreview)) },
      },
    },
    async (request) => {
      const { invitation, hasAccount } = await acceptance.lookUp(request.body.token, addressGroup(request.ip))
      return ok(previewToWire(invitation, hasAccount))
    },
  )

  app.post(
    '/invitations/accept',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'acceptInvitation',
        summary: 'Join a workspace',
        description:
          'For whoever holds the link and is signed in with the address that was invited. Accepting twice is no error; somebody who is a member already keeps their role.',
        tags,
        body: TokenBody,
        response: { 200: success(ref(JoinedMember)) },
      },
    },
    async (request) => ok(joinedToWire(await acceptance.accept(personOf(request), request.body.token))),
  )
}
