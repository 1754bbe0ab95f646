/** Client tokens: who can make one, how long it lives, and that nothing else passes for one. */
import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Id } from '../../lib/ids.ts'
import { type ClientTokenClaims, ClientTokenCodec } from '../api-keys/authentication/client-token.ts'
import { type Customer, openShop, type Shop } from './testing/shop.ts'

const MINUTE_MS = 60_000
const FAILURES_BEFORE_429 = 60

let shop: Shop
let ada: Customer

beforeAll(async () => {
  shop = await openShop()
  ada = await shop.welcome('Ada')
})
afterAll(() => shop.close())

const list = (token: string) => shop.ask('GET /conversations', token)

/** A key of its own, for tests that end it. */
async function createKey(fields: object = {}): Promise<{ id: string; secret: string }> {
  const { id = '', secret = '' } = await shop.make('/api_keys', {
    name: 'short-lived',
    permissions: ['*'],
    ...fields,
  })
  return { id, secret }
}

describe('making one', () => {
  test('answers with the token, its id and its end in 15 minutes', async () => {
    const { status, body } = await shop.ask('POST /client_tokens', shop.key, { contact_id: ada.contactId })
    expect(status).toBe(201)
    expect(body.data).toEqual({
      id: expect.stringMatching(/^ctok_/),
      token: expect.stringMatching(/^ct_test_/),
      expires_at: new Date(shop.clock.nowMs() + 15 * MINUTE_MS).toISOString(),
    })
  })

  test('needs conversations:write, and no more', async () => {
    const minter = await shop.server.createKey('test', ['conversations:write'])
    const reader = await shop.server.createKey('test', ['conversations:read', 'contacts:write'])
    const subject = { contact_id: ada.contactId }
    expect((await shop.ask('POST /client_tokens', minter, subject)).status).toBe(201)
    expect(await shop.ask('POST /client_tokens', reader, subject)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_permissions', details: { required: 'conversations:write' } },
    })
  })

  test('can’t be done with a token', async () => {
    for (const token of [ada.contactToken, ada.conversationToken]) {
      expect(await shop.ask('POST /client_tokens', token, { contact_id: ada.contactId })).toMatchObject({
        status: 403,
        body: { code: 'insufficient_permissions' },
      })
    }
  })

  test('takes one contact or one conversation, not both and not none', async () => {
    const both = { contact_id: ada.contactId, conversation_id: ada.conversationId }
    for (const subject of [{}, both])
      expect((await shop.ask('POST /client_tokens', shop.key, subject)).status).toBe(400)
  })

  test('for what isn’t there, or is another environment’s or workspace’s, is 404', async () => {
    const live = await shop.server.createKey('live')
    const foreign = await shop.welcome('Elsewhere', live)
    await shop.server.createWorkspace('Rival')
    const rival = await shop.welcome('Rival', await shop.server.createKey('test', ['*'], 'Rival'))
    for (const subject of [
      { contact_id: foreign.contactId },
      { conversation_id: foreign.conversationId },
      { contact_id: rival.contactId },
      { conversation_id: rival.conversationId },
      { contact_id: ada.conversationId },
      { conversation_id: ada.contactId },
      { contact_id: 'cust_none' },
      { conversation_id: '' },
    ]) {
      const { status } = await shop.ask('POST /client_tokens', shop.key, subject)
      expect(status, JSON.stringify(subject)).toBe(404)
    }
  })

  test('is no longer possible with a key in quarantine', async () => {
    const { id, secret } = await createKey()
    await shop.make(`/api_keys/${id}/quarantine`, {})
    expect((await shop.ask('POST /client_tokens', secret, { contact_id: ada.contactId })).status).toBe(403)
  })
})

describe('a token lives', () => {
  test('for 15 minutes, to the millisecond', async () => {
    const token = await shop.mint({ contact_id: ada.contactId })
    shop.clock.advance(15 * MINUTE_MS - 1)
    expect((await list(token)).status).toBe(200)
    shop.clock.advance(1)
    expect(await list(token)).toMatchObject({ status: 401, body: { code: 'client_token_expired' } })
  })

  test('no longer than the key that made it', async () => {
    const endsAt = new Date(shop.clock.nowMs() + 5 * MINUTE_MS).toISOString()
    const { secret } = await createKey({ expires_at: endsAt })
    const { body } = await shop.ask('POST /client_tokens', secret, { contact_id: ada.contactId })
    expect(body.data.expires_at).toBe(endsAt)
    shop.clock.advance(5 * MINUTE_MS)
    expect((await list(body.data.token)).status).toBe(401)
  })

  test('no longer than its key even when the key’s end was moved up since', async () => {
    const { id, secret } = await createKey()
    const token = await shop.mint({ contact_id: ada.contactId }, secret)
    const endsAt = new Date(shop.clock.nowMs() + 2 * MINUTE_MS).toISOString()
    expect((await shop.ask(`PATCH /api_keys/${id}`, shop.key, { expires_at: endsAt })).status).toBe(200)
    expect((await list(token)).status).toBe(200)
    shop.clock.advance(2 * MINUTE_MS)
    expect(await list(token)).toMatchObject({ status: 401, body: { code: 'invalid_client_token' } })
  })

  test('until its key is revoked: the next request is refused', async () => {
    const { id, secret } = await createKey()
    const token = await shop.mint({ contact_id: ada.contactId }, secret)
    expect((await list(token)).status).toBe(200)
    await shop.make(`/api_keys/${id}/revoke`, {})
    expect(await list(token)).toMatchObject({ status: 401, body: { code: 'invalid_client_token' } })
  })

  test('until its key is in quarantine, and again when the key is released', async () => {
    const { id, secret } = await createKey()
    const token = await shop.mint({ contact_id: ada.contactId }, secret)
    expect((await list(token)).status).toBe(200)
    await shop.make(`/api_keys/${id}/quarantine`, {})
    expect(await list(token)).toMatchObject({ status: 401, body: { code: 'invalid_client_token' } })
    await shop.make(`/api_keys/${id}/release`, {})
    expect((await list(token)).status).toBe(200)
  })

  test('through a rotation of its key, whichever secret made it', async () => {
    const { id, secret } = await createKey()
    const before = await shop.mint({ contact_id: ada.contactId }, secret)
    expect((await list(before)).status).toBe(200)
    const { secret: fresh = '' } = await shop.make(`/api_keys/${id}/rotate`, { overlap_seconds: 600 })
    const during = await shop.mint({ contact_id: ada.contactId }, secret)
    const after = await shop.mint({ contact_id: ada.contactId }, fresh)
    await shop.make(`/api_keys/${id}/rotate/finish`, {})
    expect((await list(secret)).status).toBe(401)
    for (const token of [before, during, after]) expect((await list(token)).status).toBe(200)
  })

  test('after its contact or conversation is deleted, with nothing left to see', async () => {
    const brief = await shop.welcome('Brief')
    await shop.ask(`DELETE /contacts/${brief.contactId}`, shop.key)
    expect((await list(brief.contactToken)).body.data).toEqual([])
    expect((await shop.ask(`GET /conversations/${brief.conversationId}`, brief.contactToken)).status).toBe(
      404,
    )
    const start = await shop.ask('POST /conversations', brief.contactToken, { channel: 'web' })
    expect(start.status).toBe(404)
    await shop.ask(`DELETE /conversations/${brief.conversationId}`, shop.key)
    expect((await list(brief.conversationToken)).body.data).toEqual([])
  })
})

// Last: they use up what this address may fail before it is answered 429.
describe('what no server gave out is refused', () => {
  const claimsOf = (token: string): ClientTokenClaims => {
    const [tokenId, environmentId, keyId, subjectId, expiresAtMs] = JSON.parse(
      Buffer.from(token.split('.')[0]?.slice('ct_test_'.length) ?? '', 'base64url').toString(),
    )
    const contactId = subjectId as Id<'cust'> // of a token for a contact
    return {
      tokenId,
      environment: 'test',
      environmentId,
      keyId,
      subject: { kind: 'contact', contactId },
      expiresAtMs,
    }
  }

  test('a token of another installation, though it names everything right', async () => {
    const token = await shop.mint({ contact_id: ada.contactId })
    const forger = new ClientTokenCodec(createSecretKey(randomBytes(32)))
    const forged = forger.write(claimsOf(token))
    expect(forged.split('.')[0]).toBe(token.split('.')[0])
    expect(await list(forged)).toMatchObject({ status: 401, body: { code: 'invalid_client_token' } })
    expect((await list(token)).status).toBe(200)
  })

  test('a token whose prefix names another environment', async () => {
    const token = await shop.mint({ contact_id: ada.contactId })
    const moved = token.replace('ct_test_', 'ct_live_')
    expect(await list(moved)).toMatchObject({ status: 401, body: { code: 'invalid_client_token' } })
  })

  test('a token with any one character changed, at every place', async () => {
    const token = await shop.mint({ contact_id: ada.contactId })
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~'
    const changes = fc
      .tuple(fc.nat({ max: token.length - 1 }), fc.constantFrom(...letters))
      .map(([at, letter]) => token.slice(0, at) + letter + token.slice(at + 1))
      .filter((changed) => changed.trim() !== token)
    const everyPlace = Array.from(token, (letter, at): [string] => [
      token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + token.slice(at + 1),
    ])
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const { status, body } = await list(changed)
        expect([401, 429], changed).toContain(status)
        expect(body.data).toBeUndefined()
      }),
      { numRuns: everyPlace.length + 100, examples: everyPlace },
    )
    expect((await list(token)).status).toBe(200)
  })

  test('guessing is slowed down, and a valid token from the same address is not', async () => {
    const token = await shop.mint({ contact_id: ada.contactId })
    const statuses = new Set<number>()
    for (let i = 0; i <= FAILURES_BEFORE_429; i++) statuses.add((await list(`ct_test_${i}`)).status)
    expect(statuses).toContain(429)
    expect((await list(token)).status).toBe(200)
  })
})
