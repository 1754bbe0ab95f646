import { describe, expect, test } from 'vitest'
import { Folder, newSecret, run } from '../testing/command.ts'
import { parseTarget } from './listen.ts'

const key = newSecret('test')

async function refused(args: string[], env: Record<string, string> = { AGENTCLARA_API_KEY: key }) {
  using folder = new Folder()
  return run(args, {
    cwd: folder.path,
    env: { AGENTCLARA_API_KEY: '', AGENTCLARA_WEBHOOK_SECRET: '', ...env },
  })
}

test.each([
  ['3000', 'http://localhost:3000/'],
  [':3000/hook', 'http://localhost:3000/hook'],
  ['3000/hook?x=1', 'http://localhost:3000/hook?x=1'],
  ['localhost:3000/hook', 'http://localhost:3000/hook'],
  ['127.0.0.1:80', 'http://127.0.0.1/'],
  ['[::1]:3000', 'http://[::1]:3000/'],
  ['shop.example', 'http://shop.example/'],
  ['https://shop.example/hook', 'https://shop.example/hook'],
])('--forward-to %s is %s', (text, href) => {
  expect(String(parseTarget(text))).toBe(href)
})

test.each(['', 'ftp://x', 'http://', 'a b', 'http://user:pass@x/', '99999'])(
  '--forward-to %j is refused',
  (text) => {
    expect(typeof parseTarget(text)).toBe('string')
  },
)

describe('what is missing or wrong is said, with what to do', () => {
  test.each([
    [{}, 'No API key', 'sk_test_'],
    [{ AGENTCLARA_API_KEY: key.slice(0, -2) }, 'is no API key: truncated', 'whole key'],
    [{ AGENTCLARA_API_KEY: key, AGENTCLARA_WEBHOOK_SECRET: 'whsec_abc' }, 'signing secret', 'leave it out'],
    [{ AGENTCLARA_API_KEY: key, AGENTCLARA_BASE_URL: 'http://clara.example' }, 'without encryption', ''],
    [{ AGENTCLARA_API_KEY: key, AGENTCLARA_BASE_URL: 'http://127.0.0.1:2' }, 'ECONNREFUSED', 'npm start'],
  ])('%#', async (env: Record<string, string>, error, hint) => {
    const { exitCode, stdout, stderr } = await refused(['listen', '--forward-to', '3000'], env)
    expect(stderr).toContain(error)
    expect(stderr).toContain(hint)
    expect([exitCode, stdout]).toEqual([1, ''])
  })

  test('usage', async () => {
    expect(await refused(['listen'])).toMatchObject({ exitCode: 2 })
    expect(await refused(['listen', '--forward-to', 'ftp://x'])).toMatchObject({ exitCode: 2 })
  })
})
