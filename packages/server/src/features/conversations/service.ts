/** Conversations and their messages: begun, continued, changed and ended, each change with the events that tell of it. */
import { isDeepStrictEqual } from 'node:util'
import type { Db, Tx } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { EventLog, NewEvent } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Principal } from '../../principal.ts'
import type { ContactService } from '../contacts/service.ts'
import { appendMessage, type MessageDraft, stateEvents, stateOf } from './append-message.ts'
import {
  assertFilterAllowed,
  readConversation,
  readMessage,
  type SentConversation,
  type SentMessage,
} from './customer-input.ts'
import {
  assertReplyFits,
  assertVisibilityFits,
  type ConversationChange,
  changeTags,
  mergeMetadata,
  type NewMessage,
  readCustomer,
} from './input.ts'
import { conversationAsSeen, messageAsSeen, type Operation, type Reach, reachOf } from './reach.ts'
import { type Command, transition, withStatus } from './state.ts'
import * as store from './store.ts'
import type { TurnOutcome, TurnRunner } from './turn-runner.ts'
import type { ClaimedTurn } from './turn-store.ts'

/** Clara's work on a message that was just committed. */
export interface StartedTurn {
  id: Id<'turn'>
  outcome: () => Promise<TurnOutcome>
}

export interface ConversationServiceOptions {
  db: Db
  clock: Clock
  events: EventLog
  contacts: ContactService
  turns: TurnRunner
}

const MESSAGES_WITH_CONVERSATION = 100
/** Why a person was asked for by whoever gave no reason. */
const HANDOFF_REASON = 'A person was asked for.'

export class ConversationService {
  readonly #options: ConversationServiceOptions

  constructor(options: ConversationServiceOptions) {
    this.#options = options
  }

  async list(
    principal: Principal,
    filter: store.ConversationFilter,
    page: PageRequest,
  ): Promise<Page<store.ConversationRow>> {
    const reach = reachOf(principal, 'list')
    assertFilterAllowed(principal, filter)
    return this.#list(reach, { ...filter, tag: filter.tag?.trim() }, page)
  }

  /** Throws not_found for a contact that isn't there, so that no list looks empty that was never asked for. */
  async listOfContact(
    principal: Principal,
    contactId: string,
    page: PageRequest,
  ): Promise<Page<store.ConversationRow>> {
    const reach = reachOf(principal, 'listOfContact')
    if (!(await this.#options.contacts.exists(principal.environmentId, contactId))) {
      throw await missing(this.#options.db, principal, 'contacts', contactId)
    }
    return this.#list(reach, { contactId, sort: 'created' }, page)
  }

  /** The conversation with its latest 100 messages in the order they were written. */
  async get(principal: Principal, id: Id<'conv'>) {
    const conversation = await this.getRow(principal, id)
    const page = { limit: MESSAGES_WITH_CONVERSATION, offset: 0, after: undefined }
    const { items, next } = await this.#listMessages(
      reachOf(principal, 'get'),
      { conversationId: id, order: 'desc' },
      page,
    )
    return { conversation, messages: items.reverse(), hasMore: next !== undefined }
  }

  /** The row as it is now. */
  async getRow(principal: Principal, id: Id<'conv'>): Promise<store.ConversationRow> {
    const { db } = this.#options
    const reach = reachOf(principal, 'get')
    const row = await store.findConversation(db, reach, id)
    if (row === undefined) throw await missing(db, principal, 'conversations', id)
    return conversationAsSeen(reach, row)
  }

  async listMessages(
    principal: Principal,
    filter: store.MessageFilter,
    page: PageRequest,
  ): Promise<Page<store.MessageRow>> {
    const { db } = this.#options
    const reach = reachOf(principal, 'listMessages')
    if (!(await store.conversationExists(db, reach, filter.conversationId))) {
      throw await missing(db, principal, 'conversations', filter.conversationId)
    }
    return this.#listMessages(reach, filter, page)
  }

  /** Finds or creates the contact, and begins the conversation, with its first message when there is one. */
  async create(
    principal: Principal,
    sent: SentConversation,
  ): Promise<{ id: Id<'conv'>; turn: StartedTurn | undefined }> {
    const { db, events } = this.#options
    const { environmentId } = principal
    const reach = reachOf(principal, 'create')
    const input = readConversation(principal, sent)
    assertReplyFits(input.reply, input.sender, input.message !== undefined)
    const reference = readCustomer(input, this.#options.contacts)
    const tags = changeTags([], input.tags, undefined)
    const metadata = mergeMetadata({}, input.metadata ?? {})
    const nowMs = this.#options.clock.nowMs()
    const now = new Date(nowMs)
    const { id, turn } = await transactOnce(db, principal, async (tx) => {
      const id = newId('conv')
      const contactId =
        reference.contactId === undefined
          ? (await this.#options.contacts.findOrCreateContact(tx, environmentId, reference)).id
          : await this.#holdContact(tx, principal, reference.contactId)
      const conversation = await store.insertConversation(tx, {
        id,
        environment_id: environmentId,
        contact_id: contactId,
        channel: input.channel,
        subject: input.subject ?? null,
        status: 'open',
        handled_by: 'clara',
        control_version: 0,
        unread: false,
        tags,
        metadata: JSON.stringify(metadata),
        last_activity_at: now,
        created_at: now,
        updated_at: now,
      })
      const { customer_name: customerName } = await store.getConversation(tx, reach, id)
      await events.append(tx, environmentId, {
        type: 'conversation.created',
        conversationId: id,
        data: {
          conversation_id: id,
          customer_id: contactId,
          customer_name: customerName,
          channel: input.channel,
          status: 'open',
        },
      })
      if (input.message === undefined) return { id, turn: undefined }
      const draft = draftOf(
        { content: input.message, sender: input.sender, visibility: 'public', reply: input.reply },
        {},
      )
      const { turn } = await appendMessage(tx, events, principal.environment, conversation, draft, nowMs)
      return { id, turn }
    })
    return { id, turn: this.#start(principal, turn) }
  }

  async sendMessage(
    principal: Principal,
    id: Id<'conv'>,
    sent: SentMessage,
  ): Promise<{ message: store.MessageRow; turn: StartedTurn | undefined }> {
    const input = readMessage(principal, sent)
    assertVisibilityFits(input.visibility, input.sender)
    assertReplyFits(input.reply, input.sender, true)
    const metadata = mergeMetadata({}, input.metadata ?? {})
    const { events, clock } = this.#options
    const draft = draftOf(input, metadata)
    const appended = await this.#change(principal, 'sendMessage', id, async (tx, conversation, reach) => {
      const { environment } = principal
      const { message, turn } = await appendMessage(
        tx,
        events,
        environment,
        conversation,
        draft,
        clock.nowMs(),
      )
      return { message: messageAsSeen(reach, message), turn }
    })
    return { message: appended.message, turn: this.#start(principal, appended.turn) }
  }

  /** A field that has the given value already is no change; nothing changed, nothing is told. */
  async update(
    principal: Principal,
    id: Id<'conv'>,
    change: ConversationChange,
  ): Promise<store.ConversationRow> {
    const { environmentId } = principal
    return this.#change(principal, 'update', id, async (tx, conversation, reach) => {
      const before = stateOf(conversation)
      const after = change.status === undefined ? before : withStatus(before, change.status)
      const tags = changeTags(conversation.tags, change.tags, change.remove_tags)
      const metadata = mergeMetadata(conversation.metadata, change.metadata ?? {})
      const told: JsonObject = {
        ...(isDeepStrictEqual(tags, conversation.tags) ? {} : { tags }),
        ...(change.subject === undefined || change.subject === conversation.subject
          ? {}
          : { subject: change.subject }),
        ...(isDeepStrictEqual(metadata, conversation.metadata) ? {} : { metadata }),
      }
      if (change.customer_name !== undefined) {
        if (conversation.contact_id === null)
          throw invalidField('customer_name', 'can’t be set: the contact was deleted')
        await this.#options.contacts.rename(tx, environmentId, conversation.contact_id, change.customer_name)
      }
      const now = new Date(this.#options.clock.nowMs())
      if (before !== after || Object.keys(told).length > 0) {
        await store.updateConversation(tx, environmentId, id, {
          status: after.status,
          control_version: after.controlVersion,
          tags,
          updated_at: now,
          ...(change.subject === undefined ? {} : { subject: change.subject }),
          metadata: JSON.stringify(metadata),
        })
      }
      const events: NewEvent[] = stateEvents(id, before, after, undefined)
      if (Object.keys(told).length > 0) {
        events.push({
          type: 'conversation.updated',
          conversationId: id,
          data: { conversation_id: id, ...told },
        })
      }
      if (events.length > 0) await this.#options.events.append(tx, environmentId, ...events)
      return store.getConversation(tx, reach, id)
    })
  }

  /** Throws `conflict` with the current state when the command doesn't apply to it. */
  async command(
    principal: Principal,
    id: Id<'conv'>,
    command: Command,
    reason?: string,
  ): Promise<store.ConversationRow> {
    const { environmentId } = principal
    return this.#change(principal, command, id, async (tx, conversation, reach) => {
      const before = stateOf(conversation)
      const after = transition(before, command)
      if (after === undefined) throw wrongTransition(command, conversation)
      const now = new Date(this.#options.clock.nowMs())
      const handoffReason = command === 'handoff' ? (reason ?? HANDOFF_REASON) : undefined
      await store.updateConversation(tx, environmentId, id, {
        status: after.status,
        handled_by: after.handledBy,
        control_version: after.controlVersion,
        updated_at: now,
        ...(handoffReason === undefined ? {} : { handoff_reason: handoffReason, handoff_requested_at: now }),
        ...(command === 'return_to_clara' ? { handoff_reason: null, handoff_requested_at: null } : {}),
      })
      await this.#options.events.append(tx, environmentId, ...stateEvents(id, before, after, handoffReason))
      return conversationAsSeen(reach, await store.getConversation(tx, reach, id))
    })
  }

  /** Marks it read. Reading twice is no error and no change. */
  async read(principal: Principal, id: Id<'conv'>): Promise<store.ConversationRow> {
    return this.#change(principal, 'read', id, async (tx, conversation, reach) => {
      if (conversation.unread)
        await store.updateConversation(tx, principal.environmentId, id, { unread: false })
      return store.getConversation(tx, reach, id)
    })
  }

  /** For good, with its messages. */
  async delete(principal: Principal, id: Id<'conv'>): Promise<void> {
    await this.#change(principal, 'delete', id, async (tx) => {
      await store.deleteConversation(tx, principal.environmentId, id)
      await this.#options.events.append(tx, principal.environmentId, {
        type: 'conversation.deleted',
        conversationId: id,
        data: { conversation_id: id },
      })
    })
  }

  async #list(
    reach: Reach,
    filter: store.ConversationFilter,
    page: PageRequest,
  ): Promise<Page<store.ConversationRow>> {
    const rows = await store.listConversations(this.#options.db, reach, filter, page)
    const seen = rows.map((row) => conversationAsSeen(reach, row))
    return toPage(seen, page.limit, (row) =>
      filter.sort === 'updated' ? [row.updated_at.toISOString(), row.id] : [row.id],
    )
  }

  async #listMessages(
    reach: Reach,
    filter: store.MessageFilter,
    page: PageRequest,
  ): Promise<Page<store.MessageRow>> {
    const rows = await store.listMessages(this.#options.db, reach, filter, page)
    const seen = rows.map((row) => messageAsSeen(reach, row))
    return toPage(seen, page.limit, (row) => [row.id])
  }

  async #change<T>(
    principal: Principal,
    operation: Operation,
    id: Id<'conv'>,
    work: (tx: Tx, conversation: store.LockedConversation, reach: Reach) => Promise<T>,
  ): Promise<T> {
    const reach = reachOf(principal, operation)
    return transactOnce(this.#options.db, principal, async (tx) => {
      const conversation = await store.lockConversation(tx, reach, id)
      if (conversation === undefined) throw await missing(tx, principal, 'conversations', id)
      return work(tx, conversation, reach)
    })
  }

  #start({ once }: Principal, turn: ClaimedTurn | undefined): StartedTurn | undefined {
    if (turn === undefined) return undefined
    const { turns } = this.#options
    // What an earlier try began is somebody's work already, or will be taken up.
    if (once?.isRepeat === true) return { id: turn.id, outcome: () => turns.follow(turn) }
    const work = turns.start(turn)
    return { id: turn.id, outcome: () => work }
  }

  async #holdContact(tx: Tx, principal: Principal, id: string): Promise<Id<'cust'>> {
    if (!(await this.#options.contacts.hold(tx, principal.environmentId, id)))
      throw await missing(tx, principal, 'contacts', id)
    return id as Id<'cust'> // it was just found among the contacts
  }
}

/** A client token hears the same of an id wherever it belongs; a key hears of its workspace's other environment. */
async function missing(
  db: Db | Tx,
  principal: Principal,
  table: 'contacts' | 'conversations',
  id: string,
): Promise<ApiError> {
  if (principal.kind !== 'client_token') return notFound(db, principal, table, id)
  return new ApiError('not_found', { hint: `This client token reaches no ${id}.` })
}

function draftOf(input: NewMessage, metadata: JsonObject): MessageDraft {
  const { sender, visibility, content, reply } = input
  return { sender, visibility, content, metadata, citations: [], turnId: null, wantsReply: reply !== 'none' }
}

const commandNames: Readonly<Record<Command, string>> = {
  close: 'closed',
  resolve: 'resolved',
  reopen: 'reopened',
  handoff: 'handed off',
  return_to_clara: 'returned to Clara',
}

function wrongTransition(
  command: Command,
  { status, handled_by: handledBy }: store.LockedConversation,
): ApiError {
  return new ApiError('conflict', {
    error: `The conversation can’t be ${commandNames[command]}: it is ${status} and handled by ${handledBy}`,
    hint: '`details` carries the current state.',
    details: { status, handled_by: handledBy },
  })
}
