/** The long proof of webhooks: what is written reaches every receiver, in order and hardly ever twice, whatever breaks. */
import { setTimeout as delay } from 'node:timers/promises'
import { call, createDataFolder, createKey } from '../tests/support/server.ts'
import { Victim } from './incidents.ts'
import { behaviours, type Receiver, startReceiver } from './receivers.ts'
import { writeMessages } from './writer.ts'

const CONVERSATIONS = 300
const PER_SECOND = 60
/** Each may make 10,000 requests a minute. */
const KEYS = 4
const RETRY_SECONDS = '1,1,2,2,3,3,5,5,8,8,10,10,15,15,20,20,20,20,20,20'
/** After the last message, for what waits for receivers. */
const CATCH_UP_MS = 240_000
const MOST_DUPLICATES = 0.01
/** Duplicates come with kills, and there are as many of those among fewer messages. */
const FULL_LENGTH = 10_000
const OVERLAP_SECONDS = 45

export interface ChaosResult {
  /** Sentences, one for each guarantee that broke. */
  broken: string[]
  figures: string[]
}

/** `say` hears how it goes. Takes about five minutes with 10,000 messages. */
export async function runChaos(messages: number, say: (line: string) => void): Promise<ChaosResult> {
  const startedMs = performance.now()
  const folder = await createDataFolder()
  const victim = await Victim.start(folder, {
    WEBHOOK_RETRY_SECONDS: RETRY_SECONDS,
    AGENTCLARA_LOG_LEVEL: 'error',
  })
  const receivers = await Promise.all(behaviours.map(startReceiver))
  try {
    const keys = await createKeys(victim, folder.env)
    const [key = ''] = keys
    const webhooks = await createWebhooks(victim.url, key, receivers)
    const conversations = await createConversations(victim.url, key)
    const incidents = new Incidents(victim, messages, say, () => rotate(victim.url, key, webhooks, receivers))
    const { tries } = await writeMessages({
      url: victim.url,
      keys,
      conversations,
      messages,
      perSecond: PER_SECOND,
      onWritten: (count) => incidents.reached(count),
    })
    await incidents.over()
    say(`${messages} messages are written; receivers catch up`)
    const writtenMs = performance.now()
    const isComplete = () => receivers.every(({ ledger }) => ledger.distinct >= messages)
    while (!isComplete() && performance.now() - writtenMs < CATCH_UP_MS) await delay(100)
    const caughtUpMs = performance.now() - writtenMs
    // What would come twice, comes now.
    await delay(3_000)
    const ids = await listEventIds(victim.url, key)
    const broken = receivers.flatMap((receiver) => judge(receiver, messages, ids))
    if (ids.size !== messages) broken.push(`${ids.size} events instead of ${messages}`)
    const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
    return {
      broken,
      figures: [
        `${messages} messages in ${CONVERSATIONS} conversations, written in ${tries} tries; ${ids.size} events; server killed ${victim.kills} times, PostgreSQL restarted ${victim.restarts} times`,
        ...receivers.map(describe),
        `caught up ${seconds(caughtUpMs)} after the last message; all of it took ${seconds(performance.now() - startedMs)}`,
      ],
    }
  } finally {
    await victim.stop()
    await Promise.all(receivers.map((receiver) => receiver.stop()))
    await folder.remove()
  }
}

/** Five kills and two restarts of PostgreSQL, spread over the writing; a change of secrets in the middle. */
class Incidents {
  readonly #due: { at: number; name: string; work: () => Promise<void> }[]
  readonly #say: (line: string) => void
  #running: Promise<void> = Promise.resolve()

  constructor(victim: Victim, messages: number, say: (line: string) => void, rotate: () => Promise<void>) {
    this.#say = say
    const kill = { name: 'kill -9 of the server', work: () => victim.kill() }
    const restart = { name: 'restart of PostgreSQL', work: () => victim.restartPostgres() }
    const change = { name: 'rotation of all secrets', work: rotate }
    const order = [kill, restart, kill, change, kill, restart, kill, kill]
    this.#due = order.map((one, index) => ({
      ...one,
      at: Math.floor((messages * (index + 1)) / (order.length + 1)),
    }))
  }

  reached(count: number): void {
    const [first] = this.#due
    if (first === undefined || count < first.at) return
    this.#due.shift()
    this.#running = this.#running.then(async () => {
      const beganMs = performance.now()
      await first.work()
      this.#say(`after ${count} messages: ${first.name}, ${Math.round(performance.now() - beganMs)} ms`)
    })
  }

  over(): Promise<void> {
    return this.#running
  }
}

async function createKeys(victim: Victim, env: Record<string, string>): Promise<string[]> {
  const first = await createKey(env, 'enterprise')
  const others = Array.from({ length: KEYS - 1 }, (_, index) =>
    call(victim.url, first, 'POST /api_keys', { name: `writer ${index}` }),
  )
  return [first, ...(await Promise.all(others)).map(({ body }) => String(body.data.secret))]
}

async function createWebhooks(url: string, key: string, receivers: readonly Receiver[]): Promise<string[]> {
  const ids: string[] = []
  for (const receiver of receivers) {
    const { status, body } = await call(url, key, 'POST /webhooks', {
      url: receiver.url,
      events: ['message.sent'],
    })
    if (status !== 201) throw new Error(`no webhook: ${JSON.stringify(body)}`)
    receiver.secrets = [body.data.signing_secret]
    ids.push(body.data.id)
  }
  return ids
}

async function createConversations(url: string, key: string): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < CONVERSATIONS; index++)
    ids.push((await call(url, key, 'POST /conversations', { channel: 'web' })).body.data.id)
  return ids
}

/** For a while the old secret signs, too; a receiver may know either. */
async function rotate(
  url: string,
  key: string,
  webhooks: readonly string[],
  receivers: readonly Receiver[],
): Promise<void> {
  for (const [index, id] of webhooks.entries()) {
    const route = `POST /webhooks/${id}/rotate_secret`
    const { status, body } = await call(url, key, route, { overlap_seconds: OVERLAP_SECONDS })
    if (status !== 200) throw new Error(`no new secret: ${JSON.stringify(body)}`)
    // Half of the receivers take the new one at once, the others as late as they may.
    const take = (): void => {
      const receiver = receivers[index]
      if (receiver !== undefined) receiver.secrets = [body.data.signing_secret]
    }
    if (index % 2 === 0) setTimeout(take, 2_000)
    else setTimeout(take, (OVERLAP_SECONDS - 5) * 1000)
  }
}

async function listEventIds(url: string, key: string): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let after = 0; ; ) {
    const route = `GET /events?order=asc&limit=100&type=message.sent&after_sequence=${after}`
    const { body } = await call(url, key, route)
    if (body.data.length === 0) return ids
    for (const event of body.data) ids.add(event.id)
    after = body.data.at(-1).sequence
  }
}

function judge({ name, ledger, forged }: Receiver, messages: number, ids: ReadonlySet<string>): string[] {
  const broken: string[] = []
  const missing = [...ids].filter((id) => !ledger.ids.has(id)).length
  if (missing > 0) broken.push(`${missing} events never reached it`)
  if (ledger.distinct !== messages || ledger.contents.size !== messages)
    broken.push(`${ledger.distinct} different events and ${ledger.contents.size} different messages came`)
  if (ledger.outOfOrder.length > 0)
    broken.push(`${ledger.outOfOrder.length} out of order: ${ledger.outOfOrder.slice(0, 3).join(', ')}`)
  if (ledger.duplicates >= Math.max(messages, FULL_LENGTH) * MOST_DUPLICATES)
    broken.push(`${ledger.duplicates} came twice`)
  if (forged > 0) broken.push(`${forged} signatures were not verified`)
  return broken.map((sentence) => `the receiver that ${name}: ${sentence}`)
}

function describe({ name, ledger, verified, forged }: Receiver): string {
  const percent = ((100 * ledger.duplicates) / Math.max(1, ledger.distinct)).toFixed(2)
  return `${name.padEnd(12)} ${ledger.distinct} different, ${ledger.duplicates} duplicates (${percent} %), ${ledger.outOfOrder.length} out of order, ${ledger.refused} refused, ${verified - forged} of ${verified} signatures verified`
}
