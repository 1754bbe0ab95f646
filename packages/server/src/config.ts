/**
 * Configuration from environment variables, parsed once. The table of variables is the source of the parser's
 * defaults and of docs/configuration.md.
 */
import { resolve } from 'node:path'
import type { CountryCode } from 'libphonenumber-js'
import { parseCidr } from './lib/cidr.ts'
import { closest } from './lib/closest.ts'
import { StartError } from './lib/start-error.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type DatabaseConfig =
  | { kind: 'embedded' }
  | { kind: 'url'; url: string /** For messages: no password in it. */; display: string }

export interface Config {
  host: string
  port: number
  /** How clients reach this server, without trailing slash; undefined: http://localhost and the port it listens on. */
  publicUrl: string | undefined
  /** Absolute. */
  dataDir: string
  database: DatabaseConfig
  databasePoolSize: number
  /** The secret that hashes and signatures are made with, when it doesn't live in the data folder. */
  installationSecret: Buffer | undefined
  /** The country that a phone number without + is read in. */
  defaultCountry: CountryCode
  /** Where GitHub publishes the keys that it signs reports of leaked secrets with. */
  secretScanningKeysUrl: string
  /** Networks of proxies whose X-Forwarded-For is believed, as CIDRs. */
  trustedProxies: readonly string[]
  logLevel: LogLevel
}

interface Variable {
  name: string
  default: string | null
  description: string
}

/** Every variable that the server reads, in the order of docs/configuration.md. */
export const variables = [
  { name: 'PORT', default: '4000', description: 'TCP port of the API, 0 to 65535; 0 takes a free one.' },
  {
    name: 'AGENTCLARA_HOST',
    default: '127.0.0.1',
    description:
      'Address to listen on. `127.0.0.1` (or `localhost`) keeps the server to this machine; `0.0.0.0` or `::` opens it to the network.',
  },
  {
    name: 'DATABASE_URL',
    default: null,
    description:
      'A PostgreSQL (15 or newer) to use, `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Unset: an embedded PostgreSQL 18 in the data folder.',
  },
  {
    name: 'AGENTCLARA_DATA_DIR',
    default: './data',
    description:
      'The data folder: the embedded PostgreSQL and the installation secret. A relative path begins at the folder of the installation.',
  },
  {
    name: 'AGENTCLARA_PUBLIC_URL',
    default: null,
    description:
      'How clients reach this server, e.g. `https://clara.example.com`. Links in answers begin with it. Unset: `http://localhost:PORT`.',
  },
  {
    name: 'AGENTCLARA_INSTALLATION_SECRET',
    default: null,
    description:
      'At least 32 characters; keys are hashed and cursors signed with it, and every node of an installation needs the same. Unset: made at the first start and kept in the data folder.',
  },
  {
    name: 'AGENTCLARA_DATABASE_POOL_SIZE',
    default: '20',
    description: 'Connections to PostgreSQL at most, 2 to 500.',
  },
  {
    name: 'AGENTCLARA_DEFAULT_COUNTRY',
    default: 'US',
    description: 'Two-letter country in which a phone number without `+` is read.',
  },
  {
    name: 'AGENTCLARA_SECRET_SCANNING_KEYS_URL',
    default: 'https://api.github.com/meta/public_keys/secret_scanning',
    description:
      'Where the public keys are read that GitHub signs its reports of leaked secrets with. Asked only when a signed report arrives.',
  },
  {
    name: 'TRUSTED_PROXIES',
    default: null,
    description:
      'Addresses and networks (CIDR) of proxies in front of this server, separated by commas. From them `X-Forwarded-For` is believed: the client’s address is the last one there that isn’t a trusted proxy, and must be written without a port. Unset: it is the address that the connection comes from.',
  },
  {
    name: 'AGENTCLARA_LOG_LEVEL',
    default: 'info',
    description:
      '`debug` (every request), `info`, `warn`, `error` or `silent`. Logs are JSON lines on stderr.',
  },
] as const satisfies readonly Variable[]

/** Set for clients of the API (SDK, CLI, snippets); the server knows them and ignores them. */
export const clientVariables = ['AGENTCLARA_API_KEY', 'AGENTCLARA_BASE_URL'] as const

type VariableName = (typeof variables)[number]['name']
type Env = Readonly<Record<string, string | undefined>>

/** Throws StartError naming the variable and the fix. An empty value counts as unset. */
export function parseConfig(env: Env): Config {
  refuseUnknown(env)
  const read = (name: VariableName): string | undefined => {
    const value = env[name]?.trim()
    if (value !== undefined && value !== '') return value
    return variables.find((variable) => variable.name === name)?.default ?? undefined
  }
  return {
    host: host(read('AGENTCLARA_HOST') ?? '127.0.0.1'),
    port: integer('PORT', read('PORT'), 0, 65_535),
    publicUrl: publicUrl(read('AGENTCLARA_PUBLIC_URL')),
    dataDir: dataDir(read('AGENTCLARA_DATA_DIR') ?? './data'),
    database: database(read('DATABASE_URL')),
    databasePoolSize: integer('AGENTCLARA_DATABASE_POOL_SIZE', read('AGENTCLARA_DATABASE_POOL_SIZE'), 2, 500),
    installationSecret: installationSecret(read('AGENTCLARA_INSTALLATION_SECRET')),
    defaultCountry: country(read('AGENTCLARA_DEFAULT_COUNTRY')),
    secretScanningKeysUrl: keysUrl(read('AGENTCLARA_SECRET_SCANNING_KEYS_URL') ?? ''),
    trustedProxies: networks('TRUSTED_PROXIES', read('TRUSTED_PROXIES') ?? ''),
    logLevel: oneOf('AGENTCLARA_LOG_LEVEL', read('AGENTCLARA_LOG_LEVEL'), [
      'debug',
      'info',
      'warn',
      'error',
      'silent',
    ]),
  }
}

function refuseUnknown(env: Env): void {
  const known = new Set<string>([...variables.map((variable) => variable.name), ...clientVariables])
  for (const name of Object.keys(env)) {
    if (!name.startsWith('AGENTCLARA_') || known.has(name)) continue
    const bare = name.slice('AGENTCLARA_'.length)
    const meant = known.has(bare) ? bare : closest(name, known)
    const fix = meant === undefined ? 'Remove it' : `Did you mean ${meant}?`
    throw new StartError(
      `${name} is not a setting of AgentClara. ${fix} (all settings: docs/configuration.md)`,
    )
  }
}

function integer(name: VariableName, text: string | undefined, min: number, max: number): number {
  const value = Number(text)
  if (text !== undefined && /^\d+$/.test(text) && value >= min && value <= max) return value
  throw new StartError(`${name} must be a whole number from ${min} to ${max}, not "${text}".`)
}

function oneOf<T extends string>(name: VariableName, text: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text)
  if (found !== undefined) return found
  throw new StartError(`${name} must be one of ${allowed.join(', ')}, not "${text}".`)
}

/** One address: a name that stands for several would mean several servers to stop. */
function host(text: string): string {
  return text === 'localhost' ? '127.0.0.1' : text
}

function dataDir(text: string): string {
  if (!text.startsWith('~')) return resolve(text)
  throw new StartError(
    `AGENTCLARA_DATA_DIR must not begin with ~, which only a shell understands: write the whole path, or $HOME.`,
  )
}

function database(url: string | undefined): DatabaseConfig {
  if (url === undefined) return { kind: 'embedded' }
  const fix =
    'It should look like postgres://USER:PASSWORD@HOST:5432/DATABASE; unset it to use the embedded PostgreSQL.'
  const parsed = URL.parse(url)
  if (parsed === null) throw new StartError(`DATABASE_URL is not a URL. ${fix}`)
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') {
    throw new StartError(`DATABASE_URL begins with ${parsed.protocol}, not postgres:. ${fix}`)
  }
  if (parsed.pathname.length < 2) throw new StartError(`DATABASE_URL names no database. ${fix}`)
  return { kind: 'url', url, display: `${parsed.host}${parsed.pathname}` }
}

function publicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const parsed = URL.parse(text)
  if (
    parsed === null ||
    !/^https?:$/.test(parsed.protocol) ||
    `${parsed.search}${parsed.hash}${parsed.username}${parsed.password}` !== ''
  ) {
    throw new StartError(
      `AGENTCLARA_PUBLIC_URL must be an http or https URL without user, query or fragment.`,
    )
  }
  return parsed.href.replace(/\/+$/, '')
}

/** Whoever could change the answer could forge reports: in clear only within this machine. */
function keysUrl(text: string): string {
  const url = URL.parse(text)
  const isLocal = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (
    url === null ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) ||
    `${url.hash}${url.username}${url.password}` !== ''
  ) {
    throw new StartError(
      'AGENTCLARA_SECRET_SCANNING_KEYS_URL must be an https URL without user or fragment (http only for this machine).',
    )
  }
  return url.href
}

function networks(name: VariableName, text: string): string[] {
  const parts = text.split(',').map((part) => part.trim())
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const cidr = parseCidr(part)
      if (typeof cidr !== 'string') return cidr.text
      throw new StartError(`${name}: "${part}" ${cidr}.`)
    })
}

function installationSecret(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined
  if (text.length < 32)
    throw new StartError('AGENTCLARA_INSTALLATION_SECRET must have at least 32 characters.')
  return Buffer.from(text)
}

function country(text: string | undefined): CountryCode {
  const code = text?.toUpperCase() ?? ''
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  // Loading the library that knows its own list would cost every start more than all the rest of this file.
  if (/^[A-Z]{2}$/.test(code) && names.of(code) !== undefined) return code as CountryCode
  throw new StartError(
    `AGENTCLARA_DEFAULT_COUNTRY must be a two-letter country such as US or DE, not "${text}".`,
  )
}
