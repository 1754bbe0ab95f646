/** What was acknowledged is there after the worst end a process can have. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installation, startInstallation } from './support/installation.ts'

let acme: Installation

beforeAll(async () => {
  acme = await startInstallation('enterprise')
})
afterAll(() => acme.stop())

test('after kill -9 during 1,000 posts every message that was answered 201 is there, with its event', async () => {
  const conversations = await Promise.all(
    Array.from(
      { length: 10 },
      async () => (await acme.ask('POST /conversations', { channel: 'web' })).body.data.id as string,
    ),
  )
  const acknowledged = new Set<string>()
  let posted = 0
  const post = async (): Promise<void> => {
    while (posted < 1_000) {
      const number = posted++
      const route = `POST /conversations/${conversations[number % 10]}/messages`
      const answer = await acme.ask(route, { content: `message ${number}` }).catch(() => undefined)
      if (answer === undefined) return
      expect(answer.status).toBe(201)
      acknowledged.add(answer.body.data.id)
      if (acknowledged.size === 400) acme.server.child.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: 16 }, post))
  await acme.server.ended
  expect(acknowledged.size).toBeGreaterThanOrEqual(400)
  expect(acknowledged.size).toBeLessThan(1_000)

  await acme.restart()
  const stored = new Set<string>()
  const told = new Set<string>()
  for (const id of conversations) {
    for (let cursor = ''; ; ) {
      const { body } = await acme.ask(`GET /conversations/${id}/messages?limit=100${cursor}`)
      for (const message of body.data) stored.add(message.id)
      if (!body.pagination.has_more) break
      cursor = `&cursor=${body.pagination.next_cursor}`
    }
  }
  for (let after = 0; ; ) {
    const { body } = await acme.ask(
      `GET /events?order=asc&limit=100&type=message.sent&after_sequence=${after}`,
    )
    if (body.data.length === 0) break
    for (const event of body.data) told.add(event.data.message_id)
    after = body.data.at(-1).sequence
  }
  for (const id of acknowledged) {
    expect(stored.has(id)).toBe(true)
    expect(told.has(id)).toBe(true)
  }
  // A message and its event are one transaction: whatever was stored was told, and the other way round.
  expect(told).toEqual(stored)
})

test('a reply that was owed when the server was killed is written after its restart', async () => {
  const { body } = await acme.ask('POST /conversations', {
    channel: 'web',
    sender: 'customer',
    message: '[[slow 3s]] [[say Here I am.]]',
  })
  expect(body.data.turn.status).toBe('running')
  acme.server.child.kill('SIGKILL')
  await acme.server.ended
  await acme.restart()
  await expect
    .poll(async () => (await acme.ask(`GET /conversations/${body.data.id}`)).body.data.last_message, {
      timeout: 90_000,
      interval: 500,
    })
    .toBe('Here I am.')
}, 120_000)
