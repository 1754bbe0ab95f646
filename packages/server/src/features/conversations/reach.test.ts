/** Who may ask a ConversationService for what, and how far that reaches. */
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventLog } from '../../events/log.ts'
import { newId } from '../../lib/ids.ts'
import type { ApiKeyPrincipal, ClientTokenPrincipal, Principal } from '../../principal.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { ContactService } from '../contacts/service.ts'
import {
  conversationAsSeen,
  cursorScope,
  messageAsSeen,
  type Operation,
  reachOf,
  visibleTo,
} from './reach.ts'
import { ConversationService } from './service.ts'
import { TurnRunner } from './turn-runner.ts'

const operations: Record<Operation, readonly ClientTokenPrincipal['subject']['kind'][]> = {
  list: ['contact', 'conversation'],
  listOfContact: [],
  get: ['contact', 'conversation'],
  listMessages: ['contact', 'conversation'],
  create: ['contact'],
  sendMessage: ['contact', 'conversation'],
  update: [],
  read: [],
  delete: [],
  close: [],
  resolve: [],
  reopen: [],
  handoff: ['contact', 'conversation'],
  return_to_clara: [],
}

const keyBacked = {
  environmentId: newId('env'),
  environment: 'test',
  workspaceId: newId('ws'),
  keyId: newId('key'),
  secretId: newId('sec'),
  name: 'test',
  workspaceName: 'Acme',
  plan: 'standard',
  rateLimitPerMinute: 1_000,
  ownRateLimitPerMinute: null,
  grants: ['*'],
  expiresAt: null,
  revokedAt: null,
  quarantine: null,
} as const
const key: ApiKeyPrincipal = {
  ...keyBacked,
  kind: 'api_key',
  lastFour: 'abcd',
  allowlist: null,
  superseded: null,
}
const token = (subject: ClientTokenPrincipal['subject']): ClientTokenPrincipal => ({
  ...keyBacked,
  kind: 'client_token',
  tokenId: newId('ctok'),
  subject,
  tokenExpiresAt: new Date(8.64e15),
})
const ofContact = token({ kind: 'contact', contactId: newId('cust') })
const ofConversation = token({ kind: 'conversation', conversationId: newId('conv') })

// Object.entries() types the table's own keys as plain strings.
describe.each(Object.entries(operations) as [Operation, readonly string[]][])('%s', (operation, kinds) => {
  test('reaches all of a key’s environment', () => {
    expect(reachOf(key, operation)).toEqual({ kind: 'environment', environmentId: key.environmentId })
  })

  test.each([ofContact, ofConversation])('reaches no further than a token’s $subject.kind', (principal) => {
    if (kinds.includes(principal.subject.kind))
      expect(reachOf(principal, operation)).toEqual({
        environmentId: principal.environmentId,
        ...principal.subject,
      })
    else
      expect(() => reachOf(principal, operation)).toThrow(
        expect.objectContaining({ code: 'insufficient_permissions' }),
      )
  })
})

test('only keys see notes, and what the team wrote for itself', () => {
  const times = { created_at: new Date(1), public_activity_at: new Date(2) }
  const conversation = {
    id: 1,
    tags: ['a'],
    metadata: { a: 1 },
    handoff_reason: 'angry',
    last_activity_at: new Date(3),
    ...times,
  }
  const message = { id: 1, metadata: { a: 1 } }
  const all = reachOf(key, 'get')
  expect(visibleTo(all)).toEqual(['public', 'internal'])
  expect(conversationAsSeen(all, conversation)).toEqual(conversation)
  expect(messageAsSeen(all, message)).toEqual(message)
  for (const principal of [ofContact, ofConversation]) {
    const reach = reachOf(principal, 'get')
    expect(visibleTo(reach)).toEqual(['public'])
    expect(conversationAsSeen(reach, conversation)).toEqual({
      id: 1,
      tags: [],
      metadata: {},
      handoff_reason: null,
      last_activity_at: times.public_activity_at,
      ...times,
    })
    expect(messageAsSeen(reach, message)).toEqual({ id: 1, metadata: {} })
  }
})

test('cursors go from a token to the next one for the same subject, and to no other caller', () => {
  expect(cursorScope({ ...ofContact, tokenId: newId('ctok') })).toBe(cursorScope(ofContact))
  const callers: Principal[] = [
    key,
    { ...key, environmentId: newId('env') },
    ofContact,
    ofConversation,
    token({ kind: 'contact', contactId: newId('cust') }),
    token({ kind: 'conversation', conversationId: newId('conv') }),
    { ...ofContact, environmentId: newId('env') },
  ]
  expect(new Set(callers.map(cursorScope)).size).toBe(callers.length)
})

describe('ConversationService', () => {
  let server: TestApp
  let service: ConversationService

  beforeAll(async () => {
    server = await createTestApp()
    const { db } = server
    const clock = new TestClock()
    const events = new EventLog(clock)
    const contacts = new ContactService({ db, clock, events, defaultCountry: 'US' })
    const engine = { reply: () => Promise.reject(new Error('nobody asks')) }
    const log = pino({ level: 'silent' })
    const turns = new TurnRunner({ db, events, clock, engine, handoffText: '', log })
    service = new ConversationService({ db, clock, events, contacts, turns })
  })
  afterAll(() => server.close())

  const forTokens = ['list', 'get', 'getRow', 'listMessages', 'create', 'sendMessage', 'command']
  const others = Object.getOwnPropertyNames(ConversationService.prototype).filter(
    (name) => name !== 'constructor' && !forTokens.includes(name),
  )

  test.each(others)('%s refuses client tokens, whatever the route that led to it declares', async (name) => {
    // Every method takes the principal first; what follows is never looked at.
    const methods = service as unknown as Record<string, (...input: unknown[]) => Promise<unknown>>
    for (const principal of [ofContact, ofConversation]) {
      await expect(methods[name]?.(principal, newId('conv'), {})).rejects.toMatchObject({
        code: 'insufficient_permissions',
      })
    }
  })

  test.each(['close', 'resolve', 'reopen', 'return_to_clara'] as const)(
    'the command %s refuses them, too',
    async (name) => {
      for (const principal of [ofContact, ofConversation]) {
        await expect(service.command(principal, newId('conv'), name)).rejects.toMatchObject({
          code: 'insufficient_permissions',
        })
      }
    },
  )
})
