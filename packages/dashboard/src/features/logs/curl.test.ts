/** The command sends what was logged, whatever is in it: tried in a real shell. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { curlOf } from './curl.ts'

const ORIGIN = 'http://localhost:4000'
/** What curl would be given, one argument a line. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for one; do printf '%s\\0' "$one"; done; }\n${command}`
  const output = execFileSync('sh', ['-c', script], { env: { AGENTCLARA_API_KEY: 'sk_test_x' } })
  return output.toString('utf8').split('\0').slice(0, -1)
}
const request = { method: 'POST', path: '/v1/contacts', request_body: null, request_body_truncated: false }

test('the path and the body reach curl as they were, and nothing of them is run', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((one) => !one.includes('\0'))
  fc.assert(
    fc.property(text, text, (path, body) => {
      const command = curlOf({ ...request, path: `/v1/${path}`, request_body: body }, ORIGIN)
      expect(argumentsOf(command)).toEqual([
        '-X',
        'POST',
        `${ORIGIN}/v1/${path}`,
        '-H',
        'Authorization: Bearer sk_test_x',
        '-H',
        'Content-Type: application/json',
        '-d',
        body,
      ])
    }),
    { numRuns: 30, examples: [["$(id)'; `id` #", '{"name":"O\'Neil $HOME"}']] },
  )
})

test('reading takes no method and no body', () => {
  const command = curlOf({ ...request, method: 'GET' }, ORIGIN)
  expect(command).toBe(`curl '${ORIGIN}/v1/contacts' \\\n  -H "Authorization: Bearer $AGENTCLARA_API_KEY"`)
})

test('a body that was cut is said to be', () => {
  const cut = { ...request, request_body: '{"a', request_body_truncated: true }
  expect(curlOf(cut, ORIGIN)).toMatch(/^# The body was longer/)
})
