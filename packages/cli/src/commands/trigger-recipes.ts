/**
 * How each event is made to happen, by the calls that any client of the API would make. What a recipe makes beside it
 * (a conversation, a contact) stays in the test environment; keys that it makes are revoked again.
 */
import { randomBytes } from 'node:crypto'
import type { Client } from '../client.ts'

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
  /** `body` adds what is to be overridden. Throws ClientProblem. */
  run: (client: Client, body: (fields: Fields) => Fields) => Promise<Subject>
  /** Removes what must not stay, once the event was seen. */
  after?: (client: Client, subject: Subject) => Promise<void>
}

const START = 'POST /v1/conversations'
const CREATE_CONTACT = 'POST /v1/contacts'
const CREATE_KEY = 'POST /v1/api_keys'
/** What keys are given that are made to be thrown away: the least there is. */
const KEY = { name: 'made by agentclara trigger', permissions: ['agent:read'] }

interface Made {
  id: string
  secret: string
}

/** Nobody's address, and another one each time. */
function someone(): Fields {
  const tag = randomBytes(4).toString('hex')
  return { customer_name: 'Ada Trigger', customer_email: `trigger-${tag}@example.com` }
}

async function startConversation(client: Client, fields: Fields = {}): Promise<Subject> {
  const body = { channel: 'web', ...someone(), ...fields }
  const { id } = await client.call<Made>('POST', 'conversations', body)
  return { field: 'conversation_id', id }
}

/** Starts a conversation with these fields, then makes these calls about it, the last with the overrides. */
function conversation(does: string, steps: string[] = [], fields: Fields = {}): Recipe {
  return {
    does,
    call: START,
    async run(client, body) {
      const subject = await startConversation(client, body(fields))
      for (const step of steps) await client.call('POST', `conversations/${subject.id}/${step}`, {})
      return subject
    },
  }
}

async function createContact(client: Client, fields: Fields): Promise<Subject> {
  const { customer_name: name, customer_email: email } = someone()
  const { id } = await client.call<Made>('POST', 'contacts', { name, email, ...fields })
  return { field: 'contact_id', id }
}

/** Makes a key, then these calls about it; it is revoked when the event was seen. */
function apiKey(
  does: string,
  steps: string[],
  last?: (client: Client, key: Made) => Promise<unknown>,
): Recipe {
  return {
    does,
    call: CREATE_KEY,
    async run(client, body) {
      const key = await client.call<Made>('POST', 'api_keys', body(KEY))
      try {
        for (const step of steps) await client.call('POST', `api_keys/${key.id}/${step}`, {})
        await last?.(client, key)
      } catch (error) {
        await revoke(client, { field: 'api_key_id', id: key.id })
        throw error
      }
      return { field: 'api_key_id', id: key.id }
    },
    ...(steps.includes('revoke') ? {} : { after: revoke }),
  }
}

async function revoke(client: Client, { id }: Subject): Promise<void> {
  await client.call('POST', `api_keys/${id}/revoke`, {})
}

const FROM_CUSTOMER = { message: 'Hello, are you open today?', sender: 'customer', reply: 'none' }
const FROM_TEAM = { message: 'Hello, how can we help?', sender: 'assistant' }

export const recipes: Readonly<Record<string, Recipe>> = {
  'message.received': conversation('starts a conversation with a customer’s message', [], FROM_CUSTOMER),
  'message.sent': conversation('starts a conversation with a message to the customer', [], FROM_TEAM),
  'conversation.created': conversation('starts a conversation'),
  'conversation.updated': {
    does: 'starts a conversation and changes it',
    call: 'PATCH /v1/conversations/{id}',
    async run(client, body) {
      const subject = await startConversation(client)
      await client.call('PATCH', `conversations/${subject.id}`, body({ tags: ['triggered'] }))
      return subject
    },
  },
  'conversation.closed': conversation('starts a conversation and closes it', ['close']),
  'conversation.resolved': conversation('starts a conversation and resolves it', ['resolve']),
  'conversation.reopened': conversation('starts a conversation, closes and reopens it', ['close', 'reopen']),
  'conversation.handoff_requested': {
    does: 'starts a conversation and asks for a person',
    call: 'POST /v1/conversations/{id}/handoff',
    async run(client, body) {
      const subject = await startConversation(client)
      const reason = 'agentclara trigger asked for it.'
      await client.call('POST', `conversations/${subject.id}/handoff`, body({ reason }))
      return subject
    },
  },
  'conversation.deleted': {
    does: 'starts a conversation and deletes it',
    call: START,
    async run(client, body) {
      const subject = await startConversation(client, body({}))
      await client.call('DELETE', `conversations/${subject.id}`)
      return subject
    },
  },
  'contact.created': {
    does: 'creates a contact',
    call: CREATE_CONTACT,
    run: (client, body) => createContact(client, body({})),
  },
  'contact.updated': {
    does: 'creates a contact and changes it',
    call: 'PATCH /v1/contacts/{id}',
    async run(client, body) {
      const subject = await createContact(client, {})
      await client.call('PATCH', `contacts/${subject.id}`, body({ name: 'Ada Changed' }))
      return subject
    },
  },
  'contact.deleted': {
    does: 'creates a contact and deletes it',
    call: CREATE_CONTACT,
    async run(client, body) {
      const subject = await createContact(client, body({}))
      await client.call('DELETE', `contacts/${subject.id}`)
      return subject
    },
  },
  'api_key.created': apiKey('makes a key', []),
  'api_key.updated': apiKey('makes a key and renames it', [], (client, { id }) =>
    client.call('PATCH', `api_keys/${id}`, { name: 'changed by agentclara trigger' }),
  ),
  'api_key.rotated': apiKey('makes a key and rotates it', ['rotate']),
  'api_key.rotation_finished': apiKey('makes a key, rotates it and ends the overlap', [
    'rotate',
    'rotate/finish',
  ]),
  'api_key.rotation_cancelled': apiKey('makes a key, rotates it and takes that back', [
    'rotate',
    'rotate/cancel',
  ]),
  'api_key.quarantined': apiKey('makes a key and puts it in quarantine', ['quarantine']),
  'api_key.released': apiKey('makes a key, puts it in quarantine and releases it', ['quarantine', 'release']),
  'api_key.revoked': apiKey('makes a key and revokes it', ['revoke']),
  'api_key.leaked': apiKey('makes a key and reports it as leaked', [], (client, { secret }) =>
    client.call('POST', 'leaks', { secret }),
  ),
  'api_key.refused_in_browser': apiKey(
    'makes a key and sends it as a web page would',
    [],
    (client, { secret }) =>
      client.fetch('me', { headers: { authorization: `Bearer ${secret}`, origin: 'https://page.example' } }),
  ),
}

/** Events that no call causes, and what does. */
export const others: Readonly<Record<string, string>> = {
  'api_key.expiring': 'Time causes it: make a key whose `expires_at` is near, and wait for up to a minute.',
  'api_key.expired': 'Time causes it: make a key whose `expires_at` is near, and wait until a minute after.',
  'webhook.test': 'A webhook causes it when it is made, and `POST /v1/webhooks/{id}/test`.',
  'webhook.disabled': 'A receiver causes it that fails for days, or answers 410.',
  'webhook.recovered': 'A receiver causes it that answers again after its webhook was disabled.',
}
