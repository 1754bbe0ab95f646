import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { type Browser, signUp } from '../../testing/browser.ts'

const clock = new TestClock()
let server: TestApp
let ada: Browser

beforeAll(async () => {
  server = await createTestApp({ clock })
  ada = await signUp(server, 'Ada')
})

afterAll(() => server.close())

test('the first person owns the workspace that was there', async () => {
  const { body } = await ada.must('GET /v1/me')
  expect(body.data).toMatchObject({
    type: 'member',
    user: { name: 'Ada', email: 'ada@example.com', two_factor_enabled: false },
    workspace: { name: 'Acme' },
    role: 'owner',
    permissions: ['*'],
  })
})
