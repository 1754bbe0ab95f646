/** Judging a URL before there is a webhook: the same as at saving, without a request to it, and not often. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scope } from '../../principal.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { welcome } from '../../testing/people.ts'
import { EgressPolicy } from './egress/policy.ts'
import { UrlChecks } from './url-checks.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey('test', ['webhooks:write'])
})
afterAll(() => server.close())

const check = (url: string) => server.request('POST /v1/webhooks/check_url', { key, body: { url } })

test('says where a URL leads without making a webhook and without a connection to it', async () => {
  let connections = 0
  const receiver = createServer().on('connection', () => connections++)
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const { status, body } = await check(`http://127.0.0.1:${port}/hook`)
  expect([status, body.data.verdict]).toEqual([200, 'allowed'])
  expect(body.data).toMatchObject({
    reason: null,
    message: expect.stringContaining('127.0.0.1'),
    addresses: [{ address: '127.0.0.1', verdict: 'allowed', network: 'loopback' }],
  })
  expect(connections).toBe(0)
  expect((await server.request('GET /v1/webhooks', { key })).body.data).toEqual([])
  await new Promise((resolve) => receiver.close(resolve))
})

test.each([
  ['http://169.254.169.254/latest', 'metadata'],
  ['http://10.0.0.8/hook', 'private'],
  ['ftp://example.com/hook', 'malformed'],
  ['https://user:pw@example.com', 'malformed'],
  ['https://', 'malformed'],
  ['http://2130706433:22', null],
])('judges %s as saving it would: %s', async (url, reason) => {
  const { body } = await check(url)
  const saved = await server.request('POST /v1/webhooks', { key, body: { url, events: ['*'] } })
  expect(body.data.reason).toBe(reason)
  expect(body.data.verdict === 'allowed').toBe(saved.status === 201)
})

test('takes webhooks:write', async () => {
  const reader = await server.createKey('test', ['webhooks:read'])
  const { status } = await server.request('POST /v1/webhooks/check_url', {
    key: reader,
    body: { url: 'https://example.com' },
  })
  expect(status).toBe(403)
})

test('what a person types is not in the log of requests, each letter an entry', async () => {
  const ada = await welcome(server, 'Ada')
  const body = { url: 'http://127.0.0.1:9/typed' }
  expect((await ada.ask('POST /webhooks/check_url', { body })).body.data.verdict).toBe('allowed')
  const made = await ada.ask('POST /contacts', { body: { name: 'Logged' } })
  const logged = () => ada.ask('GET /request_logs?limit=100')
  await expect
    .poll(async () => (await logged()).text, { timeout: 20_000 })
    .toContain(made.headers['x-request-id'])
  const checks = (await logged()).body.data.filter(
    ({ path, member }: { path: string; member: unknown }) => path.endsWith('/check_url') && member !== null,
  )
  expect(checks).toEqual([])
})

const policy = new EgressPolicy({ allow: [], isDefaultLoopback: false, ports: [80, 443] })
const scope: Scope = { environmentId: 'env_1', environment: 'test', workspaceId: 'ws_1' }

test('never tells what a name inside resolves to', async () => {
  const checks = new UrlChecks({
    clock: new TestClock(),
    policy,
    resolver: { resolve: async () => ['10.11.12.13'] },
  })
  const found = await checks.check(scope, 'https://db.corp.example/hook')
  expect(found).toMatchObject({
    verdict: 'refused',
    reason: 'private',
    addresses: [{ address: null, verdict: 'refused', network: 'private' }],
  })
  expect(JSON.stringify(found)).not.toContain('10.11')
})

test('a name without an address is unresolved, which doesn’t keep it from being saved', async () => {
  const resolve = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
  const checks = new UrlChecks({ clock: new TestClock(), policy, resolver: { resolve } })
  const found = await checks.check(scope, 'https://nowhere.example')
  expect(found).toMatchObject({ verdict: 'unresolved', reason: 'unresolved', addresses: [] })
})

test('a workspace gets to ask as often as people type, and no more; another one is not held up', async () => {
  const clock = new TestClock()
  let asked = 0
  const resolve = async () => {
    asked++
    return ['93.184.216.34']
  }
  const checks = new UrlChecks({ clock, policy, resolver: { resolve } })
  for (let count = 0; count < 30; count++) await checks.check(scope, `https://host-${count}.example`)
  await expect(checks.check(scope, 'https://one-more.example')).rejects.toMatchObject({
    code: 'rate_limited',
  })
  expect(asked).toBe(30)
  await checks.check({ ...scope, workspaceId: 'ws_2' }, 'https://host.example')
  clock.advance(1_000)
  await checks.check(scope, 'https://one-more.example')
})
