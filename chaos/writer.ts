/** Writes messages as careful clients do: several connections, an idempotency key for each message, tried until it is taken. */
import { setTimeout as delay } from 'node:timers/promises'

const CONNECTIONS = 8
const RETRY_MS = 100
/** A request that isn't answered in this time is tried again. */
const TIMEOUT_MS = 10_000

export interface WriterOptions {
  url: string
  keys: readonly string[]
  conversations: readonly string[]
  messages: number
  perSecond: number
  /** So many are written. */
  onWritten(count: number): void
}

/** Message `n` has the content `message n`, each once. Throws when one is refused for good. */
export async function writeMessages(options: WriterOptions): Promise<{ tries: number }> {
  const { conversations, messages, perSecond, onWritten } = options
  let next = 0
  let written = 0
  let tries = 0
  let dueMs = performance.now()
  const work = async (): Promise<void> => {
    while (next < messages) {
      const number = next++
      // What was late is caught up with for two seconds at most.
      dueMs = Math.max(dueMs + 1000 / perSecond, performance.now() - 2_000)
      await delay(Math.max(0, dueMs - performance.now()))
      const path = `/v1/conversations/${conversations[number % conversations.length]}/messages`
      do tries += 1
      while (!(await tryOnce(options, path, number)))
      onWritten(++written)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  return { tries }
}

async function tryOnce({ url, keys }: WriterOptions, path: string, number: number): Promise<boolean> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys[number % keys.length]}`,
      'content-type': 'application/json',
      'idempotency-key': `chaos-${number}`,
    },
    body: JSON.stringify({ content: `message ${number}` }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined)
  if (response?.status === 201)
    return response.text().then(
      () => true,
      () => false,
    )
  const text = await response?.text().catch(() => '')
  // Down, coming up, or another try of the same message is still under way.
  const isPassing = response === undefined || response.status >= 500 || [409, 429].includes(response.status)
  if (!isPassing) throw new Error(`message ${number} was answered ${response.status}: ${text}`)
  await delay(RETRY_MS)
  return false
}
