/** Routes of knowledge: its sources, and the search in them. */

import { Type } from 'typebox'
import { readPage, writePage } from '../../http/paging.ts'
import { DeletedBody, ok, pageOf, pageQuery, ref, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import {
  CreateSourceBody,
  KnowledgeSourceSummary,
  knowledgeSchemas,
  Quote,
  quoteToWire,
  SearchBody,
  SourceParams,
  SourceRef,
  sourceToWire,
  summaryToWire,
  UpdateSourceBody,
} from './schema.ts'
import type { KnowledgeService } from './service.ts'

export interface KnowledgeRoutesOptions {
  knowledge: KnowledgeService
  cursors: CursorCodec
}

const tags = ['Knowledge']

export function knowledgeRoutes(app: HttpServer, { knowledge, cursors }: KnowledgeRoutesOptions): void {
  for (const schema of knowledgeSchemas) app.addSchema(schema)

  app.post(
    '/knowledge/sources',
    {
      config: { access: 'knowledge:write' },
      schema: {
        operationId: 'createKnowledgeSource',
        summary: 'Add a source',
        description: 'Clara answers from it as soon as the call returns.',
        tags,
        body: CreateSourceBody,
        response: { 201: success(SourceRef, 'Added.') },
      },
    },
    async (request, reply) =>
      reply.code(201).send(ok(sourceToWire(await knowledge.create(request.principal, request.body)))),
  )

  app.get(
    '/knowledge/sources',
    {
      config: { access: 'knowledge:read' },
      schema: {
        operationId: 'listKnowledgeSources',
        summary: 'List sources, without their content',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(ref(KnowledgeSourceSummary)) },
      },
    },
    async (request) => {
      const scope = `knowledge ${request.principal.environmentId}`
      const page = await knowledge.list(request.principal, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, request.query.limit, page, summaryToWire)
    },
  )

  app.get(
    '/knowledge/sources/:id',
    {
      config: { access: 'knowledge:read' },
      schema: {
        operationId: 'getKnowledgeSource',
        summary: 'Get a source',
        tags,
        params: SourceParams,
        response: { 200: success(SourceRef) },
      },
    },
    async (request) =>
      ok(sourceToWire(await knowledge.get(request.principal, request.params.id as Id<'src'>))),
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/knowledge/sources/:id',
    config: { access: 'knowledge:write' },
    schema: {
      operationId: 'updateKnowledgeSource',
      summary: 'Change a source',
      tags,
      params: SourceParams,
      body: UpdateSourceBody,
      response: { 200: success(SourceRef) },
    },
    handler: async (request) => {
      const row = await knowledge.update(request.principal, request.params.id as Id<'src'>, request.body)
      return ok(sourceToWire(row))
    },
  })

  app.delete(
    '/knowledge/sources/:id',
    {
      config: { access: 'knowledge:write' },
      schema: {
        operationId: 'deleteKnowledgeSource',
        summary: 'Delete a source',
        tags,
        params: SourceParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      await knowledge.delete(request.principal, request.params.id as Id<'src'>)
      return ok({ id: request.params.id, deleted: true as const })
    },
  )

  app.post(
    '/knowledge/search',
    {
      config: { access: 'knowledge:read', onlyReads: true },
      schema: {
        operationId: 'searchKnowledge',
        summary: 'Find quotes',
        tags,
        body: SearchBody,
        response: { 200: success(Type.Array(ref(Quote)), 'The best quotes first.') },
      },
    },
    async (request) => {
      const { query, limit } = request.body
      return ok((await knowledge.search(request.principal.environmentId, query, limit)).map(quoteToWire))
    },
  )
}
