/** The server's process: environment, signals, exit. */

import { fileURLToPath } from 'node:url'
import { type App, createApp } from './app.ts'
import { parseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { loadInstallationSecret } from './installation-secret.ts'
import { StartError } from './lib/start-error.ts'
import { listenProblem } from './listen-problem.ts'
import { createLogger } from './logger.ts'
import { Shutdown } from './shutdown.ts'

/** What `npm start` and `npm run build` build. */
const PAGE_FOLDERS = ['dashboard', 'docs-site'].map((name) =>
  fileURLToPath(new URL(`../../${name}/dist`, import.meta.url)),
)

async function main(): Promise<void> {
  const startedMs = performance.now()
  // Whoever read what is printed may have gone (`npm start | head`): that is no reason to stop, and none to stop badly.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const shutdown = new Shutdown()
  const config = parseConfig(process.env)
  const log = createLogger(config.logLevel)
  const installationSecret = config.installationSecret ?? (await loadInstallationSecret(config.dataDir))
  try {
    const database = await openDatabase({
      database: config.database,
      dataDir: config.dataDir,
      role: 'server',
      label: `pid ${process.pid}, port ${config.port}`,
      poolSize: config.databasePoolSize,
      onIncident: (message, error) => log.error({ err: error }, message),
    })
    shutdown.add(() => database.close())
    const app = await createApp({
      config,
      target: database.target,
      installationSecret,
      log,
      pageFolders: PAGE_FOLDERS,
    })
    shutdown.add(() => app.close())
    const url = await app.listen().catch((error: unknown) => {
      throw listenProblem(error, config)
    })
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    const open = /^(?:127\.|::1$)/.test(config.host) ? '' : ', open to the network'
    const lines = [
      `AgentClara answers at ${url}${open} (ready in ${seconds} s)`,
      `  data  ${config.dataDir} (${database.description})`,
      `  next  ${await nextStep(app, url)}`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    shutdown.ready()
  } catch (error) {
    await shutdown.run()
    throw error
  }
}

/** What to do now; from another folder npm has to be told where this one is. */
async function nextStep({ workspaces }: App, url: string): Promise<string> {
  const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
  const startedIn = process.env.INIT_CWD ?? process.cwd()
  const npm = startedIn === root ? 'npm' : `npm --prefix ${root}`
  const [first] = await workspaces.list()
  return first === undefined
    ? `open ${url} and sign up, or: ${npm} run -s admin -- workspaces create --name Acme`
    : `${npm} run -s admin -- keys create --workspace ${quoted(first.name)} --environment test --name ci`
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
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
