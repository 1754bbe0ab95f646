/** Webhooks, signed by this project's signer and by the official package: what is right is believed, nothing else. */
import { createKeyPair, createSecret, createSigner, signatureHeaders } from '@agentclara/webhook-signature'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { WebhookVerificationError } from './errors.ts'
import { verifyWebhook } from './webhook-verification.ts'

const nowSeconds = Math.floor(Date.now() / 1000)
const secret = createSecret()
const event = { id: 'evt_1', type: 'message.received', data: { content: 'Grüße 👋' } }
const body = JSON.stringify(event)

function signed(raw: string | Uint8Array = body, secrets = [secret], timestampSeconds = nowSeconds) {
  return signatureHeaders({ id: 'evt_1', timestampSeconds, body: raw }, secrets.map(createSigner))
}

async function reasonOf(...args: Parameters<typeof verifyWebhook>): Promise<string> {
  try {
    await verifyWebhook(...args)
    return 'valid'
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.reason
    throw error
  }
}

test('a webhook is its event, whether it came as text or bytes, with headers of Node or of fetch', async () => {
  const headers = signed()
  const node = { 'Webhook-Id': headers['webhook-id'], ...headers, accept: undefined, via: ['a', 'b'] }
  expect(await verifyWebhook(body, node, secret)).toEqual(event)
  expect(await verifyWebhook(Buffer.from(body), new Headers({ ...headers }), [secret])).toEqual(event)
})

test('whatever is signed by this project or the official package is believed', async () => {
  const signer = new Webhook(secret)
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.boolean(),
      async (payload, isOfficial) => {
        const raw = JSON.stringify(payload)
        const official = {
          'webhook-id': 'evt_1',
          'webhook-timestamp': String(nowSeconds),
          'webhook-signature': signer.sign('evt_1', new Date(nowSeconds * 1000), raw),
        }
        expect(await verifyWebhook(raw, isOfficial ? official : { ...signed(raw) }, secret)).toEqual(
          JSON.parse(raw),
        )
      },
    ),
    { numRuns: 50 },
  )
})

test('a changed byte, another id, time or secret is refused', async () => {
  const headers = signed()
  expect(await reasonOf(body.replace('Gr', 'gr'), { ...headers }, secret)).toBe('wrong_signature')
  expect(await reasonOf(` ${body}`, { ...headers }, secret)).toBe('wrong_signature')
  expect(await reasonOf(body, { ...headers, 'webhook-id': 'evt_2' }, secret)).toBe('wrong_signature')
  const later = { ...headers, 'webhook-timestamp': String(nowSeconds + 1) }
  expect(await reasonOf(body, later, secret)).toBe('wrong_signature')
  expect(await reasonOf(body, { ...headers }, createSecret())).toBe('wrong_signature')
})

test('while a secret rotates the old and the new one are believed', async () => {
  const next = createSecret()
  const both = { ...signed(body, [secret, next]) }
  for (const one of [secret, next]) expect(await reasonOf(body, both, one)).toBe('valid')
  expect(await reasonOf(body, { ...signed() }, [next, secret])).toBe('valid')
})

test('a pair of keys of ed25519 verifies, and a signature of the other kind is none', async () => {
  const { secretKey, publicKey } = createKeyPair()
  const headers = { ...signed(body, [secretKey]) }
  expect(await reasonOf(body, headers, publicKey)).toBe('valid')
  expect(await reasonOf(`${body} `, headers, publicKey)).toBe('wrong_signature')
  expect(await reasonOf(body, headers, secret)).toBe('no_signature')
})

test('its time may be off by five minutes and no more', async () => {
  const at = (offset: number, options = {}) =>
    reasonOf(body, { ...signed() }, secret, { nowSeconds: nowSeconds + offset, ...options })
  expect(await Promise.all([300, 301, -300, -301].map((offset) => at(offset)))).toEqual([
    'valid',
    'too_old',
    'valid',
    'too_new',
  ])
  expect(await at(301, { toleranceSeconds: 400 })).toBe('valid')
})

test.each([
  [{ 'webhook-id': undefined }, 'missing_header'],
  [{ 'webhook-id': 'evt.1' }, 'invalid_id'],
  [{ 'webhook-timestamp': '12x' }, 'invalid_timestamp'],
  [{ 'webhook-timestamp': ['1', '2'] }, 'missing_header'],
  [{ 'webhook-signature': 'v2,abc' }, 'no_signature'],
  [{ 'webhook-signature': 'v1,äöü' }, 'wrong_signature'],
  [{ 'webhook-signature': '' }, 'no_signature'],
])('with %j it is refused as %s', async (changed, reason) => {
  expect(await reasonOf(body, { ...signed(), ...changed }, secret)).toBe(reason)
})

test('what is signed and no object is refused', async () => {
  for (const raw of ['', 'null', '"text"', '{'])
    expect(await reasonOf(raw, { ...signed(raw) }, secret)).toBe('invalid_payload')
})

test.each(['', 'whsec_', 'whsec_abc', 'abc', 'whpk_abcd', `${secret} `])('%j is no secret', async (text) => {
  const told = await verifyWebhook(body, { ...signed() }, text).catch((error: unknown) => error)
  expect(told).toBeInstanceOf(TypeError)
  if (text.length > 10) expect(String(told)).not.toContain(text.slice(6))
})
