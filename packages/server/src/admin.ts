/**
 * The admin command, for who has the data folder: `workspaces create` and `keys create`. Works whether or not the
 * server runs. Results go to stdout alone, everything else to stderr; exit code 1 on failure, 2 on wrong usage.
 */
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { createAdmin } from './app.ts'
import { parseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { ApiError } from './errors.ts'
import type { Maker } from './features/api-keys/service.ts'
import { loadInstallationSecret } from './installation-secret.ts'
import { closest } from './lib/closest.ts'
import { StartError } from './lib/start-error.ts'
import { type Grant, permissions } from './principal.ts'

const USAGE = `Usage:
  npm run -s admin -- workspaces create --name NAME
      prints the id of the new workspace
  npm run -s admin -- keys create --workspace NAME_OR_ID --environment test|live --name NAME [--permissions a:read,b:write]
      prints the secret of the new key, this once; without --permissions it may do everything

Permissions: *, ${permissions.join(', ')}
`

class UsageError extends Error {}

type Admin = Awaited<ReturnType<typeof createAdmin>>

const commands: Readonly<Record<string, (args: string[]) => (admin: Admin) => Promise<string>>> = {
  'workspaces create': (args) => {
    const { name } = options(args, ['name'], [])
    return async ({ workspaces }) => (await workspaces.create(name)).id
  },
  'keys create': (args) => {
    const {
      workspace,
      environment,
      name,
      permissions: list,
    } = options(args, ['workspace', 'environment', 'name'], ['permissions'])
    if (environment !== 'test' && environment !== 'live')
      throw new UsageError('--environment must be test or live')
    if (name.trim() === '' || name.length > 100) throw new UsageError('--name must have 1 to 100 characters')
    const grants = parseGrants(list)
    return async ({ workspaces, apiKeys }) => {
      const environmentId = await workspaces.getEnvironmentId(workspace, environment)
      const maker: Maker = { environmentId, environment, grants: ['*'], label: 'admin' }
      return (await apiKeys.create(maker, { name, permissions: grants })).secret
    }
  },
}

function options<R extends string, O extends string>(
  args: string[],
  required: readonly R[],
  optional: readonly O[],
): Record<R, string> & Partial<Record<O, string>> {
  const names = [...required, ...optional]
  let values: Record<string, unknown>
  try {
    values = parseArgs({
      args,
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const)),
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const missing = required.find((name) => typeof values[name] !== 'string' || values[name] === '')
  if (missing !== undefined) throw new UsageError(`--${missing} is missing`)
  // Every required one was just found to be a string, and parseArgs makes strings of the others.
  return values as Record<R, string> & Partial<Record<O, string>>
}

function parseGrants(list: string | undefined): Grant[] {
  if (list === undefined) return ['*']
  const known: readonly string[] = ['*', ...permissions]
  const grants = list
    .split(',')
    .map((grant) => grant.trim())
    .filter((grant) => grant !== '')
  const unknown = grants.find((grant) => !known.includes(grant))
  if (unknown !== undefined) {
    const meant = closest(unknown, known)
    throw new UsageError(
      `"${unknown}" is no permission${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    )
  }
  if (grants.length === 0) throw new UsageError('--permissions is empty')
  return [...new Set(grants)] as Grant[] // each was found in the list of permissions
}

async function main(): Promise<void> {
  const [noun, verb, ...args] = process.argv.slice(2)
  const command = commands[`${noun} ${verb}`]
  if (command === undefined)
    throw new UsageError(
      noun === undefined ? 'What should be done?' : `There is no command "${[noun, verb].join(' ').trim()}"`,
    )
  const run = command(args)
  const config = parseConfig(process.env)
  const log = pino({ level: config.logLevel === 'debug' ? 'debug' : 'warn', base: null }, pino.destination(2))
  const installationSecret = config.installationSecret ?? (await loadInstallationSecret(config.dataDir))
  const database = await openDatabase({
    database: config.database,
    dataDir: config.dataDir,
    role: 'admin',
    label: `pid ${process.pid}`,
    onIncident: (message, error) => log.error({ err: error }, message),
  })
  try {
    const admin = await createAdmin({ config, target: database.target, installationSecret, log })
    try {
      process.stdout.write(`${await run(admin)}\n`)
    } finally {
      await admin.close()
    }
  } finally {
    await database.close()
  }
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    process.exitCode = 2
    return
  }
  const isKnown = error instanceof StartError || error instanceof ApiError
  process.stderr.write(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
