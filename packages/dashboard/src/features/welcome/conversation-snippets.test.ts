/** The snippets of the second step run as they stand, in every language whose interpreter is here. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { conversationSnippets, EXAMPLE_QUESTION } from './conversation-snippets.ts'

const run = promisify(execFile)
const SECRET = 'sk_test_snippetsnippetsnippetsnip1234'
const interpreters: Record<string, [command: string, ...flags: string[]]> = {
  curl: ['bash', '-c'],
  javascript: [process.execPath, '--input-type=module', '--eval'],
  python: ['python3', '-c'],
  ruby: ['ruby', '-e'],
}
const received: { authorization: string | undefined; body: unknown }[] = []
const server = createServer(async (request, response) => {
  const text = await Array.fromAsync(request)
  received.push({
    authorization: request.headers.authorization,
    body: JSON.parse(Buffer.concat(text).toString()),
  })
  response.writeHead(201, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({ success: true, data: { reply: { content: 'Yes, from ten.', citations: [] } } }),
  )
})
let baseUrl = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

test.each([
  ['curl', SECRET],
  ['javascript', SECRET],
  ['python', SECRET],
  ['ruby', SECRET],
  ['curl', undefined],
  ['javascript', undefined],
  ['python', undefined],
  ['ruby', undefined],
])('%s asks as a customer and prints the answer (secret in it: %s)', async (id, secret) => {
  const code = String(conversationSnippets(baseUrl, secret).find((snippet) => snippet.id === id)?.code)
  expect(code.includes(SECRET)).toBe(secret !== undefined)
  const [command = '', ...flags] = interpreters[id] ?? []
  const env = { ...process.env, ...(secret === undefined && { AGENTCLARA_API_KEY: SECRET }) }
  const result = await run(command, [...flags, code], { env }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && process.env.CI !== 'true') return undefined
    throw error
  })
  if (result === undefined) return
  expect(result.stdout).toContain('Yes, from ten.')
  expect(received.at(-1)).toEqual({
    authorization: `Bearer ${SECRET}`,
    body: { channel: 'web', sender: 'customer', message: EXAMPLE_QUESTION, reply: 'wait' },
  })
})
