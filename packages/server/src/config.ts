/**
 * Configuration from environment variables, parsed once. The table of variables is the source of the parser's
 * defaults and of docs/configuration.md.
 */
import { resolve } from 'node:path'
import type { CountryCode } from 'libphonenumber-js'
import { AddressList, parseCidr } from './lib/cidr.ts'
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
  /** Who may make an account, beside the first person and whoever an invitation asks in. */
  signUp: 'open' | 'invited' | 'closed'
  /** The secret that hashes and signatures are made with, when it doesn't live in the data folder. */
  installationSecret: Buffer | undefined
  /** The country that a phone number without + is read in. */
  defaultCountry: CountryCode
  /** Where GitHub publishes the keys that it signs reports of leaked secrets with. */
  secretScanningKeysUrl: string
  /** Networks of proxies whose X-Forwarded-For is believed, as CIDRs. */
  trustedProxies: readonly string[]
  /** How mail is sent; undefined: it isn't. */
  smtp: { url: string; from: string } | undefined
  /** Who hears of what needs a person, when nobody else is named. */
  alertEmails: readonly string[]
  /** Seconds from one attempt to the next, in both environments; undefined: the schedule of each. */
  webhookRetrySeconds: readonly number[] | undefined
  /** Of deliveries and their attempts. */
  webhookLogMaxBytes: number
  /** Where webhooks may go beside the internet. */
  webhooks: {
    /** Networks that are not of the internet, as CIDRs. */
    allow: readonly string[]
    /** `allow` is the loopback interface because nobody but this machine reaches this server. */
    isDefaultLoopback: boolean
    ports: readonly number[]
  }
  /** Where several servers count requests together; undefined: each counts for itself. */
  redisUrl: string | undefined
  /** A limit for each key over a shorter time, beside that of its plan. */
  burst: { limit: number; windowMs: number } | undefined
  requestLog: {
    /** 0: no requests are logged. */
    keepDays: number
    maxBytes: number
    /** Names of fields whose values are masked in logged bodies, beside those that hold secrets. */
    redact: readonly string[]
  }
  maxConnections: number
  /** 0: requests are never refused for it. */
  maxEventLoopDelayMs: number
  /** Where `/metrics` is served, apart from the API. */
  metrics: { host: string; port: number } | undefined
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
    name: 'AGENTCLARA_SIGN_UP',
    default: 'invited',
    description:
      'Who may make an account in the dashboard: `open` (everybody), `invited` (whoever was invited to a workspace) or `closed` (nobody). The first person of an installation always may, and owns the workspace that is there.',
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
    name: 'WEBHOOK_ALLOW_CIDRS',
    default: null,
    description:
      'Addresses and networks (CIDR), separated by commas, that webhooks may go to though they are not of the internet, at any port, e.g. `10.20.0.0/16`; `none` allows no such. Unset: this machine itself (`127.0.0.0/8,::1/128`), so that receivers can be tried out, while nobody else reaches this server: `AGENTCLARA_HOST` is a loopback address, `TRUSTED_PROXIES` is unset, and so is `AGENTCLARA_PUBLIC_URL` unless it names this machine; otherwise none.',
  },
  {
    name: 'WEBHOOK_ALLOW_PORTS',
    default: '80,443',
    description:
      'TCP ports, separated by commas, that webhooks may go to in the internet. Networks of `WEBHOOK_ALLOW_CIDRS` are open at every port.',
  },
  {
    name: 'WEBHOOK_RETRY_SECONDS',
    default: null,
    description:
      'Seconds from each attempt of a webhook delivery to the next, separated by commas, 1 to 20 of them. Unset: `5,300,1800,7200,18000,36000,50400,72000,86400` for live and `5,15,40` for test, a fifth more or less each.',
  },
  {
    name: 'AGENTCLARA_WEBHOOK_LOG_MAX_MB',
    default: '10240',
    description:
      'How much space deliveries of webhooks and their attempts may take in the database, in MiB, 16 or more: the oldest days go first, those of attempts before those of deliveries. The current day is never dropped, nor deliveries of the last five: when there is no room even so, what receivers answered is left out.',
  },
  {
    name: 'SMTP_URL',
    default: null,
    description:
      'How mail is sent, `smtp://USER:PASSWORD@HOST:587` or `smtps://…`; characters of the password that a URL can’t hold are written as %XX. Unset: no mail is sent, and what it would say is in the log and the events.',
  },
  {
    name: 'SMTP_FROM',
    default: null,
    description: 'The sender of mail, `Clara <clara@example.com>`. Needed with `SMTP_URL`.',
  },
  {
    name: 'AGENTCLARA_ALERT_EMAILS',
    default: null,
    description:
      'Addresses, separated by commas, that are told when a webhook is disabled and names nobody itself.',
  },
  {
    name: 'REDIS_URL',
    default: null,
    description:
      'A Redis or Valkey (6.2 or newer) in which several servers count requests together, `redis://USER:PASSWORD@HOST:6379/0` or `rediss://…`. Unset: each server counts for itself, which is right for one.',
  },
  {
    name: 'AGENTCLARA_BURST_LIMIT',
    default: null,
    description:
      'A second limit for every key, `REQUESTS/SECONDS`, e.g. `100/10`: at most so many requests in any stretch of so many seconds (1 to 60). Unset: the limit of the plan alone.',
  },
  {
    name: 'AGENTCLARA_REQUEST_LOG_DAYS',
    default: '30',
    description: 'For how many days requests are kept in the request logs, 0 to 365; 0 keeps none.',
  },
  {
    name: 'AGENTCLARA_REQUEST_LOG_MAX_MB',
    default: '10240',
    description:
      'How much space request logs may take in the database, in MiB, 16 or more: the oldest days go first. The current day is never dropped: when it alone takes more, bodies are left out.',
  },
  {
    name: 'AGENTCLARA_REQUEST_LOG_REDACT',
    default: null,
    description:
      'Names of fields, separated by commas, whose values are masked in the bodies that request logs keep, e.g. `content,email,phone`. Secrets always are.',
  },
  {
    name: 'AGENTCLARA_MAX_CONNECTIONS',
    default: '4096',
    description:
      'Connections at once, 16 to 100000. At the limit, the one that has waited longest without a request makes room for a new one. Without trusted proxies, one public address (IPv6: one /64) may hold half of them, at least 64.',
  },
  {
    name: 'AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS',
    default: '1000',
    description:
      'While the server is so far behind with its work, in milliseconds, new requests are answered 503 with `Retry-After`; health checks and what runs in the background go on. 0 never refuses.',
  },
  {
    name: 'AGENTCLARA_METRICS_PORT',
    default: null,
    description:
      'TCP port of `/metrics` in the format of Prometheus, apart from the API. Unset: no metrics are served.',
  },
  {
    name: 'AGENTCLARA_METRICS_HOST',
    default: '127.0.0.1',
    description: 'Address that `/metrics` is served at. It asks for no key: keep it within your network.',
  },
  {
    name: 'AGENTCLARA_LOG_LEVEL',
    default: 'info',
    description:
      '`debug` (every request), `info`, `warn`, `error` or `silent`. Logs are JSON lines on stderr.',
  },
] as const satisfies readonly Variable[]

/** Set for clients of the API (SDK, CLI, snippets); the server knows them and ignores them. */
export const clientVariables = [
  'AGENTCLARA_API_KEY',
  'AGENTCLARA_BASE_URL',
  'AGENTCLARA_WEBHOOK_SECRET',
] as const

const MIB = 1024 * 1024
/** What an installation that nobody else reaches may send webhooks to by default. */
const LOOPBACK = ['127.0.0.0/8', '::1/128']

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
    signUp: oneOf('AGENTCLARA_SIGN_UP', read('AGENTCLARA_SIGN_UP'), ['open', 'invited', 'closed']),
    installationSecret: installationSecret(read('AGENTCLARA_INSTALLATION_SECRET')),
    defaultCountry: country(read('AGENTCLARA_DEFAULT_COUNTRY')),
    secretScanningKeysUrl: keysUrl(read('AGENTCLARA_SECRET_SCANNING_KEYS_URL') ?? ''),
    trustedProxies: networks('TRUSTED_PROXIES', read('TRUSTED_PROXIES') ?? ''),
    webhooks: webhooks(read),
    webhookRetrySeconds: retrySeconds(read('WEBHOOK_RETRY_SECONDS')),
    webhookLogMaxBytes:
      integer('AGENTCLARA_WEBHOOK_LOG_MAX_MB', read('AGENTCLARA_WEBHOOK_LOG_MAX_MB'), 16, 100_000_000) * MIB,
    smtp: smtp(read('SMTP_URL'), read('SMTP_FROM')),
    alertEmails: emails('AGENTCLARA_ALERT_EMAILS', read('AGENTCLARA_ALERT_EMAILS') ?? ''),
    redisUrl: redisUrl(read('REDIS_URL')),
    burst: burst(read('AGENTCLARA_BURST_LIMIT')),
    requestLog: {
      keepDays: integer('AGENTCLARA_REQUEST_LOG_DAYS', read('AGENTCLARA_REQUEST_LOG_DAYS'), 0, 365),
      maxBytes:
        integer('AGENTCLARA_REQUEST_LOG_MAX_MB', read('AGENTCLARA_REQUEST_LOG_MAX_MB'), 16, 100_000_000) *
        MIB,
      redact: fieldNames('AGENTCLARA_REQUEST_LOG_REDACT', read('AGENTCLARA_REQUEST_LOG_REDACT') ?? ''),
    },
    maxConnections: integer('AGENTCLARA_MAX_CONNECTIONS', read('AGENTCLARA_MAX_CONNECTIONS'), 16, 100_000),
    maxEventLoopDelayMs: integer(
      'AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS',
      read('AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS'),
      0,
      60_000,
    ),
    metrics: metrics(read('AGENTCLARA_METRICS_PORT'), read('AGENTCLARA_METRICS_HOST') ?? '127.0.0.1'),
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

function webhooks(read: (name: VariableName) => string | undefined): Config['webhooks'] {
  const ports = webhookPorts(read('WEBHOOK_ALLOW_PORTS') ?? '')
  const allow = read('WEBHOOK_ALLOW_CIDRS')
  if (allow === undefined) {
    const isDefaultLoopback = isReachedFromHereAlone(read)
    return { allow: isDefaultLoopback ? LOOPBACK : [], isDefaultLoopback, ports }
  }
  const cidrs = allow.toLowerCase() === 'none' ? [] : networks('WEBHOOK_ALLOW_CIDRS', allow)
  return { allow: cidrs, isDefaultLoopback: false, ports }
}

/** A server on a loopback address may stand behind a proxy on the same machine: then the settings that a proxy needs say so. */
function isReachedFromHereAlone(read: (name: VariableName) => string | undefined): boolean {
  const loopback = new AddressList(LOOPBACK)
  const publicName = URL.parse(read('AGENTCLARA_PUBLIC_URL') ?? 'http://localhost')?.hostname ?? ''
  return (
    loopback.includes(host(read('AGENTCLARA_HOST') ?? '127.0.0.1')) &&
    read('TRUSTED_PROXIES') === undefined &&
    (publicName === 'localhost' || loopback.includes(publicName.replaceAll(/[[\]]/g, '')))
  )
}

function webhookPorts(text: string): number[] {
  const ports = text.split(',').map((part) => part.trim())
  return [...new Set(ports.map((part) => integer('WEBHOOK_ALLOW_PORTS', part, 1, 65_535)))]
}

function retrySeconds(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const seconds = text.split(',').map((part) => Number(part.trim()))
  if (seconds.length <= 20 && seconds.every((one) => Number.isInteger(one) && one >= 1 && one <= 604_800))
    return seconds
  throw new StartError(
    `WEBHOOK_RETRY_SECONDS should look like 5,300,1800: up to 20 whole numbers from 1 to 604800, not "${text}".`,
  )
}

function smtp(url: string | undefined, from: string | undefined): Config['smtp'] {
  if (url === undefined) return undefined
  const parsed = URL.parse(url)
  if (parsed === null || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw new StartError('SMTP_URL should look like smtp://USER:PASSWORD@HOST:587, or smtps:// for TLS.')
  if (from?.includes('@') !== true)
    throw new StartError('SMTP_FROM is needed with SMTP_URL: the address that mail comes from.')
  return { url, from }
}

function emails(name: VariableName, text: string): string[] {
  const addresses = text.split(',').map((part) => part.trim())
  return addresses
    .filter((part) => part !== '')
    .map((part) => {
      if (/^[^\s@<>,]+@[^\s@<>,]+$/.test(part)) return part
      throw new StartError(`${name}: "${part}" is not an e-mail address.`)
    })
}

function redisUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const parsed = URL.parse(text)
  if (parsed !== null && /^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '') return text
  throw new StartError('REDIS_URL should look like redis://USER:PASSWORD@HOST:6379/0, or rediss:// for TLS.')
}

function burst(text: string | undefined): Config['burst'] {
  if (text === undefined) return undefined
  const [, limit, seconds] = /^(\d{1,6})\/(\d{1,2})$/.exec(text) ?? []
  const read = { limit: Number(limit), windowMs: Number(seconds) * 1000 }
  if (read.limit >= 1 && read.windowMs >= 1_000 && read.windowMs <= 60_000) return read
  throw new StartError(
    `AGENTCLARA_BURST_LIMIT should look like 100/10, requests in seconds (1 to 60), not "${text}".`,
  )
}

function fieldNames(name: VariableName, text: string): string[] {
  const names = text.split(',').map((part) => part.trim())
  return names
    .filter((part) => part !== '')
    .map((part) => {
      if (/^[A-Za-z0-9_.-]{1,64}$/.test(part)) return part
      throw new StartError(`${name}: "${part}" is not the name of a field.`)
    })
}

function metrics(port: string | undefined, at: string): Config['metrics'] {
  if (port === undefined) return undefined
  return { host: host(at), port: integer('AGENTCLARA_METRICS_PORT', port, 0, 65_535) }
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
