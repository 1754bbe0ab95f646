/** What a client is made with: checked once, with defaults in place. */
import { AgentClaraError } from './errors.ts'
import { environmentVariable, isBrowser, pageUrl } from './runtime.ts'
import { VERSION } from './version.ts'

export interface ClientOptions {
  /**
   * A secret key (`sk_…`), or in a web page a client token (`ct_…`). Default: the environment variable
   * AGENTCLARA_API_KEY. Null: none is sent, and a browser's session of the same origin counts.
   */
  apiKey?: string | null
  /** Default: the environment variable AGENTCLARA_BASE_URL, or `http://localhost:4000/v1`. */
  baseUrl?: string
  /** Default: the global one. */
  fetch?: typeof fetch
  /** Sent with every request; a function is asked for each try. */
  headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>)
  /** How long each try may take. Default: 30,000. */
  timeoutMs?: number
  /** How long a call may take with all its tries and the waits between them. Default: 120,000. */
  totalTimeoutMs?: number
  /** Tries beyond the first. Default: 2. */
  maxRetries?: number
}

export interface Settings {
  apiKey: string | null
  /** Ends with a slash. */
  baseUrl: URL
  fetch: typeof fetch
  headers: () => Readonly<Record<string, string>>
  userAgent: string | undefined
  timeoutMs: number
  totalTimeoutMs: number
  maxRetries: number
}

const DEFAULT_BASE_URL = 'http://localhost:4000/v1'
const TIMEOUT_MS = 30_000
const TOTAL_TIMEOUT_MS = 120_000
const MAX_RETRIES = 2

/** Throws AgentClaraError for what can't work. */
export function readSettings(options: ClientOptions): Settings {
  const { headers = {}, timeoutMs = TIMEOUT_MS } = options
  return {
    apiKey: readApiKey(
      options.apiKey === undefined ? environmentVariable('AGENTCLARA_API_KEY') : options.apiKey,
    ),
    baseUrl: readBaseUrl(options.baseUrl ?? environmentVariable('AGENTCLARA_BASE_URL') ?? DEFAULT_BASE_URL),
    // Browsers refuse to call it as a method of something else.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    headers: typeof headers === 'function' ? headers : () => headers,
    // Pages may not set it.
    userAgent: isBrowser() ? undefined : `agentclara-js/${VERSION}`,
    timeoutMs,
    totalTimeoutMs: options.totalTimeoutMs ?? Math.max(TOTAL_TIMEOUT_MS, timeoutMs),
    maxRetries: options.maxRetries ?? MAX_RETRIES,
  }
}

function readApiKey(key: string | null | undefined): string | null {
  if (key === null) return null
  if (key === undefined || key === '') {
    throw new AgentClaraError(
      'No API key: set the environment variable AGENTCLARA_API_KEY, or pass `apiKey`. Pass null to send none.',
    )
  }
  // fetch would repeat the secret in its error.
  if (/[^!-~]/.test(key)) {
    throw new AgentClaraError(
      'The API key has white space or other characters that no key has. Copy it again, without quotes and line ends.',
    )
  }
  if (key.startsWith('sk_') && isBrowser()) {
    throw new AgentClaraError(
      'A secret key (sk_…) in a web page is a key that everyone can read, so it is not used here, and the server refuses it. Call the API from your server, or make a client token there (clientTokens.create) and give that to the page.',
    )
  }
  return key
}

function readBaseUrl(text: string): URL {
  let url: URL
  try {
    url = new URL(text, pageUrl())
  } catch {
    throw new AgentClaraError(`baseUrl ${JSON.stringify(text)} is no URL.`)
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new AgentClaraError('baseUrl must be an http or https URL.')
  if (url.username !== '' || url.password !== '')
    throw new AgentClaraError('baseUrl must not have a user or password.')
  const folder = url.pathname.replace(/\/+$/, '')
  url.pathname = `${folder.endsWith('/v1') ? folder : `${folder}/v1`}/`
  url.search = ''
  url.hash = ''
  return url
}
