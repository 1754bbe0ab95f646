/** The client has a method for every operation that the server has, and refuses to be made in a way that can't work. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { AgentClara } from './client.ts'
import { AgentClaraError } from './errors.ts'
import { VERSION } from './version.ts'

interface Described {
  paths: Record<string, Record<string, { operationId: string; 'x-permission'?: string }>>
}

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

/** Of this server's health, not of a client's business. */
const META = ['getAbout', 'getHealth', 'getReadiness']

/** By method and path as they are sent. PATCH stands for PUT, which means the same. */
function operations(): Map<string, string> {
  const { paths }: Described = read('../../../openapi.json')
  const found = new Map<string, string>()
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { operationId }] of Object.entries(methods))
      if (!META.includes(operationId) && !(method === 'put' && methods.patch !== undefined))
        found.set(`${method.toUpperCase()} ${path}`, operationId)
  return found
}

/** Every method of the client, such as `webhooks.test`. */
function* methodsOf(owner: object, name = ''): Generator<[string, (...args: unknown[]) => unknown]> {
  for (const key of Object.getOwnPropertyNames(Object.getPrototypeOf(owner))) {
    const value: unknown = Reflect.get(owner, key)
    if (key !== 'constructor' && typeof value === 'function')
      yield [`${name}${key}`, (...args) => Reflect.apply(value, owner, args)]
  }
  for (const [key, value] of Object.entries(owner)) yield* methodsOf(value, `${name}${key}.`)
}

/** It will do for an id, a query, a body and options alike. */
const ANYTHING = Object.defineProperty({}, 'toString', { value: () => 'ID', enumerable: false })
const LOCAL = ['webhooks.verify']

/** What each method sends: `GET /v1/contacts/{id}`. */
async function sentByAll(): Promise<Map<string, string>> {
  const sent = new Map<string, string>()
  let current = ''
  const client = new AgentClara({
    apiKey: null,
    maxRetries: 0,
    fetch: async (url, init) => {
      sent.set(current, `${init?.method} ${new URL(String(url)).pathname.replace('/ID', '/{id}')}`)
      return Response.json({ success: false, error: 'Refused.', code: 'refused' }, { status: 400 })
    },
  })
  for (const [name, method] of methodsOf(client)) {
    if (LOCAL.includes(name)) continue
    current = name
    const result = method(ANYTHING, ANYTHING, ANYTHING)
    const walked = result as Partial<AsyncIterable<unknown>>
    await expect(walked[Symbol.asyncIterator]?.().next() ?? result, name).rejects.toThrow('Refused.')
  }
  return sent
}

test('every operation of the API has a method, and every method an operation', async () => {
  const [sent, known] = [await sentByAll(), operations()]
  const calls = new Set(sent.values())
  const missing = [...known].filter(([call]) => !calls.has(call)).map(([call, id]) => `${id}: ${call}`)
  expect(missing, 'operations without a method').toEqual([])
  const unknown = [...sent].filter(([, call]) => !known.has(call)).map(([name, call]) => `${name}: ${call}`)
  expect(unknown, 'methods without an operation').toEqual([])
})

test('every method says in its comment which permission the server asks for', () => {
  const { paths }: Described = read('../../../openapi.json')
  const folder = new URL('resources/', import.meta.url)
  // A comment, the method below it, and the call that the method makes.
  const documented =
    /\/\*\*((?:(?!\*\/).)*)\*\/\s+(?:async )?(\w+)\((?:(?!\/\*\*).)*?#api\.(?:call|list)\(\s*(?:'(\w+)', )?'([^']+)'/gs
  const wrong: string[] = []
  let calls = 0
  for (const file of readdirSync(folder)) {
    const source = readFileSync(new URL(file, folder), 'utf8')
    calls += source.match(/#api\.(call|list)\(/g)?.length ?? 0
    for (const [, comment = '', name, method = 'get', path] of source.matchAll(documented)) {
      calls -= 1
      const asked = paths[`/v1${path}`]?.[method]?.['x-permission']
      const [said] = comment.match(/\w+:(read|write)(?=`)/) ?? []
      if ((asked?.includes(':') ? asked : undefined) !== said)
        wrong.push(`${file} ${name}: ${said}, not ${asked}`)
    }
  }
  expect(wrong).toEqual([])
  expect(calls, 'methods without a comment').toBe(0)
})

test('its version is the package’s', () => {
  expect(VERSION).toBe(read('../package.json').version)
})

test('key and address come from the environment, unless they are given', async () => {
  const seen: [string, string | null][] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    seen.push([String(url), new Headers(init?.headers).get('authorization')])
    return Response.json({ success: true, data: {} })
  }
  vi.stubEnv('AGENTCLARA_API_KEY', 'sk_test_env')
  vi.stubEnv('AGENTCLARA_BASE_URL', 'https://clara.example/base')
  await new AgentClara({ fetch }).me.get()
  await new AgentClara({ fetch, apiKey: 'sk_test_own', baseUrl: 'http://localhost:1/v1/' }).me.get()
  vi.stubEnv('AGENTCLARA_BASE_URL', '')
  await new AgentClara({ fetch, apiKey: null }).me.get()
  vi.unstubAllEnvs()
  expect(seen).toEqual([
    ['https://clara.example/base/v1/me', 'Bearer sk_test_env'],
    ['http://localhost:1/v1/me', 'Bearer sk_test_own'],
    ['http://localhost:4000/v1/me', null],
  ])
})

test('what can’t work is refused when the client is made, without repeating the key', () => {
  const make = (options: ConstructorParameters<typeof AgentClara>[0]) => () => new AgentClara(options)
  vi.stubEnv('AGENTCLARA_API_KEY', '')
  expect(make({})).toThrow('set the environment variable AGENTCLARA_API_KEY')
  vi.unstubAllEnvs()
  for (const key of ['sk_test_abc\n', ' sk_test_abc', 'sk_test_“abc”']) {
    expect(make({ apiKey: key })).toThrow('Copy it again')
    expect(make({ apiKey: key })).not.toThrow('abc')
  }
  for (const baseUrl of ['nowhere', 'ftp://x', 'http://user:pass@x'])
    expect(make({ apiKey: null, baseUrl })).toThrow(AgentClaraError)
})

test('a secret key is refused in a web page; a client token isn’t', () => {
  vi.stubGlobal('document', {})
  vi.stubGlobal('process', undefined)
  try {
    expect(() => new AgentClara({ apiKey: 'sk_test_abc' })).toThrow('clientTokens.create')
    expect(() => new AgentClara({ apiKey: 'ct_abc' })).not.toThrow()
    expect(() => new AgentClara({ apiKey: null })).not.toThrow()
  } finally {
    vi.unstubAllGlobals()
  }
})
