/**
 * Protection that isn't per key, on real processes: clients that are slow on purpose, too many connections, too much
 * of everything. What others notice is the measure. AGENTCLARA_LONG_TESTS=1 makes the attacks longer and adds the
 * client that never reads, whom the server bears for up to four minutes.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Installation, startInstallation } from './support/installation.ts'
import { call } from './support/server.ts'
import { attack, dial, type Noticed, probe, type RawClient, trickle } from './support/slow-clients.ts'

const IS_LONG = process.env.AGENTCLARA_LONG_TESTS !== undefined
const ATTACK = IS_LONG ? { connections: 1000, seconds: 20 } : { connections: 500, seconds: 11 }
const MAX_ANSWER_MS = 100
const MAX_CONNECTIONS = 16
const WAIT = { timeout: 20_000, interval: 10 }

interface Running {
  installation: Installation
  url: string
  key: string
}

async function startWith(env: Record<string, string>): Promise<Running> {
  const installation = await startInstallation('standard', env)
  // The address and not the name: which of its addresses a name means is found out anew for every connection.
  const url = installation.url.replace('localhost', '127.0.0.1')
  return { installation, url, key: installation.key }
}

let large: Running
let small: Running

beforeAll(async () => {
  ;[large, small] = await Promise.all([
    startWith({}),
    startWith({ AGENTCLARA_MAX_CONNECTIONS: String(MAX_CONNECTIONS) }),
  ])
})
afterAll(async () => {
  for (const { installation } of [large, small]) await installation.stop()
})

/** A request as it goes over the wire, but for the empty line after its headers. */
function head({ key }: Running, route: string, ...headers: string[]): string {
  return [`${route} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${key}`, ...headers, ''].join('\r\n')
}

function at({ tookMs }: Noticed, share: number): number {
  return tookMs[Math.ceil(share * tookMs.length) - 1] ?? Number.NaN
}

function say(mode: string, noticed: Noticed): void {
  const [half, most99, most] = [0.5, 0.99, 1].map((share) => at(noticed, share).toFixed(1))
  const own = noticed.ownStallMs.toFixed(1)
  process.stdout.write(
    `slow ${mode}: ${noticed.tookMs.length} requests of others, p50 ${half}, p99 ${most99}, most ${most} ms; kept from asking for up to ${own} ms\n`,
  )
}

describe.concurrent('slow clients', () => {
  test('are not noticed by others, whether they are slow with headers, bodies, or ask for a thousand ranges', async (context) => {
    const { connections, seconds } = ATTACK
    const common = ['-c', String(connections), '-r', '250', '-l', String(seconds), '-i', '2', '-p', '3']
    const makeKey = async (name: string): Promise<string> =>
      (await call(large.url, large.key, 'POST /api_keys', { name })).body.data.secret
    const authorization = `Authorization: Bearer ${await makeKey('attacker')}`
    const modes = {
      headers: ['-H', '-u', `${large.url}/v1/me`],
      // It has no option for this header: the key goes in after the content type, so that the body is waited for.
      body: ['-B', '-u', `${large.url}/v1/contacts`, '-f', `application/json\r\n${authorization}`],
      range: ['-R', '-u', `${large.url}/openapi.json`],
    }
    const before = probe(large.url, await makeKey('calm'))
    await vi.waitUntil(() => before.asked() >= 100, WAIT)
    const calm = await before.stop()
    say('nobody', calm)
    for (const [mode, args] of Object.entries(modes)) {
      const others = probe(large.url, await makeKey(mode))
      // An attack by ranges is over in a moment: it is made again and again for as long as the others last.
      const endsAtMs = performance.now() + seconds * 1000
      let result = await attack([...args, ...common])
      while (mode === 'range' && result !== undefined && performance.now() < endsAtMs)
        result = await attack([...args, ...common])
      const noticed = await others.stop()
      if (result === undefined) {
        if (process.env.CI === 'true') throw new Error('slowhttptest is not installed (Debian: slowhttptest)')
        context.skip('slowhttptest is not installed (Debian: slowhttptest)')
      }
      say(mode, noticed)
      if (mode !== 'range') expect(result?.mostConnected).toBeGreaterThan(0.9 * connections)
      expect([...noticed.statuses]).toEqual([200])
      // Where others work on the same processor, an answer takes as much longer as it does without any attack.
      expect(at(noticed, 0.99)).toBeLessThan(MAX_ANSWER_MS + at(calm, 0.99))
      // And one may come late because nobody here could take it.
      expect(at(noticed, 1)).toBeLessThan(MAX_ANSWER_MS + at(calm, 1) + noticed.ownStallMs)
    }
  }, 180_000)

  test('that take more than 10 seconds for their headers are cut with 408', async () => {
    const { text, tookMs } = await trickle(large.url, head(large, 'GET /v1/me', 'X-Slow: '), 'x')
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(tookMs).toBeGreaterThan(9_900)
    expect(tookMs).toBeLessThan(12_000)
  }, 20_000)

  test('that take more than 30 seconds for the whole request are cut with 408', async () => {
    const headers = ['Content-Type: application/json', 'Content-Length: 4096', '', '{"name": "']
    const { text, tookMs } = await trickle(
      large.url,
      head(large, 'POST /v1/contacts', ...headers).trimEnd(),
      'x',
    )
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(tookMs).toBeGreaterThan(29_900)
    expect(tookMs).toBeLessThan(32_000)
  }, 45_000)

  test.runIf(IS_LONG)(
    'that do not read their answers are cut within four minutes',
    async () => {
      const client = await dial(large.url, `${head(large, 'GET /openapi.json')}\r\n`.repeat(200))
      client.socket.pause()
      const startedMs = performance.now()
      await vi.waitUntil(() => performance.now() - startedMs > 244_000, { timeout: 250_000 })
      client.socket.resume()
      const answers = (await client.ended).match(/^HTTP\/1\.1 200 OK/gm)?.length
      expect(answers).toBeLessThan(200)
    },
    260_000,
  )
})

describe.concurrent('too much', () => {
  test('in headers is 431, in a body 413 before it is read', async () => {
    const headers = await dial(
      large.url,
      `${head(large, 'GET /v1/me', `X-Long: ${'x'.repeat(17 * 1024)}`)}\r\n`,
    )
    expect(await headers.ended).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
    const most = await dial(
      large.url,
      `${head(large, 'GET /v1/me', `X-Long: ${'x'.repeat(15 * 1024)}`, 'Connection: close')}\r\n`,
    )
    expect(await most.ended).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    const body = await dial(
      large.url,
      `${head(large, 'POST /v1/contacts', 'Content-Type: application/json', `Content-Length: ${1024 * 1024 + 1}`, 'Connection: close')}\r\n`,
    )
    await vi.waitUntil(() => body.text().includes('payload_too_large'), WAIT)
    expect(body.text()).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/)
    body.socket.destroy()
  })
})

describe('at the limit of connections', () => {
  const clients: RawClient[] = []
  const open = async (text: string): Promise<RawClient> => {
    const client = await dial(small.url, text)
    clients.push(client)
    return client
  }
  const answered = (client: RawClient): Promise<unknown> =>
    vi.waitUntil(() => client.text().includes('"success"'), WAIT)

  test('the one that has waited longest makes room for a new one', async () => {
    const idle: RawClient[] = []
    for (let index = 0; index < MAX_CONNECTIONS; index++) {
      const client = await open(`${head(small, 'GET /v1/me')}\r\n`)
      await answered(client)
      idle.push(client)
    }
    const added = await open(`${head(small, 'GET /v1/me')}\r\n`)
    await answered(added)
    expect(added.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    await idle[0]?.ended
    expect(idle.slice(1).every(({ socket }) => !socket.closed)).toBe(true)
  })

  test('a new one is answered 503 when all are busy, and let in as soon as one is not', async () => {
    for (const { socket } of clients.splice(0)) socket.destroy()
    // One key alone may not have so many requests waiting.
    const made = await fetch(`${small.url}/v1/api_keys`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${small.key}`,
        'content-type': 'application/json',
        connection: 'close',
      },
      body: JSON.stringify({ name: 'other', permissions: ['*'] }),
    })
    const other = { ...small, key: JSON.parse(await made.text()).data.secret }
    await vi.waitUntil(async () => {
      const tried = await dial(small.url, `${head(small, 'GET /v1/me', 'Connection: close')}\r\n`)
      const text = await tried.ended
      if (text.includes(' 200 OK')) {
        const caller = clients.length % 2 === 0 ? small : other
        await open(`${head(caller, 'GET /v1/me', 'AgentClara-Fault: timeout')}\r\n`)
        return false
      }
      expect(text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
      expect(text).toMatch(/\r\nRetry-After: 1\r\n/)
      expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({
        success: false,
        code: 'unavailable',
        request_id: expect.stringMatching(/^req_/),
      })
      return true
    }, WAIT)
    clients[0]?.socket.destroy()
    await vi.waitUntil(async () => {
      const tried = await dial(small.url, `${head(small, 'GET /v1/me', 'Connection: close')}\r\n`)
      return (await tried.ended).includes(' 200 OK')
    }, WAIT)
    for (const { socket } of clients.splice(0)) socket.destroy()
  })
})
