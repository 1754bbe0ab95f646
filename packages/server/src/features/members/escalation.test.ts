/** What somebody tried to do to others by what a role in a workspace of their own allows. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { welcome } from '../../testing/people.ts'
import { startMailbox } from '../sign-in/testing/mailbox.ts'

let mailbox: Awaited<ReturnType<typeof startMailbox>>
let server: TestApp

// Passwords are slow to check, on purpose.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  mailbox = await startMailbox()
  server = await createTestApp({
    clock: new TestClock(),
    env: { ...mailbox.env, AGENTCLARA_SIGN_UP: 'open' },
  })
})
afterAll(async () => {
  await server.close()
  await mailbox.close()
})

test('nobody is buried in invitations, however many workspaces they are to; others are invited meanwhile', async () => {
  const thief = await welcome(server, 'Mallory')
  const statuses: number[] = []
  for (const name of ['One', 'Two', 'Three']) {
    const workspace = (await thief.ask('POST /workspaces', { body: { name } })).body.data.id
    const body = { email: 'Victim@example.com', role: 'viewer' }
    const made = await thief.ask('POST /invitations', { workspace, body })
    statuses.push(made.status)
    const { id } = made.body.data ?? {}
    for (let again = 0; id !== undefined && again < 5; again++) {
      const sent = await thief.ask(`POST /invitations/${id}/resend`, { workspace, body: {} })
      statuses.push(sent.status)
    }
  }
  expect(statuses.filter((status) => status < 300)).toHaveLength(5)
  expect(statuses).toContain(429)
  expect(
    (await thief.ask('POST /invitations', { body: { email: 'friend@example.com', role: 'viewer' } })).status,
  ).toBe(201)
  const mailsTo = (email: string) => mailbox.mails.filter(({ to }) => to.includes(email)).length
  await expect.poll(() => mailsTo('friend@example.com'), { timeout: 30_000 }).toBe(1)
  await expect.poll(() => mailsTo('victim@example.com'), { timeout: 30_000 }).toBe(5)
})
