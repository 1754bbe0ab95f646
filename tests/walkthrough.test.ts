/** The first walk through the product: from an empty folder to a cited answer, with two commands and HTTP. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installation, startInstallation } from './support/installation.ts'
import { admin, call } from './support/server.ts'

let acme: Installation

beforeAll(async () => {
  acme = await startInstallation()
})
afterAll(() => acme.stop())

test('a real document, a customer’s question, a right and cited answer', async () => {
  const fastify = dirname(createRequire(import.meta.url).resolve('fastify/package.json'))
  const content = await readFile(join(fastify, 'docs/Reference/LTS.md'), 'utf8')
  const source = await acme.ask('POST /knowledge/sources', {
    type: 'markdown',
    title: 'Long Term Support',
    content,
  })
  expect(source.status).toBe(201)

  const { status, body } = await acme.ask('POST /conversations', {
    channel: 'email',
    customer_email: 'Ada@Example.com',
    customer_name: 'Ada',
    sender: 'customer',
    message: 'How long are major releases supported?',
    reply: 'wait',
  })
  expect(status).toBe(201)
  expect(body.data.turn.status).toBe('succeeded')
  const { reply } = body.data
  expect(reply.citations.map((citation: { quote: string }) => citation.quote).join(' ')).toMatch(
    /minimum period of\s+six months/,
  )
  for (const { source_id: id, start, end, quote } of reply.citations) {
    expect(id).toBe(source.body.data.id)
    expect(content.slice(start, end)).toBe(quote)
  }

  const conversation = await acme.ask(`GET /conversations/${body.data.id}`)
  expect(conversation.body.data.messages).toMatchObject([
    { sender: 'customer', content: 'How long are major releases supported?' },
    { sender: 'assistant', content: reply.content },
  ])
  const events = await acme.ask('GET /events?order=asc')
  expect(events.body.data.map((event: { type: string }) => event.type)).toEqual([
    'api_key.created',
    'contact.created',
    'conversation.created',
    'message.received',
    'message.sent',
  ])
})

test('the admin command works while the server runs and while it doesn’t, and prints the result alone', async () => {
  expect(await admin(['workspaces', 'create', '--name', 'Second'], acme.folder.env)).toMatch(
    /^ws_[0-9a-z]{26}\n$/,
  )
  await acme.server.stop()
  const printed = await admin(
    [
      'keys',
      'create',
      '--workspace',
      'second',
      '--environment',
      'live',
      '--name',
      'ci',
      '--permissions',
      'contacts:read,events:read',
    ],
    acme.folder.env,
  )
  expect(printed).toMatch(/^sk_live_[0-9A-Za-z]{30}\n$/)
  await acme.restart()
  const me = await call(acme.url, printed.trim(), 'GET /me')
  expect(me.body.data).toMatchObject({ environment: 'live', permissions: ['contacts:read', 'events:read'] })
})

test('wrong usage of the admin command says what is wrong, exits with 2 and prints nothing on stdout', async () => {
  const { run } = await import('./support/server.ts')
  const cases: [string[], RegExp][] = [
    [[], /What should be done\?/],
    [['keys', 'destroy'], /no command "keys destroy"/],
    [['workspaces', 'create'], /--name is missing/],
    [['keys', 'create', '--workspace', 'Acme', '--environment', 'prod', '--name', 'x'], /test or live/],
    [['keys', 'creat'], /did you mean "keys create"/],
    [['workspaces', 'create', '--nam', 'x'], /no option --nam: did you mean --name/],
    [['workspaces', 'create', 'Acme'], /Give each value with its option/],
    [
      [
        'keys',
        'create',
        '--workspace',
        'Acme',
        '--environment',
        'test',
        '--name',
        'x',
        '--permissions',
        'contact:read',
      ],
      /did you mean contacts:read/,
    ],
  ]
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await run('admin.ts', args, acme.folder.env).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  }
  const missing = ['keys', 'create', '--workspace', 'Nobody', '--environment', 'test', '--name', 'x']
  const { code, stderr } = await run('admin.ts', missing, acme.folder.env).ended
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'There is no workspace "Nobody": the command "workspaces list" shows those that are there\n',
  })
})
