/** The server's process: environment, signals, exit. */
import { pino } from 'pino'
import { createApp } from './app.ts'
import { parseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { loadInstallationSecret } from './installation-secret.ts'
import { StartError } from './lib/start-error.ts'
import { listenProblem } from './listen-problem.ts'

/** Requests in flight get this long to finish once the server is told to stop. */
const DRAIN_MS = 10_000

async function main(): Promise<void> {
  const startedMs = performance.now()
  const config = parseConfig(process.env)
  const log = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const installationSecret = config.installationSecret ?? (await loadInstallationSecret(config.dataDir))
  const database = await openDatabase({
    database: config.database,
    dataDir: config.dataDir,
    role: 'server',
    label: `pid ${process.pid}, port ${config.port}`,
    onIncident: (message, error) => log.error({ err: error }, message),
  })
  const app = await createApp({ config, target: database.target, installationSecret, log }).catch(
    async (error: unknown) => {
      await database.close()
      throw error
    },
  )
  const close = (): Promise<void> => app.close().finally(() => database.close())
  stopOnSignal(close)
  const url = await app.listen().catch(async (error: unknown) => {
    await close()
    throw listenProblem(error, config)
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const next = (await app.workspaces.isEmpty())
    ? 'npm run -s admin -- workspaces create --name Acme'
    : 'npm run -s admin -- keys create --workspace NAME --environment test --name ci'
  process.stdout.write(
    `AgentClara answers at ${url} (ready in ${seconds} s)\n  data  ${config.dataDir} (${database.description})\n  next  ${next}\n`,
  )
}

function stopOnSignal(close: () => Promise<void>): void {
  let isStopping = false
  const stop = (): void => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), DRAIN_MS + 30_000).unref()
    close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  // Started through scripts/run.mjs on an older Node: when that process dies, this one stops too.
  if (process.channel !== undefined) process.on('disconnect', stop)
}

function fail(error: unknown): never {
  const text =
    error instanceof StartError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

main().catch(fail)
