/** `POST /client_tokens`: what a server gives to a browser instead of its key. */
import { Type } from 'typebox'
import { ApiError, invalidField } from '../../errors.ts'
import { ok, ref, strict, success, timestamp } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { Id } from '../../lib/ids.ts'
import type { ClientTokenPrincipal } from '../../principal.ts'
import type { ClientTokenService } from './service.ts'

const CreateClientTokenBody = strict({
  contact_id: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'The page acts for this contact: it starts, lists, reads and writes their conversations.',
    }),
  ),
  conversation_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'The page reads and writes this conversation alone.' }),
  ),
})

const ClientToken = Type.Object(
  {
    id: Type.String(),
    token: Type.String({
      redact: true,
      description: 'For the page: `Authorization: Bearer ct_…`. It is not stored.',
    }),
    expires_at: timestamp('15 minutes from now, or when the key that made it ends.'),
  },
  { $id: 'ClientToken' },
)

export function clientTokenRoutes(app: HttpServer, { tokens }: { tokens: ClientTokenService }): void {
  app.addSchema(ClientToken)
  app.post(
    '/client_tokens',
    {
      config: { access: 'conversations:write', answersWithSecret: true },
      schema: {
        operationId: 'createClientToken',
        summary: 'Make a token for a browser',
        description:
          'Bound to one contact or one conversation. It dies with its key: revoked, expired or in quarantine.',
        tags: ['Client tokens'],
        body: CreateClientTokenBody,
        response: { 201: success(ref(ClientToken), 'Made. The token is in this answer only.') },
      },
    },
    async (request, reply) => {
      const { principal } = request
      if (principal.kind === 'client_token') throw new TypeError('a client token got past its guard')
      if (principal.kind === 'member') {
        throw new ApiError('insufficient_permissions', {
          error: 'A signed-in member can’t make a token for a browser',
          hint: 'It lives and dies with the API key that makes it: call this from your server, with an API key.',
          details: { required: 'conversations:write', granted: principal.grants },
        })
      }
      const { id, token, expiresAt } = await tokens.create(principal, subjectOf(request.body))
      return reply.code(201).send(ok({ id, token, expires_at: expiresAt.toISOString() }))
    },
  )
}

function subjectOf(body: { contact_id?: string; conversation_id?: string }): ClientTokenPrincipal['subject'] {
  const { contact_id: contactId, conversation_id: conversationId } = body
  if ((contactId === undefined) === (conversationId === undefined)) {
    throw invalidField('contact_id', 'or `conversation_id` must be given, and not both')
  }
  return contactId === undefined
    ? { kind: 'conversation', conversationId: conversationId as Id<'conv'> } // found or refused by the service
    : { kind: 'contact', contactId: contactId as Id<'cust'> }
}
