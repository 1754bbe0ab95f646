/** What the samples of the reference are about: a thing of its own for each sample, in the state that the call needs. */
import type pg from 'pg'
import type { Ids } from '../../packages/docs-site/src/samples/examples.ts'
import { newId } from '../../packages/server/src/lib/ids.ts'
import { type Answer, call } from './server.ts'

type Ask = (route: string, body?: unknown) => Promise<Answer>

export class Things {
  readonly #ask: Ask
  readonly #receiver: string
  readonly #database: pg.Pool
  #count = 0

  constructor(url: string, key: string, receiver: string, database: pg.Pool) {
    this.#ask = (route, body) => call(url, key, route, body)
    this.#receiver = receiver
    this.#database = database
  }

  /** Of somebody whom nobody has invited. */
  newEmail(): string {
    return `guest${++this.#count}@example.com`
  }

  /** What a link of a new invitation has after `#`. */
  async invitationToken(): Promise<string> {
    const { body } = await this.#done('POST /invitations', { email: this.newEmail(), role: 'agent' })
    return new URL(body.data.url).hash.slice(1)
  }

  /** Of the operation's resource one that nobody else uses, and of what its body or query names, too. */
  async idsFor(operationId: string, path: string): Promise<Ids> {
    const noun = /([^/]+)\/\{id\}/.exec(path)?.[1]
    const ids: Record<string, string> = {}
    if (operationId === 'createClientToken') ids.contacts = await this.#contact()
    if (operationId === 'explainDelivery') ids.webhooks = await this.#webhook()
    if (noun !== undefined) ids[noun] = await this.#make(noun, operationId)
    const before = this.#before[operationId]
    if (before !== undefined && noun !== undefined) await this.#done(`POST /${noun}/${ids[noun]}/${before}`)
    return ids
  }

  /** What has to be done to a thing first: by operation, a path below it. */
  readonly #before: Readonly<Record<string, string>> = {
    finishApiKeyRotation: 'rotate',
    cancelApiKeyRotation: 'rotate',
    releaseApiKey: 'quarantine',
    reopenConversation: 'close',
    returnConversationToClara: 'handoff',
    resumeWebhook: 'pause',
  }

  #make(noun: string, operationId: string): Promise<string> {
    switch (noun) {
      case 'api_keys':
        return this.#idOf('POST /api_keys', { name: `Key ${++this.#count}` })
      case 'contacts':
        return this.#contact()
      case 'conversations':
        return this.#idOf('POST /conversations', { channel: 'web', message: 'Hello' })
      case 'sources':
        return this.#idOf('POST /knowledge/sources', { type: 'text', title: 'Hours', content: 'Open at 9.' })
      case 'webhooks':
        return this.#webhook()
      case 'deliveries':
        return this.#delivery()
      case 'recoveries':
        return this.#recovery()
      case 'invitations':
        return this.#idOf('POST /invitations', { email: this.newEmail(), role: 'agent' })
      case 'members':
        return this.#member()
      case 'events':
        return this.#first('GET /events')
      case 'request_logs':
        return this.#first('GET /request_logs')
      default:
        throw new Error(`tests/support/reference-things.ts makes no ${noun} for ${operationId}: add how`)
    }
  }

  #contact(): Promise<string> {
    return this.#idOf('POST /contacts', { name: `Contact ${++this.#count}` })
  }

  #webhook(): Promise<string> {
    return this.#idOf('POST /webhooks', { url: this.#receiver, events: ['message.received'] })
  }

  async #delivery(): Promise<string> {
    const { body } = await this.#done('POST /webhooks', { url: this.#receiver, events: ['message.received'] })
    const id = body.data.test_delivery_id as string
    for (;;) {
      const delivery = await this.#ask(`GET /deliveries/${id}`)
      if (delivery.status === 200 && delivery.body.data.status === 'succeeded') return id
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async #recovery(): Promise<string> {
    const since = new Date(Date.now() - 60_000).toISOString()
    return this.#idOf(`POST /webhooks/${await this.#webhook()}/recover`, { since })
  }

  /** People sign up by themselves, so these are put there. */
  async #member(): Promise<string> {
    const userId = newId('user')
    const id = newId('mem')
    const me = await this.#done('GET /me')
    await this.#database.query('INSERT INTO auth.users (id, name, email) VALUES ($1, $2, $3)', [
      userId,
      'Grace',
      this.newEmail(),
    ])
    await this.#database.query(
      "INSERT INTO members (id, workspace_id, user_id, role, joined_at) VALUES ($1, $2, $3, 'agent', now())",
      [id, me.body.data.workspace.id, userId],
    )
    return id
  }

  async #first(route: string): Promise<string> {
    for (;;) {
      const { body } = await this.#done(route)
      const [first] = body.data
      if (first !== undefined) return first.id
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async #idOf(route: string, body: unknown): Promise<string> {
    return (await this.#done(route, body)).body.data.id
  }

  async #done(route: string, body?: unknown): Promise<Answer> {
    const answer = await this.#ask(route, body)
    if (answer.status < 300) return answer
    throw new Error(`${route} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  }
}
