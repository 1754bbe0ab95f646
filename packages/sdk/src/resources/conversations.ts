/** Conversations, and the messages in them. */
import type { Api, Body, Data, Query } from '../api.ts'
import type {
  Conversation,
  ConversationWithMessages,
  Message,
  SentMessage,
  StartedConversation,
} from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type ListConversations = Query<'listConversations'>
export type CreateConversation = Body<'createConversation'>
export type UpdateConversation = Body<'updateConversation'>
export type HandOffConversation = Body<'handOffConversation'>
export type ListMessages = Query<'listMessages'>
export type SendMessage = Body<'sendMessage'>

/** The server answers within a minute when it is to wait for Clara's reply, and this is later. */
const WAIT_TIMEOUT_MS = 75_000

/**
 * Reading takes `conversations:read`, changing `conversations:write`. What doesn't fit the state that a conversation is
 * in throws ConflictError, with that state in `details`.
 */
export class Conversations {
  readonly #api: Api
  readonly messages: Messages

  constructor(api: Api) {
    this.#api = api
    this.messages = new Messages(api)
  }

  /** Newest first. Permission: `conversations:read`. */
  list(query?: ListConversations, options?: RequestOptions): List<Conversation> {
    return this.#api.list('/conversations', { query }, options)
  }

  /**
   * Starts one, and finds or makes its contact by phone or e-mail. With `reply: 'wait'` the answer has Clara's reply.
   * Permission: `conversations:write`.
   */
  create(body: CreateConversation, options?: RequestOptions): Promise<StartedConversation> {
    return this.#api.call('post', '/conversations', { body }, patient(body, options))
  }

  /** With its last 100 messages. Permission: `conversations:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<ConversationWithMessages> {
    return this.#api.call('get', '/conversations/{id}', { id }, options)
  }

  /** Changes what is given; `tags` adds. Permission: `conversations:write`. */
  update(id: string, body: UpdateConversation, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('patch', '/conversations/{id}', { id, body }, options)
  }

  /** For good, with its messages. Permission: `conversations:write`. */
  delete(id: string, options?: RequestOptions): Promise<Data<'deleteConversation'>> {
    return this.#api.call('delete', '/conversations/{id}', { id }, options)
  }

  /** Permission: `conversations:write`. */
  close(id: string, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('post', '/conversations/{id}/close', { id }, options)
  }

  /** Permission: `conversations:write`. */
  resolve(id: string, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('post', '/conversations/{id}/resolve', { id }, options)
  }

  /** Permission: `conversations:write`. Throws ConflictError when it is open. */
  reopen(id: string, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('post', '/conversations/{id}/reopen', { id }, options)
  }

  /** Asks for a person; Clara writes no more in it. Permission: `conversations:write`. */
  handOff(id: string, body?: HandOffConversation, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('post', '/conversations/{id}/handoff', { id, body }, options)
  }

  /** Clara answers again. Permission: `conversations:write`. */
  returnToClara(id: string, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('post', '/conversations/{id}/return_to_clara', { id }, options)
  }

  /** Marks it as read. Permission: `conversations:write`. */
  read(id: string, options?: RequestOptions): Promise<Conversation> {
    return this.#api.call('post', '/conversations/{id}/read', { id }, options)
  }
}

/** What was written in a conversation, whose id comes first. */
export class Messages {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first unless `order` says otherwise. Permission: `conversations:read`. */
  list(conversationId: string, query?: ListMessages, options?: RequestOptions): List<Message> {
    return this.#api.list('/conversations/{id}/messages', { id: conversationId, query }, options)
  }

  /**
   * A customer's message is answered by Clara while she handles the conversation: later, or in this answer with
   * `reply: 'wait'`. Permission: `conversations:write`.
   */
  send(conversationId: string, body: SendMessage, options?: RequestOptions): Promise<SentMessage> {
    const parts = { id: conversationId, body }
    return this.#api.call('post', '/conversations/{id}/messages', parts, patient(body, options))
  }
}

/** What waits for a reply takes longer than other calls. */
function patient(body: { reply?: string }, options?: RequestOptions): RequestOptions | undefined {
  return body.reply === 'wait' ? { timeoutMs: WAIT_TIMEOUT_MS, ...options } : options
}
