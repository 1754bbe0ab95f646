/**
 * A newcomer who has a clone, Node and npm, and follows the README from its first command on: everything is installed and
 * built, the first key is made, the first webhook arrives. Takes minutes, so it runs in CI and in the long form alone.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parsePage } from './support/docs-blocks.ts'
import { freePort } from './support/docs-proxies.ts'
import { runPageIn } from './support/docs-run.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const isLong = process.env.AGENTCLARA_LONG_TESTS === '1'
const isDue = isLong || process.env.CI === 'true'
/** The promise is five minutes; a machine that does other things at the same time is given more. */
const LIMIT_SECONDS = isLong ? 5 * 60 : 10 * 60

/** As in a terminal of somebody who has only installed Node. */
function plainEnv(): NodeJS.ProcessEnv {
  const own = /^(AGENTCLARA_|DATABASE_URL$|PORT$|npm_|INIT_CWD$|NODE_COMPILE_CACHE$|NODE_OPTIONS$|VITEST|CI$)/
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) }
}

test.skipIf(!isDue)(
  'from a clone to the first webhook by the README’s commands alone, in under five minutes',
  { timeout: 15 * 60_000 },
  async ({ onTestFinished }) => {
    const folder = await mkdtemp(join(tmpdir(), 'agentclara-newcomer-'))
    // PostgreSQL doesn't run as root: the user that it runs as must be able to read what is installed.
    await chmod(folder, 0o755)
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }))
    const clone = join(folder, 'agentclara')
    execFileSync('git', ['clone', '--quiet', `file://${root}`, clone])
    const page = parsePage('README.md', await readFile(join(clone, 'README.md'), 'utf8'))
    expect(page.groups[0]?.[0]?.code).toBe('npm start\n')

    const startedMs = performance.now()
    const seconds = () => Math.round((performance.now() - startedMs) / 1000)
    const env = plainEnv()
    const port = await freePort()
    // Apart from its port, which somebody may use here.
    const server = spawn('npm', ['start'], {
      cwd: clone,
      env: { ...env, PORT: String(port) },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    server.stdout.on('data', (chunk) => (printed += chunk))
    server.stderr.on('data', (chunk) => (printed += chunk))
    const ended = once(server, 'close')
    onTestFinished(async () => {
      if (server.exitCode === null && server.pid !== undefined) process.kill(-server.pid, 'SIGTERM')
      await ended
    })
    let hasEnded = false
    void ended.then(() => (hasEnded = true))
    await expect
      .poll(() => hasEnded || printed.includes('answers at http'), {
        timeout: LIMIT_SECONDS * 1000,
        interval: 200,
      })
      .toBe(true)
    expect(hasEnded, printed).toBe(false)
    const answersAt = seconds()

    let webhookAt = 0
    const url = `http://localhost:${port}`
    const noFile = () => Promise.reject(new Error('the README borrows no file'))
    await runPageIn(clone, page, { url, key: '', workspace: 'Acme', env, fileOf: noFile }, ([block]) => {
      if (block?.marks.isOutput && block.code.includes('received webhook.test')) webhookAt = seconds()
    })
    process.stderr.write(
      `newcomer: the server answers after ${answersAt} s, the first webhook is there after ${webhookAt} s, the README is done after ${seconds()} s\n`,
    )
    expect(webhookAt).toBeGreaterThan(0)
    expect(webhookAt).toBeLessThan(LIMIT_SECONDS)
  },
)
