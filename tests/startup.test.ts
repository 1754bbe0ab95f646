/** Starting and stopping: what goes wrong is one clear line that names the fix, exit code 1, no stack trace. */
import { once } from 'node:events'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, createDataFolder, createKey, type DataFolder, run, startServer } from './support/server.ts'

let folder: DataFolder
beforeEach(async () => {
  folder = await createDataFolder()
})
afterEach(() => folder.remove())

async function expectRefusal(env: Record<string, string>, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run('main.ts', [], { PORT: '0', ...folder.env, ...env }).ended
  expect(stderr).toMatch(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
}

test('from an empty folder: ready, says where it answers, where data is and what to do next', async () => {
  const first = await startServer(folder.env)
  expect(first.stdout()).toContain(folder.path)
  expect(first.stdout()).toContain('npm run -s admin -- workspaces create')
  expect((await stat(join(folder.path, 'installation-secret'))).mode & 0o777).toBe(0o600)
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200)
  const { code, stderr } = await first.stop()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const second = await startServer(folder.env)
  expect((await fetch(`${second.url}/healthz`)).status).toBe(200)
  await second.stop('SIGINT')
})

test('a request in flight is answered before the server ends', async () => {
  const server = await startServer(folder.env)
  const key = await createKey(folder.env)
  const body = { channel: 'web', sender: 'customer', message: '[[slow 1s]] [[say Done.]]', reply: 'wait' }
  const waiting = call(server.url, key, 'POST /conversations', body)
  const started = async () => (await call(server.url, key, 'GET /conversations')).body.data.length
  await expect.poll(started).toBe(1)
  const stopping = server.stop()
  expect((await waiting).body.data.reply.content).toBe('Done.')
  expect((await stopping).code).toBe(0)
})

test('connections that carry no request, or half of one, don’t hold up the end', async () => {
  const server = await startServer(folder.env)
  const port = Number(new URL(server.url).port)
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  const startedMs = performance.now()
  const { code } = await server.stop()
  expect(code).toBe(0)
  expect(performance.now() - startedMs).toBeLessThan(5_000)
  silent.destroy()
})

test('a signal during the start leaves nothing running', async () => {
  const starting = run('main.ts', [], { PORT: '0', ...folder.env })
  const pidFile = join(folder.path, 'postgres/postmaster.pid')
  await expect
    .poll(() => readFile(pidFile, 'utf8').catch(() => ''), { timeout: 20_000, interval: 5 })
    .toContain('ready')
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  starting.child.kill('SIGINT')
  expect((await starting.ended).code).toBe(0)
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
})

test('a server whose output nobody reads any more stops as well as any', async () => {
  const server = await startServer(folder.env)
  server.child.stdout?.destroy()
  const pid = Number((await readFile(join(folder.path, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])
  expect((await server.stop('SIGINT')).code).toBe(0)
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
})

test('an installation secret of another database is refused before any key is', async () => {
  await (await startServer(folder.env)).stop()
  await rm(join(folder.path, 'installation-secret'))
  await expectRefusal({}, /not the one that this database was written with.*AGENTCLARA_INSTALLATION_SECRET/)
})

test('after kill -9 of the server, with its PostgreSQL still running, the next start takes over', async () => {
  const first = await startServer(folder.env)
  const key = await createKey(folder.env)
  await first.stop('SIGKILL')
  const second = await startServer(folder.env)
  expect((await call(second.url, key, 'GET /me')).status).toBe(200)
  expect((await second.stop()).code).toBe(0)
})

test('a second server on one folder says so; the first goes on', async () => {
  const first = await startServer(folder.env)
  await expectRefusal({}, /Another AgentClara server \(pid \d+.*\) already uses/)
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
  await first.stop()
})

test('a port in use', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await expectRefusal({ PORT: String(port) }, new RegExp(`Port ${port} is in use.*PORT=`))
  other.close()
})

describe('DATABASE_URL', () => {
  test.each([
    ['postgres://u:hidden@127.0.0.1:1/db', /nothing listens there/],
    ['postgres://u:hidden@host.invalid/db', /no such host/],
    ['mysql://u:hidden@127.0.0.1/db', /begins with mysql:/],
    ['not a url', /not a URL/],
  ])('%s', async (url, message) => {
    await expectRefusal({ DATABASE_URL: url }, message)
    const { stderr } = await run('main.ts', [], { PORT: '0', ...folder.env, DATABASE_URL: url }).ended
    expect(stderr).not.toContain('hidden')
  })
})

test('a data folder that is a file, or lies below one', async () => {
  const file = join(folder.path, 'file')
  await writeFile(file, '')
  await expectRefusal({ AGENTCLARA_DATA_DIR: file }, /AGENTCLARA_DATA_DIR/)
  await expectRefusal({ AGENTCLARA_DATA_DIR: join(file, 'data') }, /AGENTCLARA_DATA_DIR/)
})

test('a damaged installation secret is not replaced: keys would stop working', async () => {
  await mkdir(folder.path, { recursive: true })
  await writeFile(join(folder.path, 'installation-secret'), 'short')
  await expectRefusal({}, /installation-secret is damaged/)
})

test('an unknown setting', () =>
  expectRefusal({ AGENTCLARA_DATADIR: 'x' }, /Did you mean AGENTCLARA_DATA_DIR/))
