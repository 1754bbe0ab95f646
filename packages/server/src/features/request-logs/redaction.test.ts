/** No secret gets through, wherever it stands, however it is written, and wherever the text ends; and it takes no time. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskSecrets, Redactor } from './redaction.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const letters = (minLength: number, maxLength: number, more = '') =>
  fc.string({ unit: fc.constantFrom(...ALPHABET, ...more), minLength, maxLength })
const environment = fc.constantFrom('test', 'live')

/** A secret, and the part of it that must never be seen. */
const secret = fc.oneof(
  fc
    .tuple(environment, letters(30, 30))
    .map(([name, random]) => ({ text: `sk_${name}_${random}`, hidden: random })),
  fc.tuple(environment, letters(40, 60, '-_'), letters(43, 43, '-_')).map(([name, claims, signature]) => ({
    text: `ct_${name}_${claims}.${signature}`,
    hidden: signature,
  })),
  letters(32, 44, '+/=').map((random) => ({ text: `whsec_${random}`, hidden: random })),
  letters(24, 60, '-._~+/').map((random) => ({ text: `Bearer ${random}`, hidden: random })),
)
const prose = fc.string({ unit: 'grapheme', maxLength: 40 })
const redactor = new Redactor(['content', 'e-mail'])

/** Nothing of the hidden part that is long enough to tell it from chance. */
function expectHidden(text: string, hidden: string): void {
  for (let at = 0; at + 10 <= hidden.length; at++) expect(text).not.toContain(hidden.slice(at, at + 10))
}

/** Every character as an escape, or as percent-encoding. */
const escaped = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const encoded = (text: string) =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

describe('secrets of this product', () => {
  test('are masked wherever they stand in a text, also one directly after another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(prose, secret), { minLength: 1 }),
        prose,
        fc.constantFrom('', ' ', ','),
        (parts, tail, joint) => {
          const text =
            parts.map(([before, { text: each }]) => `${before}${joint}${each}`).join('') + joint + tail
          const masked = maskSecrets(text)
          for (const [, { hidden }] of parts) expectHidden(masked, hidden)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('keep the prefix that says what they are; texts without any stay as they are', () => {
    expect(
      maskSecrets(
        `key sk_test_${'a'.repeat(30)}, ct_live_abc.def; whsec_aGVsbG8= whsk_aGVsbG8= Bearer abcdefgh123`,
      ),
    ).toBe('key sk_test_…, ct_live_…; whsec_… whsk_… Bearer …')
    for (const plain of [
      'sk_test_…9fQa',
      'sk_test_none',
      'begin with "Bearer ", then the key',
      'whsec_…',
      '',
    ]) {
      expect(maskSecrets(plain)).toBe(plain)
      expect(redactor.maskJson(JSON.stringify({ hint: plain }), false)).toBe(JSON.stringify({ hint: plain }))
    }
  })

  test('are masked in any JSON value, in names too, and with every character escaped', () => {
    const json = fc.tuple(secret, fc.jsonValue({ maxDepth: 4 }), fc.boolean(), fc.boolean())
    fc.assert(
      fc.property(json, ([{ text, hidden }, value, isName, isEscaped]) => {
        const holder = isName
          ? { before: value, [text]: value, after: [value] }
          : [value, { note: text }, value]
        const written = JSON.stringify(holder)
        const body = isEscaped
          ? written.replaceAll(JSON.stringify(text).slice(1, -1), escaped(text))
          : written
        const masked = redactor.maskJson(body, false)
        expectHidden(masked, hidden)
        JSON.parse(masked)
      }),
      { numRuns: 1_000 },
    )
  })

  test('are masked in a JSON text that ends anywhere', () => {
    fc.assert(
      fc.property(secret, prose, fc.nat(200), fc.boolean(), ({ text, hidden }, before, length, isEscaped) => {
        const said = isEscaped ? escaped(text) : text
        const body = `{"a":[1,"x"],"note":${JSON.stringify(before).slice(0, -1)}${said} after","b":null}`
        const masked = redactor.maskJson(body.slice(0, body.length - length), length > 0)
        for (let at = 0; at + 6 <= hidden.length; at++) expect(masked).not.toContain(hidden.slice(at, at + 6))
      }),
      { numRuns: 2_000 },
    )
  })

  test('are masked in paths and queries, percent-encoded or not', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('path', 'value', 'name'),
        fc.boolean(),
        ({ text, hidden }, place, isEncoded) => {
          const said = isEncoded ? encoded(text) : encodeURIComponent(text)
          const url = { path: `/v1/x/${said}?a=b`, value: `/v1/x?a=b&q=${said}&c`, name: `/v1/x?${said}=1` }[
            place
          ]
          const masked = redactor.maskUrl(url, false)
          expectHidden(masked, hidden)
          expectHidden(decodeURIComponent(masked), hidden)
        },
      ),
      { numRuns: 1_000 },
    )
    expect(redactor.maskUrl('/v1/contacts?q=M%C3%BCller+%26&limit=5', false)).toBe(
      '/v1/contacts?q=M%C3%BCller+%26&limit=5',
    )
    expect(redactor.maskUrl('/v1/contacts?token=abc&e%2Dmail=a@b.c&q=1', false)).toBe(
      '/v1/contacts?token=…&e%2Dmail=…&q=1',
    )
  })
})

describe('fields', () => {
  const name = fc.constantFrom(
    'secret',
    'token',
    'password',
    'signing_secret',
    'authorization',
    'api_key',
    'apiKey',
    'Content',
    'e_mail',
  )
  /** Values that are in no other part of the text. */
  const marker = letters(12, 12).map((text) => `zz${text}`)
  const value = marker.chain((text) =>
    fc
      .oneof(
        fc.constant<unknown>(text),
        fc.constant<unknown>({ deep: [{ er: text }, text], 'and "quoted" \\': text }),
        fc.constant<unknown>([[text], [], {}, 'x "]" \\', text]),
        fc.constant<unknown>(Number(`9${text.length}7531`)),
        fc.constantFrom<unknown>(true, null, '', {}, []),
      )
      .map((hidden) => ({ hidden, text })),
  )
  /** The same value at any depth, between others. */
  const nested = fc.tuple(
    name,
    value,
    fc.array(fc.constantFrom('object', 'array'), { maxLength: 8 }),
    fc.jsonValue(),
  )
  const build = ([field, { hidden }, wraps, other]: [string, { hidden: unknown }, string[], unknown]) =>
    wraps.reduce<unknown>(
      (inner, wrap) => (wrap === 'array' ? [other, inner, other] : { before: other, inner, after: other }),
      { first: other, [field]: hidden, last: other },
    )

  test('that hold secrets, or are configured, are masked at any depth, whatever their value is; the rest stays', () => {
    fc.assert(
      fc.property(nested, fc.constantFrom(undefined, 2), (parts, indent) => {
        const masked = redactor.maskJson(JSON.stringify(build(parts), null, indent), false)
        const [field, , wraps, other] = parts
        const expected = build([field, { hidden: '…' }, wraps, other])
        // What stands beside may have masked fields of its own.
        expect(redactor.maskJson(JSON.stringify(JSON.parse(masked)), false)).toBe(
          redactor.maskJson(JSON.stringify(expected), false),
        )
        expect(masked).not.toContain(parts[1].text)
      }),
      { numRuns: 1_000 },
    )
  })

  test('are masked in a text that ends anywhere, and with escapes in their names', () => {
    fc.assert(
      fc.property(name, value, fc.boolean(), (field, { hidden, text }, isEscaped) => {
        const written = JSON.stringify({ a: 1, [field]: hidden, b: 2 })
        const body = isEscaped ? written.replace(field, escaped(field)) : written
        for (let end = 0; end <= body.length; end++) {
          const masked = redactor.maskJson(body.slice(0, end), end < body.length)
          expect(masked).not.toContain(text.slice(0, 5))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('that merely contain such a word are not', () => {
    const body = JSON.stringify({
      api_key_id: 'key_1',
      tokens: 3,
      secret_hint: 'sk_test_…9fQa',
      contents: 'x',
    })
    expect(redactor.maskJson(body, false)).toBe(body)
  })
})

test('masking twice is masking once', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          prose,
          secret.map(({ text }) => text),
        ),
      ),
      (parts) => {
        const once = redactor.maskJson(JSON.stringify(parts), false)
        expect(redactor.maskJson(once, false)).toBe(once)
      },
    ),
  )
})

test('any text gets an answer, JSON or not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isCut) => {
      redactor.maskJson(text, isCut)
      redactor.maskUrl(text, isCut)
    }),
    { numRuns: 2_000 },
  )
})

test('hostile text takes time in proportion to its length', () => {
  const hostile = [
    'sk_live_',
    `sk_test_${'a'.repeat(19)}`,
    'bearer ',
    'bearer\t\t\t\t',
    'bearer aaaaaaa ',
    'whsec_',
    'ct_test_',
    '"',
    '\\',
    '"\\',
    '\\"',
    '":',
    '"secret":',
    '"secret":[',
    '{"secret":"',
    '"a\\u005f',
    '%73',
    '%',
    '+',
    '&',
    '=',
    '/',
    '?',
  ]
  // 1 million characters: what is quadratic would take many minutes.
  for (const piece of hostile) {
    const text = piece.repeat(1_000_000 / piece.length)
    const startMs = performance.now()
    for (const isCut of [false, true]) {
      redactor.maskJson(text, isCut)
      redactor.maskUrl(text, isCut)
    }
    expect(performance.now() - startMs, piece).toBeLessThan(5_000)
  }
})
