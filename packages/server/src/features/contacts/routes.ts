/** Routes of contacts. */
import { readPage, writePage } from '../../http/paging.ts'
import { DeletedBody, ok, pageOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import {
  Contact,
  ContactParams,
  CreateContactBody,
  ListContactsQuery,
  SearchContactsQuery,
  toWire,
  UpdateContactBody,
} from './schema.ts'
import type { ContactService } from './service.ts'

export interface ContactRoutesOptions {
  contacts: ContactService
  cursors: CursorCodec
}

const tags = ['Contacts']

export function contactRoutes(app: HttpServer, { contacts, cursors }: ContactRoutesOptions): void {
  app.addSchema(Contact)

  app.get(
    '/contacts',
    {
      config: { access: 'contacts:read' },
      schema: {
        operationId: 'listContacts',
        summary: 'List contacts',
        tags,
        querystring: ListContactsQuery,
        response: { 200: pageOf(ref(Contact)) },
      },
    },
    async (request) => {
      const { search, tag, sort, limit } = request.query
      const scope = JSON.stringify(['contacts', request.principal.environmentId, search, tag, sort])
      const wanted = readPage(cursors, scope, request.query)
      const page = await contacts.list(request.principal, { search, tag, sort }, wanted)
      return writePage(cursors, scope, limit, page, toWire)
    },
  )

  app.get(
    '/contacts/search',
    {
      config: { access: 'contacts:read' },
      schema: {
        operationId: 'searchContacts',
        summary: 'Find contacts by name, e-mail or phone',
        description: 'Best matches first: the exact address, then names that begin with it, then the rest.',
        tags,
        querystring: SearchContactsQuery,
        response: { 200: pageOf(ref(Contact)) },
      },
    },
    async (request) => {
      const { q, limit } = request.query
      const scope = JSON.stringify(['contacts/search', request.principal.environmentId, q])
      const page = await contacts.search(request.principal, q, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, limit, page, toWire)
    },
  )

  app.post(
    '/contacts',
    {
      config: { access: 'contacts:write' },
      schema: {
        operationId: 'createContact',
        summary: 'Create a contact',
        tags,
        body: CreateContactBody,
        response: { 201: success(ref(Contact), 'Made.') },
      },
    },
    async (request, reply) =>
      reply.code(201).send(ok(toWire(await contacts.create(request.principal, request.body)))),
  )

  app.get(
    '/contacts/:id',
    {
      config: { access: 'contacts:read' },
      schema: {
        operationId: 'getContact',
        summary: 'Get a contact',
        tags,
        params: ContactParams,
        response: { 200: success(ref(Contact)) },
      },
    },
    async (request) => ok(toWire(await contacts.get(request.principal, request.params.id as Id<'cust'>))),
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/contacts/:id',
    config: { access: 'contacts:write' },
    schema: {
      operationId: 'updateContact',
      summary: 'Change a contact',
      description:
        '`tags`, `emails` and `phones` replace, `custom_fields` merges. `email` and `phone` replace the first one; null removes it.',
      tags,
      params: ContactParams,
      body: UpdateContactBody,
      response: { 200: success(ref(Contact)) },
    },
    handler: async (request) => {
      const id = request.params.id as Id<'cust'>
      return ok(toWire(await contacts.update(request.principal, id, request.body)))
    },
  })

  app.delete(
    '/contacts/:id',
    {
      config: { access: 'contacts:write' },
      schema: {
        operationId: 'deleteContact',
        summary: 'Delete a contact for good',
        description: 'Its conversations stay, without a contact.',
        tags,
        params: ContactParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      await contacts.delete(request.principal, request.params.id as Id<'cust'>)
      return ok({ id: request.params.id, deleted: true as const })
    },
  )
}
