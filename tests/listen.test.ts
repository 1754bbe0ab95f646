/**
 * `agentclara listen` as people start it, between a real server and a real receiver that believes nothing unsigned: all
 * that happens arrives, in order, through a server that is killed and a receiver that restarts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { verify } from '@agentclara/webhook-signature'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { run } from '../packages/cli/src/testing/command.ts'
import { type Installation, startInstallation } from './support/installation.ts'
import { admin } from './support/server.ts'

const main = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url))

let acme: Installation
const cleanups: (() => unknown)[] = []

beforeAll(async () => {
  acme = await startInstallation('enterprise')
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
afterAll(() => acme.stop())

interface Received {
  headers: IncomingHttpHeaders
  raw: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events as any receiver would
  event: any
}

interface Receiver {
  url: string
  port: number
  received: Received[]
  /** As a development server that restarts: nobody listens for a while. */
  stop(): Promise<void>
  start(): Promise<void>
}

type Answer = (response: ServerResponse, received: Received) => void | Promise<void>

async function createReceiver(answer: Answer = (response) => void response.end()): Promise<Receiver> {
  const received: Received[] = []
  let http: Server
  let port = 0
  const receiver = {
    url: '',
    port,
    received,
    async start() {
      http = createServer(async (request, response) => {
        const raw = Buffer.concat(await request.toArray())
        const one = { headers: request.headers, raw, event: JSON.parse(raw.toString()) }
        received.push(one)
        await answer(response, one)
        if (!response.writableEnded) response.end()
      }).listen(port, '127.0.0.1')
      await once(http, 'listening')
      // It listens on TCP.
      port = (http.address() as AddressInfo).port
    },
    async stop() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
  await receiver.start()
  cleanups.push(() => receiver.stop().catch(() => undefined))
  return { ...receiver, url: `http://127.0.0.1:${port}/hook`, port }
}

interface Listening {
  child: ChildProcess
  lines(): Record<string, unknown>[]
  stderr(): string
  interrupt(): Promise<number | null>
}

/** As a process, which has said that it listens. */
async function listen(args: string[], env: Record<string, string> = {}): Promise<Listening> {
  const child = spawn(process.execPath, [main, 'listen', ...args], {
    env: { ...process.env, AGENTCLARA_API_KEY: acme.key, AGENTCLARA_BASE_URL: acme.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const closed = once(child, 'close')
  cleanups.push(() => void child.kill('SIGKILL'))
  await expect.poll(() => stderr, { timeout: 10_000 }).toContain('Listening.')
  return {
    child,
    lines: () =>
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    stderr: () => stderr,
    async interrupt() {
      child.kill('SIGINT')
      const [code] = await closed
      return code
    },
  }
}

async function startConversation(message: string): Promise<string> {
  const body = { channel: 'web', message, sender: 'customer', reply: 'none' }
  const answer = await acme.ask('POST /conversations', body)
  expect(answer.status).toBe(201)
  return answer.body.data.id
}

async function say(conversationId: string, content: string): Promise<void> {
  const body = { content, sender: 'human' }
  expect((await acme.ask(`POST /conversations/${conversationId}/messages`, body)).status).toBe(201)
}

const contents = (received: Received[]): unknown[] =>
  received.map(({ event }) => event.data.content).filter((content) => content !== undefined)

test('each event arrives as the API gives it, with a signature that the official packages believe', async () => {
  const receiver = await createReceiver()
  const listening = await listen(['--forward-to', receiver.url])
  const secret = /Signing secret, for this run: (whsec_\S+)/.exec(listening.stderr())?.[1] ?? ''
  await startConversation('Grüße 👋')
  await expect.poll(() => contents(receiver.received)).toEqual(['Grüße 👋'])
  const listed = await acme.ask('GET /events?order=desc&limit=3')
  expect(receiver.received.map(({ event }) => event)).toEqual(
    expect.arrayContaining(listed.body.data.slice(0, 2)),
  )
  for (const { headers, raw, event } of receiver.received) {
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': event.id })
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
    )
    expect(new Webhook(secret).verify(raw, signed)).toEqual(event)
    new SvixWebhook(secret).verify(raw, signed)
    expect(verify(headers, raw, [secret]).isValid).toBe(true)
  }
  expect(listening.lines()).toHaveLength(receiver.received.length)
  expect(listening.lines().at(-1)).toMatchObject({
    event: 'message.received',
    id: receiver.received.at(-1)?.event.id,
    status: 200,
    error: null,
    tries: 1,
  })
  expect(await listening.interrupt()).toBe(0)
  expect(listening.stderr()).toMatch(/Ended\.\n$/)
  expect(listening.stderr()).not.toContain(acme.key)
})

test('events are narrowed, and signed with the secret that was given', async () => {
  const receiver = await createReceiver()
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const env = { AGENTCLARA_WEBHOOK_SECRET: secret }
  const listening = await listen(
    ['--forward-to', receiver.url, '--events', 'conversation.closed, contact.updated'],
    env,
  )
  expect(listening.stderr()).not.toContain(secret)
  const id = await startConversation('not this')
  await acme.ask(`POST /conversations/${id}/close`, {})
  await expect.poll(() => receiver.received.map(({ event }) => event.type)).toEqual(['conversation.closed'])
  const [only] = receiver.received
  expect(verify(only?.headers ?? {}, only?.raw ?? '', [secret])).toMatchObject({ isValid: true })
})

test('within a conversation one event waits for the other, and no conversation waits for another', async () => {
  let open = 0
  let mostOpen = 0
  const busy = new Set<string>()
  const overlaps: string[] = []
  const receiver = await createReceiver(async (_response, { event }) => {
    const id = event.data.conversation_id ?? event.id
    if (busy.has(id)) overlaps.push(event.id)
    busy.add(id)
    open += 1
    mostOpen = Math.max(mostOpen, open)
    // The receiver's work: so long that events of several conversations meet.
    await delay(20)
    open -= 1
    busy.delete(id)
  })
  await listen(['--forward-to', receiver.url])
  const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => startConversation(`${index}:0`)))
  for (let round = 1; round <= 5; round++)
    await Promise.all(ids.map((id, index) => say(id, `${index}:${round}`)))
  await expect.poll(() => contents(receiver.received).length, { timeout: 10_000 }).toBe(36)
  expect(overlaps).toEqual([])
  expect(mostOpen).toBeGreaterThan(1)
  for (let index = 0; index < 6; index++) {
    const own = contents(receiver.received).filter((content) => String(content).startsWith(`${index}:`))
    expect(own).toEqual(Array.from({ length: 6 }, (_, round) => `${index}:${round}`))
  }
})

test('what happens while the server is killed and started again arrives, once', async () => {
  const receiver = await createReceiver()
  const listening = await listen(['--forward-to', receiver.url, '--events', 'message.received'])
  await startConversation('before')
  await expect.poll(() => contents(receiver.received)).toEqual(['before'])
  const { port } = new URL(acme.url)
  await acme.server.stop('SIGKILL')
  await expect.poll(() => listening.stderr()).toContain('Connection to the server lost')
  await acme.restart({ PORT: port })
  // Most likely before the stream is there again; it makes no difference.
  for (const message of ['first', 'second', 'third']) await startConversation(message)
  await expect.poll(() => contents(receiver.received), { timeout: 15_000 }).toHaveLength(4)
  await startConversation('after')
  await expect.poll(() => contents(receiver.received)).toContain('after')
  expect(contents(receiver.received).toSorted()).toEqual(['after', 'before', 'first', 'second', 'third'])
  await expect.poll(() => listening.stderr()).toContain('Connected again')
  expect(await listening.interrupt()).toBe(0)
})

test('a receiver that restarts misses nothing, and one that fails is shown', async () => {
  const receiver = await createReceiver((response, { event }) => {
    response.statusCode = event.data.content === 'bad' ? 500 : 204
  })
  const listening = await listen([
    '--forward-to',
    `127.0.0.1:${receiver.port}/hook`,
    '--events',
    'message.received',
  ])
  await receiver.stop()
  await startConversation('while away')
  await expect.poll(() => listening.stderr()).toContain('The receiver refuses connections')
  await receiver.start()
  await expect.poll(() => contents(receiver.received)).toEqual(['while away'])
  await startConversation('bad')
  await expect.poll(() => listening.lines().map(({ status }) => status)).toEqual([204, 500])
  expect(Number(listening.lines()[0]?.tries)).toBeGreaterThan(1)
  // It was answered: what the receiver made of it is its own affair.
  expect(listening.lines()[1]?.tries).toBe(1)
})

test('Ctrl-C lets what is on its way arrive', async () => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const receiver = await createReceiver(() => released)
  const listening = await listen(['--forward-to', receiver.url, '--events', 'message.received'])
  await startConversation('slow')
  await expect.poll(() => contents(receiver.received)).toEqual(['slow'])
  const ended = listening.interrupt()
  expect(listening.child.exitCode).toBe(null)
  release()
  expect(await ended).toBe(0)
  expect(listening.lines()).toMatchObject([{ status: 200 }])
})

test('a key that is revoked ends it with the server’s reason', async () => {
  const { body } = await acme.ask('POST /api_keys', { name: 'x', permissions: ['events:read'] })
  const { id, secret } = body.data
  const receiver = await createReceiver()
  const listening = await listen(['--forward-to', receiver.url], { AGENTCLARA_API_KEY: secret })
  await acme.ask(`POST /api_keys/${id}/revoke`, {})
  const [code] = await once(listening.child, 'close')
  expect(code).toBe(1)
  expect(listening.stderr()).toContain('error: Invalid API key (401).')
})

test('a live key is warned of; one without the permission, and an event that isn’t, are refused', async () => {
  const options = ['keys', 'create', '--workspace', 'Acme', '--name', 'x']
  const live = (await admin([...options, '--environment', 'live'], acme.folder.env)).trim()
  const receiver = await createReceiver()
  const listening = await listen(['--forward-to', receiver.url], { AGENTCLARA_API_KEY: live })
  expect(listening.stderr()).toContain('WARNING: this is a live key')
  expect(await listening.interrupt()).toBe(0)
  const { body } = await acme.ask('POST /api_keys', {
    name: 'y',
    permissions: ['contacts:read'],
  })
  const refused = async (secret: string, ...args: string[]) => {
    const env = { AGENTCLARA_API_KEY: secret, AGENTCLARA_BASE_URL: acme.url }
    return run(['listen', '--forward-to', receiver.url, ...args], { cwd: acme.folder.path, env })
  }
  expect(await refused(body.data.secret)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('events:read'),
  })
  expect(await refused(acme.key, '--events', 'mesage.received')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Did you mean message.received?'),
  })
})
