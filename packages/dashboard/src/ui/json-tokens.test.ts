/** Shown JSON is the JSON that was given: no character is lost or added, whatever the text is. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonTokens, prettyJson } from './json-tokens.ts'

test('tokens put together are the text, for JSON and for anything else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
      expect(
        jsonTokens(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('names, texts and values are told apart', () => {
  const kinds = jsonTokens('{"a": "b:c", "n": [-1.5e3, true, null], "q\\"": ""}')
    .filter(({ kind }) => kind !== 'rest')
    .map(({ kind, text }) => `${kind} ${text}`)
  expect(kinds).toEqual([
    'name "a"',
    'text "b:c"',
    'name "n"',
    'value -1.5e3',
    'value true',
    'value null',
    'name "q\\""',
    'text ""',
  ])
})

test('what is no JSON is shown as it came', () => {
  expect(jsonTokens('<h1>503 "Unavailable"</h1>').map(({ kind }) => kind)).toEqual(['rest'])
  expect(prettyJson('<html>')).toBe('<html>')
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}')
})
