/** The snippets of the pages run as they stand, in every language whose interpreter is here. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envLine, testSnippets } from './snippets.ts'

const run = promisify(execFile)
const SECRET = 'sk_test_snippetsnippetsnippetsnip1234'
/** What each language is run by. */
const interpreters: Record<string, [command: string, flag: string]> = {
  curl: ['bash', '-c'],
  javascript: [process.execPath, '--input-type=module'],
  python: ['python3', '-c'],
  ruby: ['ruby', '-e'],
}
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ path: request.url, authorization: request.headers.authorization }))
})
let baseUrl = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe.each(['curl', 'javascript', 'python', 'ruby'])('%s', (id) => {
  const [command, flag] = interpreters[id] ?? ['', '']

  test.each([
    ['with the secret in it', SECRET],
    ['with the secret from the environment', null],
  ])('%s sends the key to /me', async (_, secret) => {
    const snippet = testSnippets(baseUrl, secret).find((each) => each.id === id)
    const code = String(snippet?.code)
    expect(code.includes(SECRET)).toBe(secret !== null)
    const [name, value] = envLine(SECRET).split('=')
    const env = { ...process.env, ...(secret === null && { [String(name)]: value }) }
    const args = id === 'javascript' ? [flag, '--eval', code] : [flag, code]
    const result = await run(command, args, { env }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && process.env.CI !== 'true') return undefined
      throw error
    })
    if (result === undefined) return
    expect(result.stdout.replaceAll("'", '"')).toContain(`Bearer ${SECRET}`)
    expect(result.stdout).toContain('/v1/me')
  })
})
