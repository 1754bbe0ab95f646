import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { Folder, newSecret, type Run, run, scan } from '../testing/command.ts'
import { parseServer } from './liveness.ts'

interface Heard {
  url: string | undefined
  authorization: string | undefined
  userAgent: string | undefined
}

/** A server on this machine, closed at the end of the test, and what it heard. */
async function serve(listener: RequestListener) {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const { authorization, 'user-agent': userAgent } = request.headers
    heard.push({ url: request.url, authorization, userAgent })
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // It listens on TCP.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(status: number, body: unknown): RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
}

async function statusWith(listener: RequestListener, args: string[] = []) {
  using folder = new Folder()
  folder.write('.env', newSecret())
  await using server = await serve(listener)
  const report = await scan(['--server', server.url, ...args], { cwd: folder.path })
  expect(report.exitCode).toBe(1)
  const { status, reason } = report.found[0] ?? {}
  return { status, reason }
}

/** As GET /v1/me answers: tests/scan.test.ts asks a real server. */
const me = (secret: string) => ({
  success: true,
  data: { id: 'key_1', name: 'x', secret_last_four: secret.slice(-4) },
})

test('each secret is asked about once, with itself as the key, at /v1/me', async () => {
  using folder = new Folder()
  const secrets = Array.from({ length: 9 }, () => newSecret())
  for (const name of ['a', 'b']) folder.write(name, secrets.join('\n'))
  await using server = await serve(answer(200, me(secrets[0] ?? '')))
  for (const base of [server.url, `${server.url}/v1/`]) {
    server.heard.length = 0
    const report = await scan([], { cwd: folder.path, env: { AGENTCLARA_BASE_URL: base } })
    expect(report.found.map((leak) => leak.status)).toEqual(secrets.map(() => 'live'))
    expect(server.heard.map((each) => each.authorization).sort()).toEqual(
      secrets.map((secret) => `Bearer ${secret}`).sort(),
    )
    for (const { url, userAgent } of server.heard) {
      expect(url).toBe('/v1/me')
      expect(userAgent).toMatch(/^agentclara-cli\/\d+\.\d+\.\d+ scan$/)
    }
  }
})

describe.concurrent('what the server says', () => {
  test.each([
    [401, 'api_key_revoked', 'revoked'],
    [401, 'api_key_expired', 'expired'],
    [401, 'invalid_api_key', 'unknown'],
    [403, 'ip_not_allowed', 'live'],
    [403, 'api_key_quarantined', 'live'],
  ])('%i %s means %s', async (httpStatus, code, status) => {
    expect(await statusWith(answer(httpStatus, { error: 'x', code }))).toEqual({ status, reason: null })
  })

  test.each([
    ['an error', answer(500, { error: 'x', code: 'internal_error' }), '500'],
    ['too many requests', answer(429, { error: 'x', code: 'rate_limited' }), '(429): scan again'],
    ['the page of another service', answer(200, { ok: true }), 'not as AgentClara does'],
    ['a key without its envelope', answer(200, me('xxxx').data), 'not as AgentClara does'],
    ['null', answer(200, null), 'not as AgentClara does'],
    ['no data', answer(200, { success: true, data: null }), 'not as AgentClara does'],
    ['no JSON', (_, response) => response.end('<html>'), 'not as AgentClara does'],
    ['a broken connection', (request) => request.socket.destroy(), ''],
  ] satisfies [string, RequestListener, string][])(
    '%s is no answer, and why is said',
    async (_, listener, why) => {
      const { status, reason } = await statusWith(listener)
      expect(status).toBe('not_asked')
      expect(reason).toContain(why)
    },
  )

  test('an answer that never ends is cut off', async () => {
    const endless: RequestListener = (_, response) => {
      response.writeHead(200)
      const more = () => {
        while (response.write('x'.repeat(65_536))) {}
        response.once('drain', more)
      }
      more()
    }
    expect(await statusWith(endless)).toMatchObject({ status: 'not_asked' })
  })
})

test('silence ends after five seconds', async () => {
  // What is waited for passes a hundred times as fast.
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((delayMs) => timeout(delayMs / 100))
  try {
    expect(await statusWith(() => {})).toEqual({ status: 'not_asked', reason: 'no answer within 5 s' })
    expect(spy.mock.calls).toEqual([[5_000]])
  } finally {
    spy.mockRestore()
  }
})

test('a redirect is not followed: the secret goes nowhere else', async () => {
  await using other = await serve(answer(200, me('xxxx')))
  const redirect: RequestListener = (_, response) =>
    void response.writeHead(307, { location: `${other.url}/v1/me` }).end()
  const { status, reason } = await statusWith(redirect)
  expect({ status, reason }).toMatchObject({ status: 'not_asked', reason: expect.stringContaining('307') })
  expect(other.heard).toEqual([])
})

test('nothing is asked offline, nor when nothing was found', async () => {
  using folder = new Folder()
  await using server = await serve(answer(200, me('xxxx')))
  folder.write('clean', 'clean')
  expect(await scan(['--server', server.url], { cwd: folder.path })).toMatchObject({ exitCode: 0 })
  folder.write('a', newSecret())
  const env = { AGENTCLARA_BASE_URL: server.url }
  expect(await scan(['--offline'], { cwd: folder.path, env })).toMatchObject({
    exitCode: 1,
    found: [{ status: 'not_asked', reason: null }],
  })
  expect(server.heard).toEqual([])
})

test('for people: the answer stands beside the key', async () => {
  using folder = new Folder()
  folder.write('a', newSecret())
  await using server = await serve(answer(401, { error: 'x', code: 'api_key_revoked' }))
  const { stdout }: Run = await run(['scan', '--no-json', '--server', server.url], {
    cwd: folder.path,
  })
  expect(stdout).toContain('live environment, revoked\n')
})

test('where secrets may be sent is decided before anything is scanned', async () => {
  using folder = new Folder()
  folder.write('a', newSecret())
  for (const url of ['http://clara.example', 'nonsense']) {
    const { exitCode, stdout, stderr } = await run(['scan', '--server', url], { cwd: folder.path })
    expect({ url, exitCode, stdout }).toEqual({ url, exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^error: /)
  }
})

test('plain http goes to this machine only, unless it is allowed', () => {
  const addresses = [
    'http://localhost:4000',
    'http://127.0.0.1:4000/v1',
    'http://127.9.9.9/',
    'http://[::1]:1/api/v1/',
  ]
  expect(addresses.map((text) => String(parseServer(text, false)))).toEqual([
    'http://localhost:4000/v1/me',
    'http://127.0.0.1:4000/v1/me',
    'http://127.9.9.9/v1/me',
    'http://[::1]:1/api/v1/me',
  ])
  for (const text of [
    'http://127.0.0.1.example',
    'http://localhost.example',
    'http://0.0.0.0',
    'http://10.0.0.1',
  ]) {
    expect(parseServer(text, false), text).toContain('--insecure-http')
    expect(parseServer(text, true)).toBeInstanceOf(URL)
  }
  for (const text of ['ftp://localhost', 'https://a:b@clara.example', 'https://clara.example/?a']) {
    expect(parseServer(text, true), text).toBeTypeOf('string')
  }
  expect(String(parseServer('https://clara.example/', false))).toBe('https://clara.example/v1/me')
})
