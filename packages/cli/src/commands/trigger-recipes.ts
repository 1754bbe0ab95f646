/**
 * How each event is made to happen, by the calls that any client of the API would make. What a recipe makes beside it
 * (a conversation, a contact) stays in the test environment; keys that it makes are revoked again.
 */
import { randomBytes } from 'node:crypto'
import {
  type CreateApiKey,
  type CreateContact,
  type CreateConversation,
  type CreatedApiKey,
  PermissionError,
} from '@agentclara/sdk'
import type { Connection } from '../connection.ts'

/** Whom an event is about: the field of its data, and the id in it. */
export interface Subject {
  field: 'conversation_id' | 'contact_id' | 'api_key_id'
  id: string
}

export type Fields = Record<string, unknown>

export interface Recipe {
  /** Goes on from "It". */
  does: string
  /** The call whose body `--override` changes. */
  call: string
  /** `body` adds what is to be overridden. Throws AgentClaraError. */
  run: (connection: Connection, body: Override) => Promise<Subject>
  /** Removes what must not stay, once the event was seen. */
  after?: (connection: Connection, subject: Subject) => Promise<void>
}

/** What is overridden may be anything: the server says what is wrong with it. */
export type Override = <T extends object>(body: T) => T

const START = 'POST /v1/conversations'
const CREATE_CONTACT = 'POST /v1/contacts'
const CREATE_KEY = 'POST /v1/api_keys'
/** What keys are given that are made to be thrown away: the least there is. */
const KEY: CreateApiKey = { name: 'made by agentclara trigger', permissions: ['agent:read'] }

/** Nobody's address, and another one each time. */
function someone(): { customer_name: string; customer_email: string } {
  const tag = randomBytes(4).toString('hex')
  return { customer_name: 'Ada Trigger', customer_email: `trigger-${tag}@example.com` }
}

type Started = Partial<CreateConversation>

async function startConversation({ client }: Connection, fields: Started = {}): Promise<Subject> {
  const { id } = await client.conversations.create({ channel: 'web', ...someone(), ...fields })
  return { field: 'conversation_id', id }
}

/** Starts a conversation with these fields and the overrides, then goes on with it. */
function conversation(
  does: string,
  steps: ('close' | 'resolve' | 'reopen')[] = [],
  fields: Started = {},
): Recipe {
  return {
    does,
    call: START,
    async run(connection, body) {
      const subject = await startConversation(connection, body(fields))
      for (const step of steps) await connection.client.conversations[step](subject.id)
      return subject
    },
  }
}

async function createContact({ client }: Connection, fields: Partial<CreateContact>): Promise<Subject> {
  const { customer_name: name, customer_email: email } = someone()
  const { id } = await client.contacts.create({ name, email, ...fields })
  return { field: 'contact_id', id }
}

type KeyStep = 'rotate' | 'finishRotation' | 'cancelRotation' | 'quarantine' | 'release' | 'revoke'

/** Makes a key and goes on with it; it is revoked when the event was seen. */
function apiKey(
  does: string,
  steps: KeyStep[],
  last?: (connection: Connection, key: CreatedApiKey) => Promise<unknown>,
): Recipe {
  return {
    does,
    call: CREATE_KEY,
    async run(connection, body) {
      const { apiKeys } = connection.client
      const key = await apiKeys.create(body(KEY))
      try {
        for (const step of steps) await apiKeys[step](key.id)
        await last?.(connection, key)
      } catch (error) {
        await apiKeys.revoke(key.id)
        throw error
      }
      return { field: 'api_key_id', id: key.id }
    },
    ...(steps.includes('revoke') ? {} : { after: revoke }),
  }
}

async function revoke({ client }: Connection, { id }: Subject): Promise<void> {
  await client.apiKeys.revoke(id)
}

/** As a script in a page would: the server refuses it, which is what is wanted. */
async function sendFromPage({ connectAs }: Connection, { secret }: CreatedApiKey): Promise<void> {
  const page = connectAs(secret, { origin: 'https://page.example' })
  await page.me.get().catch((error: unknown) => {
    if (!(error instanceof PermissionError)) throw error
  })
}

const FROM_CUSTOMER: Started = { message: 'Hello, are you open today?', sender: 'customer', reply: 'none' }
const FROM_TEAM: Started = { message: 'Hello, how can we help?', sender: 'assistant' }

export const recipes: Readonly<Record<string, Recipe>> = {
  'message.received': conversation('starts a conversation with a customer’s message', [], FROM_CUSTOMER),
  'message.sent': conversation('starts a conversation with a message to the customer', [], FROM_TEAM),
  'conversation.created': conversation('starts a conversation'),
  'conversation.updated': {
    does: 'starts a conversation and changes it',
    call: 'PATCH /v1/conversations/{id}',
    async run(connection, body) {
      const subject = await startConversation(connection)
      await connection.client.conversations.update(subject.id, body({ tags: ['triggered'] }))
      return subject
    },
  },
  'conversation.closed': conversation('starts a conversation and closes it', ['close']),
  'conversation.resolved': conversation('starts a conversation and resolves it', ['resolve']),
  'conversation.reopened': conversation('starts a conversation, closes and reopens it', ['close', 'reopen']),
  'conversation.handoff_requested': {
    does: 'starts a conversation and asks for a person',
    call: 'POST /v1/conversations/{id}/handoff',
    async run(connection, body) {
      const subject = await startConversation(connection)
      const reason = 'agentclara trigger asked for it.'
      await connection.client.conversations.handOff(subject.id, body({ reason }))
      return subject
    },
  },
  'conversation.deleted': {
    does: 'starts a conversation and deletes it',
    call: START,
    async run(connection, body) {
      const subject = await startConversation(connection, body({}))
      await connection.client.conversations.delete(subject.id)
      return subject
    },
  },
  'contact.created': {
    does: 'creates a contact',
    call: CREATE_CONTACT,
    run: (connection, body) => createContact(connection, body({})),
  },
  'contact.updated': {
    does: 'creates a contact and changes it',
    call: 'PATCH /v1/contacts/{id}',
    async run(connection, body) {
      const subject = await createContact(connection, {})
      await connection.client.contacts.update(subject.id, body({ name: 'Ada Changed' }))
      return subject
    },
  },
  'contact.deleted': {
    does: 'creates a contact and deletes it',
    call: CREATE_CONTACT,
    async run(connection, body) {
      const subject = await createContact(connection, body({}))
      await connection.client.contacts.delete(subject.id)
      return subject
    },
  },
  'api_key.created': apiKey('makes a key', []),
  'api_key.updated': apiKey('makes a key and renames it', [], ({ client }, { id }) =>
    client.apiKeys.update(id, { name: 'changed by agentclara trigger' }),
  ),
  'api_key.rotated': apiKey('makes a key and rotates it', ['rotate']),
  'api_key.rotation_finished': apiKey('makes a key, rotates it and ends the overlap', [
    'rotate',
    'finishRotation',
  ]),
  'api_key.rotation_cancelled': apiKey('makes a key, rotates it and takes that back', [
    'rotate',
    'cancelRotation',
  ]),
  'api_key.quarantined': apiKey('makes a key and puts it in quarantine', ['quarantine']),
  'api_key.released': apiKey('makes a key, puts it in quarantine and releases it', ['quarantine', 'release']),
  'api_key.revoked': apiKey('makes a key and revokes it', ['revoke']),
  'api_key.leaked': apiKey('makes a key and reports it as leaked', [], ({ client }, { secret }) =>
    client.leaks.report({ secret }),
  ),
  'api_key.refused_in_browser': apiKey('makes a key and sends it as a web page would', [], sendFromPage),
}

/** Events that no call causes, and what does. */
export const others: Readonly<Record<string, string>> = {
  'api_key.expiring': 'Time causes it: make a key whose `expires_at` is near, and wait for up to a minute.',
  'api_key.expired': 'Time causes it: make a key whose `expires_at` is near, and wait until a minute after.',
  'webhook.test': 'A webhook causes it when it is made, and `POST /v1/webhooks/{id}/test`.',
  'webhook.disabled': 'A receiver causes it that fails for days, or answers 410.',
  'webhook.recovered': 'A receiver causes it that answers again after its webhook was disabled.',
}
