/** `agentclara trigger` against a real server: every event that a call can cause really happens, and only that is left. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { others, recipes } from '../packages/cli/src/commands/trigger-recipes.ts'
import { newSecret, run } from '../packages/cli/src/testing/command.ts'
import { eventTypes } from '../packages/server/src/events/types.ts'
import { type Installation, startInstallation } from './support/installation.ts'

let acme: Installation

beforeAll(async () => {
  acme = await startInstallation('enterprise')
})
afterAll(() => acme.stop())

async function trigger(args: string[], secret = acme.key) {
  const env = { AGENTCLARA_API_KEY: secret, AGENTCLARA_BASE_URL: acme.url }
  return run(['trigger', ...args], { cwd: acme.folder.path, env })
}

test('every event that there is either can be triggered or has what causes it beside it', () => {
  expect([...Object.keys(recipes), ...Object.keys(others)].toSorted()).toEqual(eventTypes.toSorted())
})

test.each(Object.keys(recipes))('%s happens, and its id is told', async (event) => {
  const { exitCode, stdout, stderr } = await trigger([event])
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  const told = JSON.parse(stdout)
  const { status, body } = await acme.ask(`GET /events/${told.id}`)
  expect(status).toBe(200)
  const { event: _, id: __, sequence, ...subject } = told
  expect(body.data).toMatchObject({ type: event, sequence, environment: 'test', data: subject })
})

test('keys that were made for it don’t work any more', async () => {
  const { body } = await acme.ask('GET /api_keys?limit=100')
  const made = body.data.filter(({ name }: { name: string }) => /agentclara trigger/.test(name))
  expect(made.length).toBeGreaterThanOrEqual(10)
  expect(new Set(made.map(({ status }: { status: string }) => status))).toEqual(new Set(['revoked']))
})

test('--override changes the call that --list names; what it doesn’t take is refused with the field’s name', async () => {
  const text = await trigger(['message.received', '--override', 'message=Do you deliver?'])
  const sent = await acme.ask(`GET /events/${JSON.parse(text.stdout).id}`)
  expect(sent.body.data.data).toMatchObject({ content: 'Do you deliver?' })
  const inner = await trigger([
    'conversation.updated',
    ...['--override', 'metadata.order=4711', '--override', 'metadata.note=x', '--override', 'tags=["a","b"]'],
  ])
  const changed = await acme.ask(`GET /events/${JSON.parse(inner.stdout).id}`)
  expect(changed.body.data.data).toMatchObject({ metadata: { order: 4711, note: 'x' }, tags: ['a', 'b'] })
  const wrong = await trigger(['message.received', '--override', 'mesage=x'])
  expect(wrong.exitCode).toBe(1)
  expect(wrong.stderr).toMatch(/mesage/)
})

test('without events:read it happens and only the id is missing; without the permission it says which', async () => {
  const { body } = await acme.ask('POST /api_keys', {
    name: 'writer',
    permissions: ['contacts:write'],
  })
  const { secret } = body.data
  const made = await trigger(['contact.created'], secret)
  expect(JSON.parse(made.stdout)).toMatchObject({ event: 'contact.created', id: null })
  expect([made.exitCode, made.stderr]).toEqual([
    0,
    'The event’s id is not told: the key has no events:read.\n',
  ])
  const refused = await trigger(['message.received'], secret)
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain('conversations:write')
})

test('a key that the server doesn’t know is said to be that', async () => {
  const { exitCode, stderr } = await trigger(['contact.created'], newSecret('test'))
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^error: Invalid API key \(401\)\.\n {2}\S/)
})
