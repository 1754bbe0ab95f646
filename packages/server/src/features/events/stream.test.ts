/** The stream of events: resumed without gap or duplicate, narrowed, of one environment, and over when it must be. */
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { EventStreams, type EventStreamsOptions, type StreamRequest } from './stream.ts'

let server: TestApp
let url: string
let key: string
let environmentId: string

beforeAll(async () => {
  server = await createTestApp({ env: { PORT: '0' } })
  url = await server.app.listen()
  key = await server.createKey('test')
  environmentId = (await server.app.workspaces.getScope('Acme', 'test')).environmentId
})
afterAll(() => server.close())

interface Seen {
  id: number
  event: { id: string; type: string; sequence: number; environment: string; data: Record<string, unknown> }
}

interface Stream {
  response: IncomingMessage
  events: Seen[]
  /** The last id that was sent, with an event or without. */
  lastId(): string
  text(): string
  ended: Promise<void>
  drop(): void
}

interface OpenOptions {
  secret?: string
  headers?: Record<string, string>
  base?: string
}

async function open(
  query = '',
  { secret = key, headers = {}, base = url }: OpenOptions = {},
): Promise<Stream> {
  const request = httpRequest(`${base}/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${secret}`, ...headers },
    agent: false,
  }).end()
  // It is the answer to a request.
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  const events: Seen[] = []
  const ended = new Promise<void>((resolve) => response.once('close', resolve))
  response.on('error', () => undefined)
  let lastId = ''
  let rest = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const id = /^id: (\d+)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      lastId = id ?? lastId
      if (data !== undefined) events.push({ id: Number(id), event: JSON.parse(data) })
    }
  })
  const stream = {
    response,
    events,
    lastId: () => lastId,
    text: () => text,
    ended,
    drop: () => void request.destroy(),
  }
  if (response.statusCode === 200) await expect.poll(() => lastId).not.toBe('')
  return stream
}

async function createContact(name: string, secret = key): Promise<string> {
  const { status, body } = await server.request('POST /v1/contacts', { key: secret, body: { name } })
  expect(status).toBe(201)
  return body.data.id
}

const names = (stream: Stream): unknown[] => stream.events.map(({ event }) => event.data.name ?? event.type)

test('events come as the list gives them, from now on, soon after they were committed', async () => {
  await createContact('before')
  const stream = await open()
  expect(stream.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  expect(stream.response.headers).toHaveProperty('ratelimit')
  await createContact('after')
  await expect.poll(() => names(stream)).toEqual(['after'])
  const { body } = await server.request('GET /v1/events?limit=1', { key })
  expect(stream.events[0]).toEqual({ id: body.data[0].sequence, event: body.data[0] })
  stream.drop()
})

test('a client that lost the connection before the first event misses none', async () => {
  const stream = await open()
  stream.drop()
  await createContact('meanwhile')
  for (const again of [
    await open('', { headers: { 'last-event-id': stream.lastId() } }),
    await open(`?last_event_id=${stream.lastId()}`),
    // The header is what a client adds when it comes back to the same URL.
    await open('?last_event_id=0', { headers: { 'last-event-id': stream.lastId() } }),
  ]) {
    await expect.poll(() => names(again)).toEqual(['meanwhile'])
    again.drop()
  }
})

test('while many write, a client that is cut off again and again sees each event once, in order', async () => {
  const insert = `INSERT INTO events (id, environment_id, type, data, created_at) VALUES ($1, $2, 'contact.created', '{}', now())`
  const before = await open()
  before.drop()
  const written: string[] = []
  let isWriting = true
  let connections = 0
  const writers = Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      // On until the client was cut off often enough, however slow it is to come back.
      for (let round = 0; round < 80 || connections < 4; round++) {
        const ids = Array.from(
          { length: 1 + ((writer + round) % 4) },
          (__, i) => `evt_s${writer}_${round}_${i}`,
        )
        await client.query('BEGIN')
        if (round % 3 === 0) await client.query('SELECT pg_current_xact_id()')
        for (const id of ids) await client.query(insert, [id, environmentId])
        if (round % 7 === writer) await client.query('ROLLBACK')
        else {
          await client.query('COMMIT')
          written.push(...ids)
        }
      }
      await client.end()
    }),
  ).then(() => {
    isWriting = false
  })
  const seen: Seen[] = []
  let lastId = before.lastId()
  for (let isLast = false; !isLast; ) {
    isLast = !isWriting
    const stream = await open('', { headers: { 'last-event-id': lastId } })
    connections += 1
    // As many as come until it breaks; in the end all of them.
    const enough = 1 + ((connections * 37) % 150)
    if (isLast)
      await expect.poll(() => seen.length + stream.events.length).toBeGreaterThanOrEqual(written.length)
    else await expect.poll(() => stream.events.length >= enough || !isWriting).toBe(true)
    stream.drop()
    await stream.ended
    seen.push(...stream.events)
    lastId = stream.lastId()
  }
  await writers
  expect(connections).toBeGreaterThan(3)
  expect(seen.map(({ event }) => event.id).toSorted()).toEqual(written.toSorted())
  expect(seen.map(({ id }) => id)).toEqual(seen.map(({ id }) => id).toSorted((a, b) => a - b))
})

test('it is narrowed to types and to a conversation, also when resumed', async () => {
  const { body } = await server.request('POST /v1/conversations', {
    key,
    body: { channel: 'web', message: 'Hello', sender: 'customer', reply: 'none' },
  })
  const id: string = body.data.id
  const live = await open(`?conversation_id=${id}`)
  const some = await open('?types=message.received,%20conversation.closed')
  await createContact('not this')
  await server.request(`POST /v1/conversations/${id}/messages`, {
    key,
    body: { content: 'Hi', sender: 'human' },
  })
  await server.request(`POST /v1/conversations/${id}/close`, { key })
  const told = ['message.sent', 'conversation.updated', 'conversation.updated', 'conversation.closed']
  await expect.poll(() => live.events.map(({ event }) => event.type)).toEqual(told)
  await expect.poll(() => some.events.map(({ event }) => event.type)).toEqual(['conversation.closed'])
  const from = { headers: { 'last-event-id': '0' } }
  const resumed = await open(`?conversation_id=${id}&types=message.received,message.sent`, from)
  await expect
    .poll(() => resumed.events.map(({ event }) => event.type))
    .toEqual(['message.received', 'message.sent'])
  for (const stream of [live, some, resumed]) stream.drop()
})

test('no event of another environment or workspace is in it, new or old', async () => {
  await server.createWorkspace('Other')
  const others = [await server.createKey('live'), await server.createKey('test', ['*'], 'Other')]
  const streams = [await open(), await open('', { headers: { 'last-event-id': '0' } })]
  for (const other of others) await createContact('foreign', other)
  await createContact('own')
  for (const stream of streams) {
    await expect.poll(() => names(stream)).toContain('own')
    expect(names(stream)).not.toContain('foreign')
    expect(stream.events.every(({ event }) => event.environment === 'test')).toBe(true)
    stream.drop()
  }
  const foreign = await open('', { secret: others[0] ?? '', headers: { 'last-event-id': '0' } })
  await expect.poll(() => names(foreign)).toContain('foreign')
  expect(foreign.events.every(({ event }) => event.environment === 'live')).toBe(true)
  foreign.drop()
})

describe('it ends before the next event', () => {
  const changes: [string, (id: string, secret: string) => Promise<unknown>][] = [
    ['when its key is revoked', (id) => server.request(`POST /v1/api_keys/${id}/revoke`, { key })],
    [
      'when its key loses the permission',
      (id) => server.request(`PATCH /v1/api_keys/${id}`, { key, body: { permissions: ['contacts:read'] } }),
    ],
    [
      'when its key may no longer be used from there',
      (id) => server.request(`PATCH /v1/api_keys/${id}`, { key, body: { ip_allowlist: ['192.0.2.0/24'] } }),
    ],
  ]
  test.each(changes)('%s', async (_when, change) => {
    const secret = await server.createKey('test', ['events:read'])
    const stream = await open('', { secret })
    const me = await server.request('GET /v1/me', { key: secret })
    await createContact('may be seen')
    await expect.poll(() => names(stream)).toContain('may be seen')
    await change(me.body.data.id, secret)
    await createContact('may not be seen')
    await stream.ended
    expect(names(stream)).not.toContain('may not be seen')
    expect(stream.response.complete).toBe(true)
    expect(stream.text()).toContain(': this key may not read events any more')
  })
})

test('what can’t be asked for is refused before the stream begins', async () => {
  const refused = async (query: string, headers = {}) => {
    const { status, body } = await server.request(`GET /v1/events/stream${query}`, { key, headers })
    return [status, body.code, body.param]
  }
  expect(await refused('?types=mesage.received')).toEqual([400, 'validation_failed', 'types'])
  expect(await refused('?last_event_id=abc')).toEqual([400, 'validation_failed', 'last_event_id'])
  const header = { 'last-event-id': '-1' }
  expect(await refused('', header)).toEqual([400, 'validation_failed', 'Last-Event-ID'])
  const future = { 'last-event-id': String(Number.MAX_SAFE_INTEGER) }
  expect(await refused('', future)).toEqual([400, 'validation_failed', 'Last-Event-ID'])
  expect((await server.request('GET /v1/events/stream?types=mesage.received', { key })).body.hint).toBe(
    'Did you mean message.received?',
  )
  const { status } = await server.request('GET /v1/events/stream', {
    key: await server.createKey('test', ['contacts:read']),
  })
  expect(status).toBe(403)
  const head = await server.request('HEAD /v1/events/stream', { key })
  expect([head.status, head.text]).toEqual([200, ''])
})

test('a key has ten streams, and another one as soon as one of them is gone', async () => {
  const secret = await server.createKey('test', ['events:read'])
  const streams = await Promise.all(Array.from({ length: 10 }, () => open('', { secret })))
  const before = Number(
    (await server.request('GET /v1/me', { key: secret })).headers['x-ratelimit-remaining'],
  )
  const refused = await server.request('GET /v1/events/stream', { key: secret })
  const after = await server.request('GET /v1/me', { key: secret })
  // The one that was refused cost nothing.
  expect(Number(after.headers['x-ratelimit-remaining'])).toBe(before - 1)
  expect(refused.body).toMatchObject({ code: 'rate_limited', details: { policy: 'event_streams' } })
  expect(refused.headers['retry-after']).toBe('5')
  const other = await open('', { secret: await server.createKey('test', ['events:read']) })
  other.drop()
  streams[0]?.drop()
  await expect
    .poll(async () => {
      const stream = await open('', { secret })
      stream.drop()
      return stream.response.statusCode
    })
    .toBe(200)
  for (const stream of streams) stream.drop()
  await expect.poll(() => server.app.eventStreams.open).toBe(0)
})

test('a server that is told to stop ends its streams at once, and clients come back to where they were', async () => {
  const other = await createTestApp({ env: { PORT: '0' } })
  const base = await other.app.listen()
  const secret = await other.createKey()
  const stream = await open('', { base, secret })
  const startedMs = performance.now()
  const closed = other.app.close()
  await stream.ended
  expect(stream.response.complete).toBe(true)
  await closed
  expect(performance.now() - startedMs).toBeLessThan(2_000)
  expect(stream.lastId()).toMatch(/^\d+$/)
  await other.close().catch(() => undefined)
})

describe('a stream of its own', () => {
  /** Beside those of the server, with times that a test can wait for. */
  async function start(options: Partial<EventStreamsOptions>, request: Partial<StreamRequest> = {}) {
    const streams = new EventStreams({
      db: server.db,
      tail: server.app.eventTail,
      onError: (error) => expect.unreachable(String(error)),
      ...options,
    })
    const over = new AbortController()
    let isCut = false
    const out = await streams.start({
      caller: await server.app.workspaces.getScope('Acme', 'test'),
      callerId: 'key_x',
      mayStillRead: async () => true,
      over,
      cut: () => {
        isCut = true
      },
      ...request,
    })
    return { streams, over, out, isCut: () => isCut }
  }

  test.each([
    ['its workspace', { maxPerWorkspace: 2 }],
    ['the server', { maxOpen: 2 }],
  ])(
    'it is refused when %s has as many as it may have, whatever keys they are of',
    async (_owner, limits) => {
      const scope = await server.app.workspaces.getScope('Acme', 'test')
      const streams = new EventStreams({
        db: server.db,
        tail: server.app.eventTail,
        onError: (error) => expect.unreachable(String(error)),
        ...limits,
      })
      const overs: AbortController[] = []
      const startFor = (callerId: `key_${string}`) => {
        const over = new AbortController()
        overs.push(over)
        return streams.start({
          caller: scope,
          callerId,
          mayStillRead: async () => true,
          over,
          cut: () => undefined,
        })
      }
      await startFor('key_1')
      await startFor('key_2')
      const refused = { code: 'rate_limited', options: { details: { policy: 'event_streams' } } }
      await expect(startFor('key_3')).rejects.toMatchObject(refused)
      overs[0]?.abort()
      await expect.poll(() => streams.open).toBe(1)
      await startFor('key_3')
      await expect(startFor('key_4')).rejects.toMatchObject(refused)
      await streams.close()
    },
  )

  test('a client that takes nothing is cut when it has had its time, and nothing is left of it', async () => {
    await createLargeEvents(20)
    const { streams, out, isCut } = await start({ stallMs: 100 }, { lastEventId: 0 })
    await expect.poll(isCut).toBe(true)
    await expect.poll(() => streams.open).toBe(0)
    // No more is held than one event beyond what was allowed to wait.
    expect(out.readableLength + out.writableLength).toBeLessThan(200_000)
  })

  test('something is sent while nothing happens, with the id to come back with', async () => {
    const { streams, out } = await start({ keepAliveMs: 30, checkMs: 10 })
    let text = ''
    out.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    await expect.poll(() => text.match(/^: \nid: \d+\n\n/gm)?.length).toBeGreaterThan(2)
    await streams.close()
    await once(out, 'end')
  })

  test('it ends without an event, too, when its key may no longer read', async () => {
    let may = true
    const { streams, out } = await start({ checkMs: 10 }, { mayStillRead: async () => may })
    out.resume()
    may = false
    await once(out, 'end')
    await expect.poll(() => streams.open).toBe(0)
  })
})

test('a client that reads nothing holds no other client up', async () => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.pause()
  socket.write(
    `GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nLast-Event-ID: 0\r\n\r\n`,
  )
  await expect.poll(() => server.app.eventStreams.open).toBeGreaterThan(0)
  const reading = await open()
  await createLargeEvents(1_200)
  await expect.poll(() => reading.events.length, { timeout: 20_000 }).toBe(1_200)
  reading.drop()
  socket.destroy()
  await expect.poll(() => server.app.eventStreams.open).toBe(0)
})

async function createLargeEvents(count: number): Promise<void> {
  const insert = `INSERT INTO events (id, environment_id, type, data, created_at)
    SELECT 'evt_' || gen_random_uuid(), $1, 'contact.updated', json_build_object('text', repeat('x', 20000)), now()
    FROM generate_series(1, $2::int)`
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(insert, [environmentId, count])
  await client.end()
}
