/** Pages beside the API: what a browser is given, what a program is told, and how both are kept. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../testing/app.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const SCRIPT = '/assets/main-Ab3_x9Zk.js'

let folder: string
let server: TestApp

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agentclara-pages-'))
  await mkdir(join(folder, 'assets'))
  await mkdir(join(folder, 'docs'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>dashboard</title>')
  await writeFile(join(folder, `.${SCRIPT}`), 'let x = 1')
  await writeFile(join(folder, `.${SCRIPT}.br`), brotliCompressSync('let x = 1'))
  await writeFile(join(folder, 'docs/index.html'), '<!doctype html><title>docs</title>')
  await writeFile(join(folder, 'docs/webhooks.html'), '<!doctype html><title>webhooks</title>')
  await writeFile(join(folder, 'docs/404.html'), '<!doctype html><title>no such page</title>')
  await writeFile(join(folder, 'secret.key'), 'not a page')
  server = await createTestApp({ pageFolders: [folder, join(folder, 'is not there')] })
})

afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

test.each(['/', '/settings/advanced/api-keys', '/contacts/cust_1?tab=notes', '/sign-in'])(
  'a browser that opens %s gets the dashboard, which is asked for anew each time',
  async (path) => {
    const { status, text, headers } = await server.request(`GET ${path}`, { headers: BROWSER })
    expect({ status, text }).toEqual({ status: 200, text: '<!doctype html><title>dashboard</title>' })
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' })
  },
)

test.each(['/docs', '/docs/'])('documentation is found at %s, by programs, too', async (path) => {
  expect((await server.request(`GET ${path}`)).text).toContain('docs')
})

test('a page of the documentation has no extension, and one that is not there says so with 404', async () => {
  expect((await server.request('GET /docs/webhooks')).text).toContain('webhooks')
  const { status, text } = await server.request('GET /docs/nothing', { headers: BROWSER })
  expect({ status, text }).toEqual({ status: 404, text: '<!doctype html><title>no such page</title>' })
})

test('a program that mistypes a path is told so as JSON, and asks / what this is', async () => {
  const mistyped = await server.request('GET /contacts')
  expect(mistyped).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await server.request('GET /')).body.data).toMatchObject({ name: 'AgentClara' })
  for (const path of ['/v1/nothing', '/assets/gone-12345678.js', '/auth/nothing'])
    expect((await server.request(`GET ${path}`, { headers: BROWSER })).status).toBe(404)
  expect((await server.request('POST /settings', { headers: BROWSER })).status).toBe(404)
})

test('nothing inline runs, nothing is framed, nothing comes from elsewhere', async () => {
  const { headers } = await server.request('GET /', { headers: BROWSER })
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  })
})

test('files whose names change with their content are kept for good, and sent as they were compressed', async () => {
  const { headers } = await server.request(`GET ${SCRIPT}`, { headers: { 'accept-encoding': 'gzip, br' } })
  expect(headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'br',
    vary: 'Accept-Encoding',
  })
  const plain = await server.request(`GET ${SCRIPT}`, { headers: { 'accept-encoding': 'br;q=0' } })
  expect(plain).toMatchObject({ text: 'let x = 1' })
  expect(plain.headers['content-encoding']).toBeUndefined()
})

test('what a browser has already is not sent again', async () => {
  const first = await server.request('GET /docs')
  const again = await server.request('GET /docs', {
    headers: { 'if-none-match': String(first.headers.etag) },
  })
  expect(again).toMatchObject({ status: 304, text: '' })
})

test('HEAD is answered as GET, without a body', async () => {
  const { status, headers, text } = await server.request('HEAD /docs')
  expect({ status, text }).toEqual({ status: 200, text: '' })
  expect(Number(headers['content-length'])).toBeGreaterThan(0)
})

test.each(['/secret.key', '/../secret.key', '/docs/%2e%2e/secret.key', '/assets//etc/passwd', '/index.html'])(
  'only what was built is served: %s is not there',
  async (path) => {
    const { status, text } = await server.request(`GET ${path}`)
    expect(status).toBe(404)
    expect(text).not.toContain('not a page')
  },
)
