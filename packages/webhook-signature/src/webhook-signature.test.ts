/** Signatures, beside the official packages: they believe what is signed here, and the other way around. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, test } from 'vitest'
import {
  createKeyPair,
  createSecret,
  createSigner,
  type Message,
  type SignatureHeaders,
  sign,
  signatureHeaders,
  verify,
} from './webhook-signature.ts'

const nowSeconds = Math.floor(Date.now() / 1000)

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/)
const secret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`)
/** Any text that has bytes of its own: half a surrogate pair has none. */
const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }))
/** As the official packages judge by their own clock. */
const recent = fc.integer({ min: nowSeconds - 200, max: nowSeconds + 200 })
const message = fc.record({ id, timestampSeconds: recent, body })

function signed(what: Message, ...secrets: string[]): SignatureHeaders {
  return signatureHeaders(what, secrets.map(createSigner))
}

function reasonOf(headers: object, rawBody: string | Uint8Array, ...secrets: string[]): string {
  const result = verify({ ...headers }, rawBody, secrets, { nowSeconds })
  return result.isValid ? 'valid' : result.reason
}

describe('the reference vectors of the specification’s authors', () => {
  const vector = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestampSeconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  }

  test('v1', () => {
    expect(sign(vector, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  test('v1a', () => {
    const key =
      'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=='
    const headers = signed(vector, key)
    expect(headers['webhook-signature']).toBe(
      'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    )
    const secrets = ['whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=']
    const options = { nowSeconds: vector.timestampSeconds }
    expect(verify({ ...headers }, vector.body, secrets, options).isValid).toBe(true)
  })
})

describe.each([
  ['standardwebhooks', Webhook],
  ['svix', SvixWebhook],
] as const)('the official package %s', (_name, Official) => {
  test('believes what is signed here, in text and in bytes, also when a second secret signed too', () => {
    fc.assert(
      fc.property(message, secret, secret, fc.boolean(), (what, own, other, isOwnFirst) => {
        const headers = { ...signed(what, ...(isOwnFirst ? [own, other] : [other, own])) }
        for (const raw of [what.body, Buffer.from(what.body)]) {
          // One gives back the parsed body when told to, the other nothing: neither may throw.
          new Official(own).verify(raw, headers, { jsonParse: false })
        }
      }),
    )
  })

  test('refuses what was changed on the way', () => {
    fc.assert(
      fc.property(message, secret, (what, own) => {
        const headers = { ...signed(what, own) }
        expect(() => new Official(own).verify(`${what.body} `, headers)).toThrow()
      }),
    )
  })

  test('is believed here', () => {
    fc.assert(
      fc.property(message, secret, (what, own) => {
        const signature = new Official(own).sign(what.id, new Date(what.timestampSeconds * 1000), what.body)
        const headers = {
          'webhook-id': what.id,
          'webhook-timestamp': String(what.timestampSeconds),
          'webhook-signature': signature,
        }
        expect(reasonOf(headers, what.body, own)).toBe('valid')
      }),
    )
  })
})

test('one of several secrets is enough, on either side', () => {
  fc.assert(
    fc.property(message, secret, secret, secret, (what, old, current, next) => {
      fc.pre(new Set([old, current, next]).size === 3)
      expect(reasonOf(signed(what, old, current), what.body, current, next)).toBe('valid')
      expect(reasonOf(signed(what, old), what.body, current, next)).toBe('wrong_signature')
    }),
  )
})

test('both schemes go together, and a signature of one is none of the other', () => {
  const { secretKey, publicKey } = createKeyPair()
  const own = createSecret()
  const what = { id: 'evt_1', timestampSeconds: nowSeconds, body: '{}' }
  const headers = signed(what, own, secretKey)
  for (const each of [own, publicKey, secretKey]) expect(reasonOf(headers, what.body, each)).toBe('valid')
  expect(reasonOf(headers, what.body, createKeyPair().publicKey)).toBe('wrong_signature')
  expect(reasonOf(signed(what, secretKey), what.body, own)).toBe('no_signature')
})

test('no byte of what is signed can be changed unnoticed', () => {
  const { secretKey, publicKey } = createKeyPair()
  const own = createSecret()
  const binary = fc.uint8Array({ minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(binary, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, mask) => {
      const changed = Uint8Array.from(bytes)
      changed[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask
      const headers = signed({ id: 'evt_1', timestampSeconds: nowSeconds, body: bytes }, own, secretKey)
      for (const each of [own, publicKey]) {
        expect(reasonOf(headers, bytes, each)).toBe('valid')
        expect(reasonOf(headers, changed, each)).toBe('wrong_signature')
        expect(reasonOf({ ...headers, 'webhook-id': 'evt_2' }, bytes, each)).toBe('wrong_signature')
        const later = { ...headers, 'webhook-timestamp': String(nowSeconds + 1) }
        expect(reasonOf(later, bytes, each)).toBe('wrong_signature')
      }
    }),
  )
})

test('a timestamp may be as far off as the tolerance, and no second further', () => {
  const own = createSecret()
  const reasonAt = (secondsAgo: number): string =>
    reasonOf(signed({ id: 'evt_1', timestampSeconds: nowSeconds - secondsAgo, body: '' }, own), '', own)
  expect([300, 301, -300, -301].map(reasonAt)).toEqual(['valid', 'too_old', 'valid', 'too_new'])
})

test('what was sent is refused with a reason and never throws', () => {
  const own = createSecret()
  const good = signed({ id: 'evt_1', timestampSeconds: nowSeconds, body: '' }, own)
  const missing = { ...good, 'webhook-signature': undefined }
  expect(reasonOf(missing, '', own)).toBe('missing_header')
  expect(reasonOf({ ...good, 'webhook-id': 'a.b' }, '', own)).toBe('invalid_id')
  for (const timestamp of ['', '-1', '1e3', '12.5', ' 1', '9'.repeat(20)])
    expect(reasonOf({ ...good, 'webhook-timestamp': timestamp }, '', own)).toBe('invalid_timestamp')
  expect(reasonOf({ ...good, 'webhook-signature': 'v2,abc' }, '', own)).toBe('no_signature')
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(text, text, text, text, (first, second, third, raw) => {
      const headers = { 'webhook-id': first, 'webhook-timestamp': second, 'webhook-signature': third }
      expect(reasonOf(headers, raw, own)).not.toBe('valid')
      expect(reasonOf({ ...good, 'webhook-signature': `v1,${third}` }, '', own)).toBe('wrong_signature')
      expect(reasonOf({ ...good, 'webhook-signature': third }, '', own)).not.toBe('valid')
    }),
  )
})

test('headers are read as Node has them, in any case, and as fetch has them', () => {
  const own = createSecret()
  const headers = signed({ id: 'evt_1', timestampSeconds: nowSeconds, body: 'x' }, own)
  const upper = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  )
  expect(reasonOf(upper, 'x', own)).toBe('valid')
  expect(verify(new Headers({ ...headers }), 'x', [own])).toMatchObject({ isValid: true, id: 'evt_1' })
  expect(reasonOf({ ...headers, 'webhook-id': ['evt_1', 'evt_2'] }, 'x', own)).toBe('missing_header')
})

test('what is no secret is refused without being repeated', () => {
  const base64 = (bytes: number) => randomBytes(bytes).toString('base64')
  const mismatched = Buffer.concat([randomBytes(32), randomBytes(32)]).toString('base64')
  for (const wrong of [
    '',
    'whsec_',
    `whsec_${base64(23)}`,
    `whsec_${base64(65)}`,
    `whsec_${base64(25).replaceAll('=', '')}`,
    `whsec_${base64(24)}!`,
    base64(32),
    `whsk_${base64(32)}`,
    `whsk_${mismatched}`,
    `whpk_${base64(31)}`,
  ]) {
    const failure = (() => {
      try {
        verify({}, '', [wrong])
        return undefined
      } catch (error) {
        return error
      }
    })()
    expect(failure, wrong).toBeInstanceOf(TypeError)
    const random = wrong.replace(/^wh\w+_/, '')
    if (random.length > 5) expect(String(failure)).not.toContain(random)
  }
  expect(() => verify({}, '', [])).toThrow(TypeError)
  expect(() => createSigner(createKeyPair().publicKey)).toThrow(/whsk_/)
})

test('what can’t be signed so that all read it alike is not signed', () => {
  const own = createSecret()
  const what = { id: 'evt_1', timestampSeconds: nowSeconds, body: '' }
  for (const wrong of ['', 'a.b', 'a b', 'ü', 'a\n'])
    expect(() => sign({ ...what, id: wrong }, own)).toThrow()
  for (const wrong of [-1, 1.5, Number.NaN, 2 ** 60])
    expect(() => sign({ ...what, timestampSeconds: wrong }, own)).toThrow(RangeError)
})

test('new secrets differ, and sign', () => {
  const secrets = Array.from({ length: 100 }, createSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const each of secrets) expect(each).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
})
