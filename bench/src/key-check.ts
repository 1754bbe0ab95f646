/**
 * How long the check of a secret takes in the process, of keys that the node remembers, beside a yardstick in the same
 * process. A process of its own, with --expose-gc: `key-check.ts DATABASE KEYS hmac`, or
 * `key-check.ts DATABASE KEYS better-auth DATABASE_OF_BETTER_AUTH`. Prints the figures in µs as JSON.
 */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createApp } from '../../packages/server/src/app.ts'
import { parseConfig } from '../../packages/server/src/config.ts'
import { createLogger } from '../../packages/server/src/logger.ts'
import { startBetterAuth } from './better-auth.ts'
import { inTurn } from './in-turn.ts'
import { createKeys, createWorkspace } from './keys.ts'

/** Short enough (some 20 ms) that the node hears its heartbeats between batches, and keeps what it remembers. */
const CHECKS_PER_BATCH = 10_000
const ROUNDS = 41
/** Of a yardstick that asks the database at each check. */
const SLOW_CHECKS_PER_BATCH = 100
const SLOW_ROUNDS = 9
const KEYS_PER_ENVIRONMENT = 1_000
const REST_MS = 20

const [database = '', keys = '1', yardstick, otherDatabase = ''] = process.argv.slice(2)
const env = {
  PORT: '0',
  DATABASE_URL: database,
  AGENTCLARA_INSTALLATION_SECRET: randomBytes(32).toString('base64url'),
}
const app = await createApp({
  config: parseConfig(env),
  target: database,
  installationSecret: Buffer.from(env.AGENTCLARA_INSTALLATION_SECRET),
  log: createLogger('silent'),
})
const check = (secret: string): unknown => app.identify(secret, '127.0.0.1')
const secrets = await createSecrets(await app.listen(), Number(keys))
const batch = Array.from({ length: CHECKS_PER_BATCH }, (_, index) => String(secrets[index % secrets.length]))
const ours = () => timeBatch(check, batch)

const figures = yardstick === 'better-auth' ? await besideBetterAuth() : await besideHmac()
await app.close()
process.stdout.write(`${JSON.stringify(figures)}\n`)

async function besideHmac() {
  const hmacKey = createSecretKey(randomBytes(32))
  const hmac = (secret: string) => createHmac('sha256', hmacKey).update(secret).digest()
  const theirs = () => timeBatch(hmac, batch)
  await remember()
  await inTurn(5, ours, theirs) // warms both up
  return inTurn(ROUNDS, ours, theirs)
}

async function besideBetterAuth() {
  const auth = await startBetterAuth(otherDatabase, 1)
  const [key = ''] = auth.keys
  const theirs = async () => {
    await rest()
    const startedMs = performance.now()
    for (let count = 0; count < SLOW_CHECKS_PER_BATCH; count++) {
      if ((await auth.verify(key)) === null) throw new Error('Better Auth refused its key')
    }
    return microsecondsSince(startedMs, SLOW_CHECKS_PER_BATCH)
  }
  await remember()
  await inTurn(3, ours, theirs) // warms both up
  const result = await inTurn(SLOW_ROUNDS, ours, theirs)
  await auth.close()
  return result
}

/** The first check of a key asks the database. */
async function remember(): Promise<void> {
  for (const secret of secrets) await check(secret)
}

/** µs per call. Each call gets a string of its own, as each request does: engines remember the hash of a string. */
async function timeBatch(call: (secret: string) => unknown, texts: string[]): Promise<number> {
  const copies = texts.map((text) => Buffer.from(text).toString('latin1'))
  await rest()
  let asked = 0
  const startedMs = performance.now()
  for (const secret of copies) {
    if (call(secret) instanceof Promise) asked += 1
  }
  const figure = microsecondsSince(startedMs, copies.length)
  if (asked > 0) throw new Error(`${asked} of ${copies.length} checks were not answered from memory`)
  return figure
}

/** What others wait for happens now, and what was left to collect is collected, rather than in the batch. */
async function rest(): Promise<void> {
  await setTimeout(REST_MS)
  globalThis.gc?.()
}

function microsecondsSince(startedMs: number, calls: number): number {
  return ((performance.now() - startedMs) * 1_000) / calls
}

async function createSecrets(url: string, count: number): Promise<string[]> {
  const made: string[] = []
  while (made.length < count) {
    const key = await createWorkspace({ ...process.env, ...env }, `Bench ${made.length}`)
    const more = Math.min(KEYS_PER_ENVIRONMENT, count - made.length) - 1
    made.push(key, ...(await createKeys(url, key, more)))
  }
  return made
}
