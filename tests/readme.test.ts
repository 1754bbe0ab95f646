/** What the README shows is run as it stands, and answers as it says. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDataFolder, type DataFolder, startServer, type TestServer } from './support/server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: DataFolder
let server: TestServer

beforeAll(async () => {
  folder = await createDataFolder()
  server = await startServer(folder.env)
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

test('the README’s commands lead from a started server to a cited answer and the events', async () => {
  const readme = await readFile(`${root}/README.md`, 'utf8')
  const blocks = [...readme.matchAll(/```sh\n([^`]*)```/g)].map(([, block = '']) => block)
  expect(blocks[0]).toBe('npm start\n')
  // The server listens on a port of its own here, and its data is in a folder of its own.
  const script = blocks.slice(1).join('\n').replaceAll('http://localhost:4000', server.url)
  const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    env: { ...process.env, ...folder.env },
  })
  expect(stdout).toMatch(/^ws_/)
  const answers = stdout
    .split(/(?=\{"success")/)
    .slice(1)
    .map((text) => JSON.parse(text).data)
  const [me, source, faq, answered, handedOff, contacts, waiting, events] = answers
  expect(me).toMatchObject({ name: 'ci', environment: 'test', workspace: { name: 'Acme' } })
  expect([source.type, faq.type]).toEqual(['text', 'faq'])
  expect(waiting.map((conversation: { id: string }) => conversation.id)).toEqual([handedOff.id])
  expect(answered.reply).toMatchObject({ content: 'Cancel up to 24 hours before your visit.' })
  expect(answered.reply.citations[0]).toMatchObject({ source_id: source.id, title: 'Handbook' })
  expect(handedOff).toMatchObject({
    handled_by: 'human',
    customer_id: answered.customer_id,
    reply: { citations: [] },
  })
  expect(contacts).toMatchObject([{ email: 'ada@example.com', conversation_count: 2 }])
  expect(events.map((event: { type: string }) => event.type)).toContain('conversation.handoff_requested')
  for (const event of ['webhook.test', 'contact.created']) expect(stderr).toContain(`received ${event}`)
})
