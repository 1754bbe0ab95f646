/** Routes of members. */
import { readPage, writePage } from '../../http/paging.ts'
import { DeletedBody, ok, pageOf, pageQuery, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import { MemberParams, MemberRef, memberSchemas, memberToWire, UpdateMemberBody } from './schema.ts'
import type { MemberService } from './service.ts'
import { teamOf } from './team.ts'

export interface MemberRoutesOptions {
  members: MemberService
  cursors: CursorCodec
}

const tags = ['Members']

export function memberRoutes(app: HttpServer, { members, cursors }: MemberRoutesOptions): void {
  for (const schema of memberSchemas) app.addSchema(schema)

  app.get(
    '/members',
    {
      config: { access: 'members:read' },
      schema: {
        operationId: 'listMembers',
        summary: 'List members',
        description: 'The people of the workspace; who joined last comes first.',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(MemberRef) },
      },
    },
    async (request) => {
      const { principal, person, query } = request
      const scope = JSON.stringify(['members', principal.workspaceId])
      const page = await members.list(principal, readPage(cursors, scope, query))
      return writePage(cursors, scope, query.limit, page, (row) => memberToWire(row, person?.userId))
    },
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/members/:id',
    config: { access: 'members:write', needsProof: true },
    schema: {
      operationId: 'updateMember',
      summary: 'Give a member another role',
      description:
        'An owner may change everybody, an admin everybody but owners; a key never makes or changes an owner. Takes effect at once, also for requests under way. Invitations that the member could no longer make end. 409 for the last owner.',
      tags,
      params: MemberParams,
      body: UpdateMemberBody,
      response: { 200: success(MemberRef) },
    },
    handler: async (request) => {
      const { id } = request.params
      const member = await members.changeRole(teamOf(request), id as Id<'mem'>, request.body.role)
      return ok(memberToWire(member, request.person?.userId))
    },
  })

  app.delete(
    '/members/:id',
    {
      config: { access: 'members:read', needsProof: true },
      schema: {
        operationId: 'deleteMember',
        summary: 'Remove a member, or leave',
        description:
          'Removing somebody else takes members:write, and as much as changing their role. The workspace is closed to them at once; keys that belong to them go on working, with the note `owner_left`. 409 for the last owner.',
        tags,
        params: MemberParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      const { id } = request.params
      await members.remove(teamOf(request), id as Id<'mem'>)
      return ok({ id, deleted: true as const })
    },
  )
}
