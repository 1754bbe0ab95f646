/** Headers of a webhook: what would change where the request ends, whose it is, or what a metadata service says is refused. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headerProblem } from './header-rules.ts'

test.each([
  ['X-Team', 'support'],
  ['authorization', 'Bearer abc.def'],
  ['webhook-signature', 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,abc'],
  ['user-agent', 'AgentClara/1.0 (+https://example.com)'],
  ['x-empty', ''],
])('%s: %s is sent as it is', (name, value) => {
  expect(headerProblem(name, value)).toBeUndefined()
})

test.each(
  'Host Content-Length Connection Transfer-Encoding TE Trailer Upgrade Keep-Alive Expect Proxy-Authorization Proxy-Connection X-Forwarded-For Forwarded Metadata-Flavor Metadata X-aws-ec2-metadata-token'.split(
    ' ',
  ),
)('%s is refused in any case', (name) => {
  for (const one of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(headerProblem(one, 'x')).toMatch(/can’t be set on a webhook: remove it/)
  }
})

test.each([
  ['', 'x', /name of letters/],
  ['a b', 'x', /name of letters/],
  ['a:b', 'x', /name of letters/],
  ['a\r\nb', 'x', /name of letters/],
  ['ä', 'x', /name of letters/],
  ['a'.repeat(129), 'x', /at most 128/],
  ['a', 'x'.repeat(4_097), /at most 4096/],
  ['a', ' x', /visible ASCII/],
  ['a', 'x\t', /visible ASCII/],
  ['a', 'ä', /visible ASCII/],
])('%j: %j is refused with the reason', (name, value, message) => {
  expect(headerProblem(name, value)).toMatch(message)
})

test('no value that is accepted can begin another header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      if (headerProblem('x-any', value) === undefined) expect(value).toMatch(/^[\t\x20-\x7e]*$/)
    }),
    { numRuns: 500 },
  )
})
