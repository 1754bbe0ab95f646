import { expect, test } from 'vitest'
import { Folder, newSecret, run } from '../testing/command.ts'

async function trigger(args: string[], key = newSecret('test')) {
  using folder = new Folder()
  const env = { AGENTCLARA_API_KEY: key, AGENTCLARA_BASE_URL: 'http://127.0.0.1:2' }
  return run(['trigger', ...args], { cwd: folder.path, env })
}

test('a live key is refused before anything is asked of the server', async () => {
  const { exitCode, stderr } = await trigger(['message.received'], newSecret('live'))
  expect(exitCode).toBe(1)
  expect(stderr).toContain('live key')
})

test('an unknown event is refused with the one that was meant', async () => {
  expect(await trigger(['mesage.recieved'])).toMatchObject({ exitCode: 2, stdout: '' })
  expect((await trigger(['mesage.recieved'])).stderr).toContain('Did you mean message.received?')
  expect((await trigger(['order.paid'])).stderr).not.toContain('Did you mean')
  expect((await trigger(['api_key.expired'])).stderr).toContain('Time causes it')
  expect((await trigger(['constructor'])).exitCode).toBe(2)
})

test('wrong usage is exit code 2, a server that isn’t there 1', async () => {
  expect(await trigger([])).toMatchObject({ exitCode: 2 })
  expect(await trigger(['message.received', '--override', 'novalue'])).toMatchObject({ exitCode: 2 })
  const { exitCode, stderr } = await trigger(['message.received'])
  expect(exitCode).toBe(1)
  expect(stderr).toContain('Nothing listens there')
})

test('--list needs no key', async () => {
  const { exitCode, stdout } = await trigger(['--list', '--no-json'], '')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^message\.received +starts a conversation .*\(POST \/v1\/conversations\)$/m)
})
