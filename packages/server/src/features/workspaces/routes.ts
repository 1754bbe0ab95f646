/** Routes of workspaces: for people who are signed in; a key belongs to one workspace, and sees it in GET /me. */

import { readPage, writePage } from '../../http/paging.ts'
import { personOf } from '../../http/person.ts'
import { DeletedBody, ok, pageOf, pageQuery, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { OwnWorkspaces } from './own.ts'
import {
  CreateWorkspaceBody,
  DeleteWorkspaceBody,
  UpdateWorkspaceBody,
  WorkspaceParams,
  WorkspaceRef,
  workspaceSchemas,
  workspaceToWire,
} from './schema.ts'

export interface WorkspaceRoutesOptions {
  workspaces: OwnWorkspaces
  cursors: CursorCodec
}

const tags = ['Workspaces']

export function workspaceRoutes(app: HttpServer, { workspaces, cursors }: WorkspaceRoutesOptions): void {
  for (const schema of workspaceSchemas) app.addSchema(schema)

  app.get(
    '/workspaces',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'listWorkspaces',
        summary: 'List your workspaces',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(WorkspaceRef) },
      },
    },
    async (request) => {
      const person = personOf(request)
      const scope = JSON.stringify(['workspaces', person.userId])
      const page = await workspaces.list(person, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, request.query.limit, page, workspaceToWire)
    },
  )

  app.post(
    '/workspaces',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'createWorkspace',
        summary: 'Make a workspace',
        description: 'With a test and a live environment. Who makes it is its owner.',
        tags,
        body: CreateWorkspaceBody,
        response: { 201: success(WorkspaceRef, 'Made.') },
      },
    },
    async (request, reply) => {
      const made = await workspaces.create(personOf(request), request.body.name)
      return reply.code(201).send(ok(workspaceToWire(made)))
    },
  )

  app.get(
    '/workspaces/:id',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'getWorkspace',
        summary: 'Get one of your workspaces',
        tags,
        params: WorkspaceParams,
        response: { 200: success(WorkspaceRef) },
      },
    },
    async (request) => ok(workspaceToWire(await workspaces.get(personOf(request), request.params.id))),
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/workspaces/:id',
    config: { access: 'person' },
    schema: {
      operationId: 'updateWorkspace',
      summary: 'Rename a workspace',
      description: 'For its owners and admins.',
      tags,
      params: WorkspaceParams,
      body: UpdateWorkspaceBody,
      response: { 200: success(WorkspaceRef) },
    },
    handler: async (request) => {
      const { id } = request.params
      return ok(workspaceToWire(await workspaces.rename(personOf(request), id, request.body.name)))
    },
  })

  app.delete(
    '/workspaces/:id',
    {
      config: { access: 'person', needsProof: true },
      schema: {
        operationId: 'deleteWorkspace',
        summary: 'Delete a workspace',
        description:
          'For good, with everything in it, in both environments; for its owners. When this answers, every server refuses its keys, its webhooks are sent nothing more and nobody is a member; its data is taken away within minutes.',
        tags,
        params: WorkspaceParams,
        body: DeleteWorkspaceBody,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      const { id } = request.params
      await workspaces.delete(personOf(request), id, request.body.name)
      return ok({ id, deleted: true as const })
    },
  )
}
