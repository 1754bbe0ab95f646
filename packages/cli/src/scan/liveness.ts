/** Asks an AgentClara server what it knows of a secret: GET /v1/me with it. Nothing else is sent, and to no other host. */

export type Status = 'live' | 'revoked' | 'expired' | 'unknown' | 'not_asked'

export interface Answer {
  status: Status
  /** Why there is no answer of the server, when it was asked for one. */
  reason: string | null
}

export const NOT_ASKED: Answer = { status: 'not_asked', reason: null }

const TIMEOUT_MS = 5_000
const CONCURRENT_REQUESTS = 4
const MAX_ANSWER_BYTES = 64 * 1024

/** What the text of an option or variable says about the server, or why secrets aren't sent there. */
export function parseServer(text: string, allowInsecureHttp: boolean): URL | string {
  if (!URL.canParse(text)) return `${JSON.stringify(text)} is no URL.`
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The server must be an http or https URL.'
  if (url.username !== '' || url.password !== '') return 'The server’s URL must not have a user or password.'
  if (url.search !== '' || url.hash !== '') return 'The server’s URL must end with its path.'
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecureHttp) {
    return `Secrets are not sent to ${url.host} without encryption: use https, or --insecure-http if the network is yours.`
  }
  const folder = url.pathname.replace(/\/+$/, '')
  url.pathname = `${folder.endsWith('/v1') ? folder : `${folder}/v1`}/me`
  return url
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** In the order of the secrets. Doesn't throw: what goes wrong is the reason of an answer. */
export async function askAll(url: URL, secrets: readonly string[], userAgent: string): Promise<Answer[]> {
  const answers: Answer[] = secrets.map(() => NOT_ASKED)
  let next = 0
  const worker = async () => {
    for (let i = next++; i < secrets.length; i = next++) {
      answers[i] = await ask(url, secrets[i] ?? '', userAgent)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, worker))
  return answers
}

async function ask(url: URL, secret: string, userAgent: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${secret}`, 'user-agent': userAgent, accept: 'application/json' },
      // A redirect would take the secret elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return judge(response.status, await readBody(response))
  } catch (error) {
    return { status: 'not_asked', reason: reasonOf(error) }
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) break
  }
  return Buffer.concat(chunks).toString()
}

const STATUS_OF_CODE: Record<string, Status> = {
  api_key_revoked: 'revoked',
  api_key_expired: 'expired',
  invalid_api_key: 'unknown',
  // A known key that may not be used from here, or not for this: it works elsewhere.
  ip_not_allowed: 'live',
  api_key_quarantined: 'live',
}

/** What of an answer says that it is AgentClara's: `{"data": {"id", "secret_last_four"}}` or `{"code"}`. */
interface Body {
  data?: { id?: unknown; secret_last_four?: unknown }
  code?: unknown
}

function judge(httpStatus: number, body: string): Answer {
  let answer: Body = {}
  try {
    answer = JSON.parse(body) ?? {}
  } catch {
    // An answer that isn't JSON is none of AgentClara's.
  }
  const { id, secret_last_four: lastFour } = answer.data ?? {}
  if (httpStatus === 200 && typeof id === 'string' && typeof lastFour === 'string') {
    return { status: 'live', reason: null }
  }
  const status = [401, 403].includes(httpStatus) ? STATUS_OF_CODE[String(answer.code)] : undefined
  if (status !== undefined) return { status, reason: null }
  if (httpStatus === 429) {
    return {
      status: 'not_asked',
      reason: 'the server takes no more requests from here for now (429): scan again in a minute',
    }
  }
  if (httpStatus >= 300 && httpStatus < 400) {
    return {
      status: 'not_asked',
      reason: `the server redirects (${httpStatus}), which is not followed: give its final URL`,
    }
  }
  return { status: 'not_asked', reason: `the server answered ${httpStatus}, not as AgentClara does` }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`
  // fetch says "fetch failed" and puts what happened into the cause.
  const cause = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : undefined
  return cause?.code ?? cause?.message ?? error.message
}
