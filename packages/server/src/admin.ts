/**
 * The admin command, for who has the data folder: workspaces and keys from the command line. Works whether or not the
 * server runs. Results go to stdout alone, everything else to stderr; exit code 1 on failure, 2 on wrong usage.
 */
import { parseArgs } from 'node:util'
import { lastFourOf, secretHint } from '@agentclara/key-format'
import { createAdmin } from './app.ts'
import { parseConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { ApiError } from './errors.ts'
import type { NewApiKey } from './features/api-keys/service.ts'
import { adminCaller } from './features/api-keys/service.ts'
import type { ApiKeyRow } from './features/api-keys/store.ts'
import { loadInstallationSecret } from './installation-secret.ts'
import { closest } from './lib/closest.ts'
import { StartError } from './lib/start-error.ts'
import { createLogger } from './logger.ts'
import { type Grant, type Plan, permissions, presetNames } from './principal.ts'
import { roleNames } from './roles.ts'

const USAGE = `Usage: npm run -s admin -- COMMAND

  workspaces create --name NAME [--plan standard|enterprise]
      makes a workspace with a test and a live environment, and prints its id
  workspaces update --workspace NAME_OR_ID --plan standard|enterprise
      changes how many requests a minute each of its keys may make: 1,000 (standard) or 10,000 (enterprise)
  workspaces list
      prints id, name and plan of each workspace
  keys create --workspace NAME_OR_ID --environment test|live --name NAME
              [--permissions LIST | --preset PRESET] [--person EMAIL]
      makes an API key and prints its secret, this once; it may do everything unless told otherwise,
      and belongs to an app unless to a person
  keys of-person --workspace NAME_OR_ID --person EMAIL
      prints the keys of a person that still work, with their last use
  keys hand-over --workspace NAME_OR_ID --from EMAIL --to EMAIL
      gives the keys of one person to another, and prints how many they were
  members list --workspace NAME_OR_ID
      prints e-mail address, role and name of each member
  members set-role --workspace NAME_OR_ID --person EMAIL --role owner|admin|agent|viewer
      gives a member another role; the last owner stays owner
  members leave --workspace NAME_OR_ID --person EMAIL
      removes a member, or notes that a person left who is none: their keys go on working, carry the note owner_left,
      and are printed
  members return --workspace NAME_OR_ID --person EMAIL
      takes the note back
  users list
      prints e-mail address, name and second factor of everybody who has an account
  users reset-password --email EMAIL
      prints a link with which this person chooses a new password, once, within an hour
  users remove-two-factor --email EMAIL
      for who lost their app and their recovery codes: the password alone signs them in
  users sign-out --email EMAIL
      ends all sessions of this person, and prints how many they were

Permissions, separated by commas: ${permissions.join(', ')}
Presets: ${presetNames.join(', ')}
`

/** What is said of one command, so that the mistake before it stays on the screen; of all, when there is no such command. */
function usageOf(name: string): string {
  const lines = USAGE.split('\n')
  const from = lines.findIndex((line) => line === `  ${name}` || line.startsWith(`  ${name} `))
  if (!(name in commands) || from === -1) return USAGE
  const length = lines.slice(from + 1).findIndex((line) => !line.startsWith('   '))
  const own = lines.slice(from, from + 1 + length).join('\n')
  return `Usage:\n${own}\n\nAll commands: npm run -s admin -- --help\n`
}

class UsageError extends Error {}

type Admin = Awaited<ReturnType<typeof createAdmin>>

interface Result {
  /** All that goes to stdout. */
  output: string
  /** Said to a person at a terminal: what to type now. */
  next?: string
}

const commands: Readonly<Record<string, (args: string[]) => (admin: Admin) => Promise<Result>>> = {
  'workspaces create': (args) => {
    const { name, plan } = options(args, ['name'], ['plan'])
    const known = readPlan(plan ?? 'standard')
    return async ({ workspaces }) => ({
      output: (await workspaces.create(name, known)).id,
      next: `npm run -s admin -- keys create --workspace ${JSON.stringify(name)} --environment test --name ci`,
    })
  },
  'workspaces update': (args) => {
    const { workspace, plan } = options(args, ['workspace', 'plan'], [])
    const known = readPlan(plan)
    return async ({ workspaces }) => {
      await workspaces.changePlan((await workspaces.get(workspace)).id, known)
      return { output: '' }
    }
  },
  'workspaces list': (args) => {
    options(args, [], [])
    return async ({ workspaces }) => ({
      output: (await workspaces.list()).map(({ id, name, plan }) => `${id}  ${name}  (${plan})`).join('\n'),
    })
  },
  'keys create': (args) => {
    const {
      workspace,
      environment,
      name,
      permissions: list,
      preset,
      person,
    } = options(args, ['workspace', 'environment', 'name'], ['permissions', 'preset', 'person'])
    if (environment !== 'test' && environment !== 'live') {
      throw new UsageError('--environment must be test or live')
    }
    if (name.trim() === '' || name.length > 100) throw new UsageError('--name must have 1 to 100 characters')
    const grants = parseGrants(list, preset)
    if (person !== undefined && !person.includes('@'))
      throw new UsageError('--person must be an e-mail address')
    const owner = person === undefined ? undefined : ({ type: 'person', email: person } as const)
    return async ({ workspaces, apiKeys }) => {
      const caller = adminCaller(await workspaces.getScope(workspace, environment))
      const { secret } = await apiKeys.create(caller, { name, owner, ...grants })
      return {
        output: secret,
        next: `curl ${serverUrl()}/v1/me -H "Authorization: Bearer ${secretHint(environment, lastFourOf(secret))}"`,
      }
    }
  },
  'keys of-person': (args) => {
    const { workspace, person } = options(args, ['workspace', 'person'], [])
    return async ({ workspaces, ownership }) => {
      const { id } = await workspaces.get(workspace)
      return { output: (await ownership.listOf(id, person)).map(keyLine).join('\n') }
    }
  },
  'keys hand-over': (args) => {
    const { workspace, from, to } = options(args, ['workspace', 'from', 'to'], [])
    if (!to.includes('@')) throw new UsageError('--to must be an e-mail address')
    return async ({ workspaces, ownership }) => {
      const { id } = await workspaces.get(workspace)
      return { output: String(await ownership.handOver(id, from, to)) }
    }
  },
  'members list': (args) => {
    const { workspace } = options(args, ['workspace'], [])
    return async ({ workspaces, members }) => {
      const { id } = await workspaces.get(workspace)
      const all = await members.listAll(id)
      return { output: all.map(({ email, role, name }) => `${email}  ${role}  ${name}`).join('\n') }
    }
  },
  'members set-role': (args) => {
    const { workspace, person, role } = options(args, ['workspace', 'person', 'role'], [])
    const known = roleNames.find((name) => name === role)
    if (known === undefined) throw new UsageError(`--role must be one of ${roleNames.join(', ')}`)
    return async ({ workspaces, members }) => {
      const { id } = await workspaces.get(workspace)
      const member = await members.findByEmail(id, person)
      if (member === undefined) throw new ApiError('not_found', { error: `${person} is no member` })
      await members.changeRole({ kind: 'installation', workspaceId: id }, member.id, known)
      return { output: '' }
    }
  },
  'members leave': (args) => {
    const { workspace, person } = options(args, ['workspace', 'person'], [])
    return async ({ workspaces, ownership, members }) => {
      const { id } = await workspaces.get(workspace)
      const member = await members.findByEmail(id, person)
      if (member !== undefined) await members.remove({ kind: 'installation', workspaceId: id }, member.id)
      const keys = await ownership.leave(id, person)
      return {
        output: keys.map(keyLine).join('\n'),
        next: `npm run -s admin -- keys hand-over --workspace ${id} --from ${person} --to EMAIL`,
      }
    }
  },
  'members return': (args) => {
    const { workspace, person } = options(args, ['workspace', 'person'], [])
    return async ({ workspaces, ownership }) => {
      const { id } = await workspaces.get(workspace)
      await ownership.comeBack(id, person)
      return { output: '' }
    }
  },
  'users list': (args) => {
    options(args, [], [])
    return async ({ account }) => ({
      output: (await account.listUsers())
        .map(
          ({ email, name, two_factor_enabled: has }) =>
            `${email}  ${name}${has === true ? '  (two-factor)' : ''}`,
        )
        .join('\n'),
    })
  },
  'users reset-password': (args) => {
    const { email } = options(args, ['email'], [])
    return async ({ account }) => ({ output: await account.makeResetLink(email) })
  },
  'users remove-two-factor': (args) => {
    const { email } = options(args, ['email'], [])
    return async ({ account }) => {
      await account.removeTwoFactor(email)
      return { output: '' }
    }
  },
  'users sign-out': (args) => {
    const { email } = options(args, ['email'], [])
    return async ({ account }) => ({ output: String(await account.signOut(email)) })
  },
}

function readPlan(plan: string): Plan {
  if (plan === 'standard' || plan === 'enterprise') return plan
  throw new UsageError('--plan must be standard or enterprise')
}

/** Where the server answers that has the same environment variables as this command. */
function serverUrl(): string {
  const { publicUrl, port } = parseConfig(process.env)
  return publicUrl ?? `http://localhost:${port}`
}

function keyLine(key: ApiKeyRow): string {
  const used = key.last_used_at === null ? 'never used' : `last used ${key.last_used_at.toISOString()}`
  return `${key.id}  ${secretHint(key.environment, key.last_four)}  ${key.name}  (${used})`
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
    throw new UsageError(usageSentence(error, args, names))
  }
  const missing = required.find((name) => typeof values[name] !== 'string' || values[name] === '')
  if (missing !== undefined) throw new UsageError(`--${missing} is missing`)
  // Every required one was just found to be a string, and parseArgs makes strings of the others.
  return values as Record<R, string> & Partial<Record<O, string>>
}

function usageSentence(error: unknown, args: string[], names: readonly string[]): string {
  const unknown = args.find(
    (arg) => arg.startsWith('--') && !names.includes(arg.slice(2).split('=')[0] ?? ''),
  )
  if (unknown !== undefined) {
    const meant = closest(unknown.slice(2), names)
    return `There is no option ${unknown}${meant === undefined ? '' : `: did you mean --${meant}?`}`
  }
  const code = (error as { code?: string }).code
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return `Give each value with its option, e.g. --${names[0]} VALUE; quote names with spaces`
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}

function parseGrants(
  list: string | undefined,
  preset: string | undefined,
): Pick<NewApiKey, 'permissions' | 'preset'> {
  if (preset !== undefined) {
    if (list !== undefined) throw new UsageError('Give --permissions or --preset, not both')
    const known = presetNames.find((name) => name === preset)
    if (known === undefined) throw new UsageError(`--preset must be one of ${presetNames.join(', ')}`)
    return { preset: known }
  }
  if (list === undefined) return { permissions: ['*'] }
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
  return { permissions: [...new Set(grants)] as Grant[] } // each was found in the list of permissions
}

async function main(): Promise<void> {
  const [noun = '', verb = '', ...args] = process.argv.slice(2)
  if (noun === 'help' || [noun, verb, ...args].includes('--help')) {
    process.stdout.write(USAGE)
    return
  }
  const name = `${noun} ${verb}`.trim()
  const command = commands[name]
  if (command === undefined) {
    const meant = closest(name, Object.keys(commands))
    const sentence = name === '' ? 'What should be done?' : `There is no command "${name}"`
    throw new UsageError(`${sentence}${meant === undefined ? '' : `: did you mean "${meant}"?`}`)
  }
  const { output, next } = await withAdmin(command(args))
  if (output !== '') process.stdout.write(`${output}\n`)
  if (next !== undefined && process.stderr.isTTY) process.stderr.write(`next  ${next}\n`)
}

async function withAdmin<T>(run: (admin: Admin) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env)
  const log = createLogger(config.logLevel === 'debug' ? 'debug' : 'warn')
  // A signal takes effect when the database is closed again: PostgreSQL would go on without anybody to stop it.
  let signal: NodeJS.Signals | undefined
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => (signal ??= name))
  const installationSecret = config.installationSecret ?? (await loadInstallationSecret(config.dataDir))
  const database = await openDatabase({
    database: config.database,
    dataDir: config.dataDir,
    role: 'admin',
    label: `pid ${process.pid}`,
    poolSize: config.databasePoolSize,
    onIncident: (message, error) => log.error({ err: error }, message),
  })
  try {
    const admin = await createAdmin({ config, target: database.target, installationSecret, log })
    try {
      return await run(admin)
    } finally {
      await admin.close()
    }
  } finally {
    await database.close()
    if (signal !== undefined) process.kill(process.pid, signal)
  }
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usageOf(process.argv.slice(2, 4).join(' '))}`)
    process.exitCode = 2
    return
  }
  const isKnown = error instanceof StartError || error instanceof ApiError
  process.stderr.write(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
