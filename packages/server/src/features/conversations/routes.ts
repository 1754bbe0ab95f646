/** Routes of conversations and their messages. */
import type { FastifyReply } from 'fastify'
import { readPage, writePage } from '../../http/paging.ts'
import { DeletedBody, EmptyBody, ok, pageOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import type { ReplyMode } from './input.ts'
import { cursorScope } from './reach.ts'
import {
  ContactConversationsQuery,
  ContactParams,
  Conversation,
  ConversationParams,
  ConversationWithMessages,
  CreateConversationBody,
  conversationSchemas,
  conversationToWire,
  HandoffBody,
  ListConversationsQuery,
  ListMessagesQuery,
  Message,
  messageToWire,
  SendMessageBody,
  SentMessage,
  StartedConversation,
  UpdateConversationBody,
} from './schema.ts'
import type { ConversationService, StartedTurn } from './service.ts'
import type { Command } from './state.ts'
import type { TurnRunner } from './turn-runner.ts'

export interface ConversationRoutesOptions {
  conversations: ConversationService
  turns: TurnRunner
  cursors: CursorCodec
}

const tags = ['Conversations']
const REPLY_TIMEOUT_MS = 60_000

export function conversationRoutes(
  app: HttpServer,
  { conversations, turns, cursors }: ConversationRoutesOptions,
): void {
  for (const schema of conversationSchemas) app.addSchema(schema)

  app.get(
    '/conversations',
    {
      config: { access: 'conversations:read', allowsClientTokens: true },
      schema: {
        operationId: 'listConversations',
        summary: 'List conversations',
        description:
          'A client token lists those of its contact, or its one conversation, and can’t filter by `tag`.',
        tags,
        querystring: ListConversationsQuery,
        response: { 200: pageOf(ref(Conversation)) },
      },
    },
    async (request) => {
      const { limit, offset: _offset, cursor: _cursor, ...filters } = request.query
      const scope = JSON.stringify(['conversations', cursorScope(request.principal), filters])
      const { customer_id: contactId, handled_by: handledBy, updated_after: after, ...same } = filters
      const filter = {
        ...same,
        contactId,
        handledBy,
        updatedAfter: after === undefined ? undefined : new Date(after),
      }
      const page = await conversations.list(
        request.principal,
        filter,
        readPage(cursors, scope, request.query),
      )
      return writePage(cursors, scope, limit, page, conversationToWire)
    },
  )

  app.get(
    '/contacts/:id/conversations',
    {
      config: { access: 'conversations:read' },
      schema: {
        operationId: 'listContactConversations',
        summary: 'List a contact’s conversations',
        tags,
        params: ContactParams,
        querystring: ContactConversationsQuery,
        response: { 200: pageOf(ref(Conversation)) },
      },
    },
    async (request) => {
      const { id } = request.params
      const scope = JSON.stringify(['contact', cursorScope(request.principal), id])
      const page = await conversations.listOfContact(
        request.principal,
        id,
        readPage(cursors, scope, request.query),
      )
      return writePage(cursors, scope, request.query.limit, page, conversationToWire)
    },
  )

  app.post(
    '/conversations',
    {
      config: { access: 'conversations:write', allowsClientTokens: true },
      schema: {
        operationId: 'createConversation',
        summary: 'Start a conversation',
        description:
          'Finds the contact by phone or e-mail, or creates it. A client token for a contact starts one on the channel `web` with that contact as its customer.',
        tags,
        body: CreateConversationBody,
        response: {
          201: success(ref(StartedConversation), 'Started.'),
          202: success(
            ref(StartedConversation),
            'Started; Clara’s reply takes longer and comes as a message.',
          ),
        },
      },
    },
    async (request, reply) => {
      const { id, turn } = await conversations.create(request.principal, request.body)
      const answer = await replyTo(turn, request.body.reply, reply)
      return ok({ ...conversationToWire(await conversations.getRow(request.principal, id)), ...answer })
    },
  )

  app.get(
    '/conversations/:id',
    {
      config: { access: 'conversations:read', allowsClientTokens: true },
      schema: {
        operationId: 'getConversation',
        summary: 'Get a conversation with its messages',
        description:
          'A client token sees a conversation that it reaches, without internal notes, tags, metadata and the reason of a handoff.',
        tags,
        params: ConversationParams,
        response: { 200: success(ref(ConversationWithMessages)) },
      },
    },
    async (request) => {
      const { conversation, messages, hasMore } = await conversations.get(
        request.principal,
        request.params.id as Id<'conv'>,
      )
      return ok({
        ...conversationToWire(conversation),
        messages: messages.map(messageToWire),
        has_more_messages: hasMore,
      })
    },
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/conversations/:id',
    config: { access: 'conversations:write' },
    schema: {
      operationId: 'updateConversation',
      summary: 'Change a conversation',
      description: '`tags` adds, `remove_tags` removes; `customer_name` renames the contact.',
      tags,
      params: ConversationParams,
      body: UpdateConversationBody,
      response: { 200: success(ref(Conversation)) },
    },
    handler: async (request) =>
      ok(
        conversationToWire(
          await conversations.update(request.principal, request.params.id as Id<'conv'>, request.body),
        ),
      ),
  })

  app.delete(
    '/conversations/:id',
    {
      config: { access: 'conversations:write' },
      schema: {
        operationId: 'deleteConversation',
        summary: 'Delete a conversation and its messages for good',
        tags,
        params: ConversationParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      await conversations.delete(request.principal, request.params.id as Id<'conv'>)
      return ok({ id: request.params.id, deleted: true as const })
    },
  )

  app.get(
    '/conversations/:id/messages',
    {
      config: { access: 'conversations:read', allowsClientTokens: true },
      schema: {
        operationId: 'listMessages',
        summary: 'List a conversation’s messages',
        description:
          'A client token lists those of a conversation that it reaches, without internal notes and metadata.',
        tags,
        params: ConversationParams,
        querystring: ListMessagesQuery,
        response: { 200: pageOf(ref(Message)) },
      },
    },
    async (request) => {
      const conversationId = request.params.id as Id<'conv'>
      const { order, limit } = request.query
      const scope = JSON.stringify(['messages', cursorScope(request.principal), conversationId, order])
      const wanted = readPage(cursors, scope, request.query)
      const page = await conversations.listMessages(request.principal, { conversationId, order }, wanted)
      return writePage(cursors, scope, limit, page, messageToWire)
    },
  )

  app.post(
    '/conversations/:id/messages',
    {
      config: { access: 'conversations:write', allowsClientTokens: true },
      schema: {
        operationId: 'sendMessage',
        summary: 'Send a message',
        description:
          'A customer’s message is answered by Clara while she handles the conversation; a person’s takes it over. A client token sends the customer’s public ones, without metadata.',
        tags,
        params: ConversationParams,
        body: SendMessageBody,
        response: {
          201: success(ref(SentMessage), 'Sent.'),
          202: success(ref(SentMessage), 'Sent; Clara’s reply takes longer and comes as a message.'),
        },
      },
    },
    async (request, reply) => {
      const { message, turn } = await conversations.sendMessage(
        request.principal,
        request.params.id as Id<'conv'>,
        request.body,
      )
      const answer = await replyTo(turn, request.body.reply, reply)
      return ok({ ...messageToWire(message), ...answer })
    },
  )

  const command = (path: string, name: Command, operationId: string, summary: string): void => {
    app.post(
      `/conversations/:id/${path}`,
      {
        config: { access: 'conversations:write', allowsClientTokens: name === 'handoff' },
        schema: {
          operationId,
          summary,
          ...(name === 'handoff'
            ? {
                description:
                  'A client token may ask for a person in a conversation that it reaches; the reason is for the team.',
              }
            : {}),
          tags,
          params: ConversationParams,
          body: name === 'handoff' ? HandoffBody : EmptyBody,
          response: { 200: success(ref(Conversation)) },
        },
      },
      async (request) => {
        // Only handoff declares a body, and its schema has just been checked.
        const { reason } = (request.body ?? {}) as { reason?: string }
        return ok(
          conversationToWire(
            await conversations.command(request.principal, request.params.id as Id<'conv'>, name, reason),
          ),
        )
      },
    )
  }
  command('close', 'close', 'closeConversation', 'Close a conversation')
  command('resolve', 'resolve', 'resolveConversation', 'Mark a conversation as resolved')
  command('reopen', 'reopen', 'reopenConversation', 'Reopen a conversation')
  command('handoff', 'handoff', 'handOffConversation', 'Give a conversation to a person')
  command(
    'return_to_clara',
    'return_to_clara',
    'returnConversationToClara',
    'Give a conversation back to Clara',
  )

  app.post(
    '/conversations/:id/read',
    {
      config: { access: 'conversations:write' },
      schema: {
        operationId: 'readConversation',
        summary: 'Mark a conversation as read',
        tags,
        params: ConversationParams,
        body: EmptyBody,
        response: { 200: success(ref(Conversation)) },
      },
    },
    async (request) =>
      ok(conversationToWire(await conversations.read(request.principal, request.params.id as Id<'conv'>))),
  )

  /** Sets the status, and says what became of Clara's turn: nothing to say, still running, or its end with the reply. */
  async function replyTo(turn: StartedTurn | undefined, mode: ReplyMode | undefined, reply: FastifyReply) {
    reply.code(201)
    if (turn === undefined) return mode === 'wait' ? { turn: null, reply: null } : {}
    const outcome = mode === 'wait' ? await turns.wait(turn.outcome(), REPLY_TIMEOUT_MS) : undefined
    if (outcome !== undefined) {
      return {
        turn: { id: outcome.id, status: outcome.status },
        reply: outcome.reply === undefined ? null : messageToWire(outcome.reply),
      }
    }
    if (mode === 'wait') reply.code(202)
    return { turn: { id: turn.id, status: 'running' as const }, reply: null }
  }
}
