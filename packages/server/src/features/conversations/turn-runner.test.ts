/** Turns on several nodes: each runner here is one, with an engine of the test's own, on one database. */
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { EventLog } from '../../events/log.ts'
import { systemClock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import type { EngineReply, Question } from '../agent/engine.ts'
import { TurnRunner, type TurnRunnerOptions } from './turn-runner.ts'
import { type ClaimedTurn, claimAbandonedTurns } from './turn-store.ts'

const NEVER_MS = 600_000
const poll = { interval: 5, timeout: 15_000 }

let server: TestApp
let key: string
const runners: TurnRunner[] = []

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
  // The server's own runner takes no part.
  await server.app.turns.close()
})
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.close()))
  await server.db.deleteFrom('turns').execute()
})
afterAll(() => server.close())

type Reply = (question: Question) => Promise<EngineReply>

function createRunner(reply: Reply, limits: Partial<TurnRunnerOptions> = {}): TurnRunner {
  const runner = new TurnRunner({
    db: server.db,
    events: new EventLog(systemClock),
    clock: systemClock,
    engine: { reply },
    handoffText: 'A person will write.',
    log: pino({ level: 'silent' }),
    rescueIntervalMs: NEVER_MS,
    renewIntervalMs: NEVER_MS,
    ...limits,
  })
  runners.push(runner)
  return runner
}

const say = (text: string): EngineReply => ({ kind: 'answer', text, citations: [], confidence: 1 })
const never: Reply = () => new Promise(() => {})

/** An engine that answers when it is told to, whatever its signal says. */
function heldEngine() {
  const { promise, resolve } = Promise.withResolvers<EngineReply>()
  const asked: Question[] = []
  const reply: Reply = (question) => {
    asked.push(question)
    return promise
  }
  return { asked, reply, answer: (text: string) => resolve(say(text)) }
}

/** A conversation with these messages of its customer, and a turn for the last one whose lease is over. */
async function abandon(messages: string[] = ['Hi'], attempts = 1): Promise<Id<'turn'>> {
  const post = (path: string, body: unknown) => server.request(`POST /v1${path}`, { key, body })
  const conversation = (await post('/conversations', { channel: 'web' })).body.data.id
  let message = ''
  for (const content of messages) {
    const body = { content, sender: 'customer', reply: 'none' }
    message = (await post(`/conversations/${conversation}/messages`, body)).body.data.id
  }
  const { environment_id } = await server.db
    .selectFrom('conversations')
    .select('environment_id')
    .where('id', '=', conversation)
    .executeTakeFirstOrThrow()
  const id = newId('turn')
  const row = { id, environment_id, conversation_id: conversation, message_id: message as Id<'msg'> }
  const state = { status: 'running' as const, control_version: 0, attempts, finished_at: null }
  await server.db
    .insertInto('turns')
    .values({ ...row, ...state, lease_expires_at: new Date(0), created_at: new Date() })
    .execute()
  return id
}

async function claim(): Promise<ClaimedTurn> {
  const [turn] = await claimAbandonedTurns(server.db, 1, NEVER_MS)
  if (turn === undefined) throw new Error('no turn to claim')
  return turn
}

const getTurn = (id: Id<'turn'>) =>
  server.db.selectFrom('turns').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const isFree = async (id: Id<'turn'>) => (await getTurn(id)).lease_expires_at.getTime() <= Date.now()
const loseLease = (id: Id<'turn'>) =>
  server.db
    .updateTable('turns')
    .set({ lease_expires_at: new Date(0) })
    .where('id', '=', id)
    .execute()

async function repliesIn(turn: ClaimedTurn): Promise<string[]> {
  const { body } = await server.request(`GET /v1/conversations/${turn.conversationId}`, { key })
  const messages: { sender: string; content: string }[] = body.data.messages
  return messages.filter(({ sender }) => sender === 'assistant').map(({ content }) => content)
}

test('abandoned turns of many batches are all taken up by one look, no more at once than the node may run', async () => {
  const ids: Id<'turn'>[] = []
  for (let i = 0; i < 70; i++) ids.push(await abandon())
  let running = 0
  let most = 0
  const runner = createRunner(
    async () => {
      running += 1
      most = Math.max(most, running)
      await server.db.selectFrom('turns').select('id').limit(1).execute()
      running -= 1
      return say('Hello!')
    },
    { maxRunning: 30 },
  )
  runner.startUpkeep()
  const left = () => server.db.selectFrom('turns').select('id').where('status', '=', 'running').execute()
  await expect.poll(left, poll).toEqual([])
  expect(most).toBeLessThanOrEqual(30)
})

test('new turns beyond what the node may run wait for room, and each is finished', async () => {
  const { asked, reply, answer } = heldEngine()
  const runner = createRunner(reply, { maxRunning: 2 })
  const work: Promise<{ status: string }>[] = []
  for (let i = 0; i < 5; i++) {
    await abandon()
    work.push(runner.start(await claim()))
  }
  await expect.poll(() => asked.length, poll).toBe(2)
  answer('Hello!')
  expect((await Promise.all(work)).map(({ status }) => status)).toEqual(Array(5).fill('succeeded'))
})

test('a turn that is taken up again asks all that the customer wrote since the last answer', async () => {
  await abandon(['When are you open?', 'Hello?'])
  expect((await claim()).question).toEqual({ text: 'When are you open?\nHello?', latest: 'Hello?' })
})

test('a question has at most 20 messages and 20,000 characters, the latest ones', async () => {
  await abandon(Array.from({ length: 25 }, (_, i) => `m${i}`))
  const many = (await claim()).question.text.split('\n')
  expect(many).toEqual(Array.from({ length: 20 }, (_, i) => `m${i + 5}`))
  await abandon(['old', 'a'.repeat(9_000), 'b'.repeat(9_000), 'c'.repeat(5_000)])
  expect((await claim()).question.text).toBe(`${'b'.repeat(9_000)}\n${'c'.repeat(5_000)}`)
})

test('what somebody answered, or wrote as a note, is no part of the question', async () => {
  const post = (path: string, body: unknown) => server.request(`POST /v1${path}`, { key, body })
  const { id } = (await post('/conversations', { channel: 'web' })).body.data
  const write = (content: string, sender: string, visibility = 'public', reply = 'none') =>
    post(`/conversations/${id}/messages`, { content, sender, visibility, reply })
  await write('answered', 'customer')
  await write('answer', 'assistant')
  await write('first', 'customer')
  await write('note', 'human', 'internal')
  const { body } = await write('second', 'customer', 'public', 'async')
  await loseLease(body.data.turn.id)
  expect((await claim()).question.text).toBe('first\nsecond')
})

test('a reply of a node that lost the turn does not land, while the node that has it still works', async () => {
  const id = await abandon()
  const slow = heldEngine()
  const first = await claim()
  const late = createRunner(slow.reply).start(first)
  await expect.poll(() => slow.asked.length, poll).toBe(1)
  await loseLease(id)
  const current = heldEngine()
  const second = createRunner(current.reply).start(await claim())
  await expect.poll(() => current.asked.length, poll).toBe(1)
  slow.answer('from the old node')
  expect((await late).status).toBe('superseded')
  expect(await repliesIn(first)).toEqual([])
  current.answer('from the new node')
  expect((await second).status).toBe('succeeded')
  expect(await repliesIn(first)).toEqual(['from the new node'])
})

test('a turn that takes longer than its lease stays with the node that works on it', async () => {
  const leaseMs = 1_000
  const limits = { leaseMs, renewIntervalMs: 100, rescueIntervalMs: 50 }
  const { asked, reply, answer } = heldEngine()
  const id = await abandon()
  createRunner(reply, limits).startUpkeep()
  await expect.poll(() => asked.length, poll).toBe(1)
  const firstEnd = (await getTurn(id)).lease_expires_at.getTime()
  createRunner(reply, limits).startUpkeep()
  await expect.poll(() => Date.now(), poll).toBeGreaterThan(firstEnd + 2 * leaseMs)
  expect(await getTurn(id)).toMatchObject({ status: 'running', attempts: 2 })
  answer('Hello!')
  await expect.poll(async () => (await getTurn(id)).status, poll).toBe('succeeded')
  expect(asked).toHaveLength(1)
})

test('a node neither renews nor gives back a turn that another one has taken', async () => {
  const id = await abandon()
  const former = createRunner(never, { renewIntervalMs: 5 })
  const work = former.start(await claim())
  await loseLease(id)
  await claim()
  const { lease_expires_at: end } = await getTurn(id)
  former.startUpkeep()
  await abandon()
  const other = former.start(await claim())
  await expect
    .poll(async () => {
      const rows = await server.db.selectFrom('turns').select(['id', 'lease_expires_at']).execute()
      return rows.find((row) => row.id !== id && row.lease_expires_at.getTime() < Date.now() + 60_000)
    }, poll)
    .toBeDefined()
  expect((await getTurn(id)).lease_expires_at).toEqual(end)
  await former.close()
  expect((await getTurn(id)).lease_expires_at).toEqual(end)
  await expect(Promise.allSettled([work, other])).resolves.toHaveLength(2)
})

test('what is not done when the server stops is given back at once and finished by another node', async () => {
  const id = await abandon()
  const stopping = createRunner(never)
  const work = stopping.start(await claim())
  await stopping.drain(1)
  await expect(work).rejects.toThrow()
  expect(await isFree(id)).toBe(true)
  createRunner(async () => say('Hello!')).startUpkeep()
  await expect.poll(async () => (await getTurn(id)).status, poll).toBe('succeeded')
})

test('turns that are soon done are finished while the server stops', async () => {
  const id = await abandon()
  const { asked, reply, answer } = heldEngine()
  const stopping = createRunner(reply)
  void stopping.start(await claim())
  await expect.poll(() => asked.length, poll).toBe(1)
  const drained = stopping.drain(15_000)
  answer('Hello!')
  await drained
  expect((await getTurn(id)).status).toBe('succeeded')
})

test('a turn that a last request begins after the others were given back is given back too', async () => {
  await abandon()
  const stopping = createRunner(never)
  void stopping.start(await claim()).catch(() => {})
  await stopping.drain(1)
  const id = await abandon()
  const late = stopping.start(await claim())
  expect(await stopping.wait(late, NEVER_MS)).toBeUndefined()
  await expect(late).rejects.toThrow()
  expect(await isFree(id)).toBe(false)
  await stopping.close()
  expect(await isFree(id)).toBe(true)
})

test('who waits for a turn when the server has stopped waits no longer', async () => {
  const stopped = createRunner(never)
  await stopped.close()
  expect(await stopped.wait(new Promise(() => {}), NEVER_MS)).toBeUndefined()
})

test('an engine that never answers and heeds no signal is given up after two tries', async () => {
  await abandon()
  let tries = 0
  const runner = createRunner(
    (question) => {
      expect(question.signal.aborted).toBe(false)
      tries += 1
      return never(question)
    },
    { engineTimeoutMs: 20 },
  )
  const turn = await claim()
  expect((await runner.start(turn)).status).toBe('failed')
  expect(tries).toBe(2)
  expect(await repliesIn(turn)).toEqual(['A person will write.'])
})

test('a turn that is claimed a fourth time goes to a person without asking the engine', async () => {
  const asked: string[] = []
  const reply: Reply = async ({ text }) => {
    asked.push(text)
    return say('Hello!')
  }
  await abandon(['third claim'], 2)
  expect((await createRunner(reply).start(await claim())).status).toBe('succeeded')
  await abandon(['fourth claim'], 3)
  const turn = await claim()
  expect((await createRunner(reply).start(turn)).status).toBe('failed')
  expect(asked).toEqual(['third claim'])
  expect(await repliesIn(turn)).toEqual(['A person will write.'])
  const { body } = await server.request(`GET /v1/conversations/${turn.conversationId}`, { key })
  expect(body.data.handled_by).toBe('human')
})
