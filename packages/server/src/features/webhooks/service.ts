/** Webhooks: made with a judged URL and a secret, changed, paused, disabled and brought back, each known to who delivers. */
import { createKeyPair, createSecret } from '@agentclara/webhook-signature'
import type { Db, Tx } from '../../db/client.ts'
import type { DisabledReason, WebhooksTable } from '../../db/tables/webhooks.ts'
import { onCommit, transact, transactOnce } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { EventLog } from '../../events/log.ts'
import type { EventType } from '../../events/types.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'
import { deliveryIdOf } from './dispatch/item.ts'
import { headerProblem } from './egress/header-rules.ts'
import { judgeUrl, type UrlJudgement } from './egress/judge.ts'
import type { EgressPolicy } from './egress/policy.ts'
import { parseWebhookUrl } from './egress/url-rules.ts'
import { type Health, readHealth } from './health.ts'
import { publicKeyOf, type WebhookVault } from './sealed.ts'
import * as store from './store.ts'

const MAX_WEBHOOKS = 100
const MAX_HEADERS = 20
/** How long a secret that was replaced is still signed with, unless told. */
export const DEFAULT_OVERLAP_SECONDS = 86_400

export interface NewWebhook {
  url: string
  events: (EventType | '*')[]
  description?: string | null | undefined
  notify_email?: string | null | undefined
  headers?: Record<string, string> | undefined
  max_per_second?: number | null | undefined
  signature?: 'v1' | 'v1a' | undefined
}

export type WebhookChange = Partial<Omit<NewWebhook, 'signature'>>

export interface WebhookServiceOptions {
  db: Db
  clock: Clock
  events: EventLog
  vault: WebhookVault
  policy: EgressPolicy
  /** A webhook was disabled; its people are told. Never rejects. */
  onDisabled: (webhook: store.WebhookRow, scope: Scope) => void
  /** It is committed. Nothing more is begun on this server as the webhook was; others hear of it a moment later. */
  onChanged: (id: Id<'we'>) => void
}

export type WatchedWebhook = store.WebhookRow & { health: Health }

export interface SavedWebhook {
  webhook: store.WebhookRow
  judgement: UrlJudgement
}

export class WebhookService {
  readonly #options: WebhookServiceOptions

  constructor(options: WebhookServiceOptions) {
    this.#options = options
  }

  /** The secret is in this answer and nowhere else. A test event is sent at once, as all others are. */
  async create(
    scope: Scope,
    input: NewWebhook,
  ): Promise<SavedWebhook & { secret: string; testDeliveryId: Id<'dlv'> }> {
    const { db, clock, vault } = this.#options
    const { environmentId } = scope
    assertHeaders(input.headers)
    const { href, judgement } = await this.#judge(input.url)
    const now = new Date(clock.nowMs())
    const made = await transactOnce(db, scope, async (tx) => {
      if ((await store.lockAndCount(tx, environmentId)) >= MAX_WEBHOOKS) {
        throw new ApiError('conflict', {
          error: `An environment has at most ${MAX_WEBHOOKS} webhooks`,
          hint: 'Delete webhooks that are no longer used.',
          details: { limit: MAX_WEBHOOKS },
        })
      }
      const id = newId('we')
      const signature = input.signature ?? 'v1'
      const secret = signature === 'v1' ? createSecret() : createKeyPair().secretKey
      await store.insertWebhook(tx, {
        id,
        environment_id: environmentId,
        url: href,
        description: input.description ?? null,
        notify_email: input.notify_email ?? null,
        events: eventsOf(input.events),
        headers: vault.sealHeaders(id, input.headers ?? {}),
        max_per_second: input.max_per_second ?? null,
        signature,
        secret: vault.sealSecret(id, secret),
        status: 'enabled',
        created_at: now,
        updated_at: now,
      })
      const testDeliveryId = await this.#appendTest(tx, environmentId, id)
      await store.announce(tx, id)
      return { webhook: await this.#get(tx, scope, id), secret, testDeliveryId }
    })
    return { ...made, judgement }
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<WatchedWebhook>> {
    const rows = await store.listWebhooks(this.#options.db, scope.environmentId, page)
    const { items, next } = toPage(rows, page.limit, (row) => [row.id])
    return { items: await this.#watch(scope, items), next }
  }

  /** With how its deliveries fare. */
  async watch(scope: Scope, id: Id<'we'>): Promise<WatchedWebhook> {
    const [watched] = await this.#watch(scope, [await this.get(scope, id)])
    if (watched === undefined) throw await notFound(this.#options.db, scope, 'webhooks', id)
    return watched
  }

  get(scope: Scope, id: Id<'we'>): Promise<store.WebhookRow> {
    return this.#get(this.#options.db, scope, id)
  }

  async update(
    scope: Scope,
    id: Id<'we'>,
    change: WebhookChange,
  ): Promise<store.WebhookRow & { judgement?: UrlJudgement }> {
    const { vault } = this.#options
    assertHeaders(change.headers)
    const judged = change.url === undefined ? undefined : await this.#judge(change.url)
    const row = await this.#change(scope, id, async (tx, current) => {
      // Or who may change a webhook could have sent what it holds to a place of their own.
      if (
        judged !== undefined &&
        change.headers === undefined &&
        current.headers !== null &&
        URL.parse(judged.href)?.origin !== URL.parse(current.url)?.origin
      ) {
        throw invalidField(
          'headers',
          'must be given again when `url` leads to another host',
          'Send the headers that the new receiver is to get, or {} for none.',
        )
      }
      await store.updateWebhook(tx, scope.environmentId, id, {
        ...(judged === undefined ? {} : { url: judged.href }),
        ...(change.events === undefined ? {} : { events: eventsOf(change.events) }),
        ...(change.description === undefined ? {} : { description: change.description }),
        ...(change.notify_email === undefined ? {} : { notify_email: change.notify_email }),
        ...(change.headers === undefined ? {} : { headers: vault.sealHeaders(id, change.headers) }),
        ...(change.max_per_second === undefined ? {} : { max_per_second: change.max_per_second }),
      })
    })
    return judged === undefined ? row : { ...row, judgement: judged.judgement }
  }

  /** For good. What was delivered stays until its days are dropped, and is found by the ids of deliveries alone. */
  async delete(scope: Scope, id: Id<'we'>): Promise<void> {
    const { db, onChanged } = this.#options
    await transactOnce(db, scope, async (tx) => {
      if (!(await store.lockWebhook(tx, scope.environmentId, id)))
        throw await notFound(tx, scope, 'webhooks', id)
      await store.deleteWebhook(tx, scope.environmentId, id)
      await store.announce(tx, id)
    })
    onChanged(id)
  }

  /** All of a workspace, in the transaction that ends it: nothing more is sent from its commit on. */
  async deleteAll(tx: Tx, workspaceId: Id<'ws'>): Promise<void> {
    const { onChanged } = this.#options
    for (const id of await store.deleteWebhooksOfWorkspace(tx, workspaceId)) {
      await store.announce(tx, id)
      onCommit(tx, () => onChanged(id))
    }
  }

  /** Keeps what comes until it is resumed. Pausing again changes nothing; 409 for one that is disabled. */
  pause(scope: Scope, id: Id<'we'>): Promise<store.WebhookRow> {
    return this.#change(scope, id, async (tx, { status }) => {
      if (status === 'disabled') {
        throw new ApiError('conflict', {
          error: 'This webhook is disabled',
          hint: 'It keeps what comes, too. Resume it to send again.',
          details: { status },
        })
      }
      await store.updateWebhook(tx, scope.environmentId, id, { status: 'paused' })
    })
  }

  /** Sends what was kept, in order. Also brings a disabled one back. */
  resume(scope: Scope, id: Id<'we'>): Promise<store.WebhookRow> {
    const { clock } = this.#options
    return this.#change(scope, id, async (tx, { status, failing_since: failingSince }) => {
      if (status === 'enabled') return
      const now = new Date(clock.nowMs())
      if (status === 'disabled' && failingSince !== null)
        await store.requeueFailed(tx, scope.environmentId, id, failingSince, now)
      await store.updateWebhook(tx, scope.environmentId, id, enabled)
      await store.clearFailing(tx, id)
    })
  }

  /** Appends an event for this webhook alone. 409 for one that isn't sent to. */
  async test(scope: Scope, id: Id<'we'>): Promise<{ deliveryId: Id<'dlv'> }> {
    const { db } = this.#options
    const made = await transactOnce(db, scope, async (tx) => {
      const { status } = await this.#get(tx, scope, id)
      if (status !== 'enabled') {
        throw new ApiError('conflict', {
          error: `This webhook is ${status}`,
          hint: 'Resume it first: a test event would wait like all others.',
          details: { status },
        })
      }
      return { deliveryId: await this.#appendTest(tx, scope.environmentId, id) }
    })
    return made
  }

  /** The new secret is in this answer and nowhere else. Until the overlap ends, both sign. */
  async rotateSecret(
    scope: Scope,
    id: Id<'we'>,
    overlapSeconds: number,
  ): Promise<{ webhook: store.WebhookRow; secret: string }> {
    const { db, clock, vault, onChanged } = this.#options
    const rotated = await transactOnce(db, scope, async (tx) => {
      if (!(await store.lockWebhook(tx, scope.environmentId, id)))
        throw await notFound(tx, scope, 'webhooks', id)
      const current = await this.#get(tx, scope, id)
      const now = new Date(clock.nowMs())
      const secret = current.signature === 'v1' ? createSecret() : createKeyPair().secretKey
      await store.updateWebhook(tx, scope.environmentId, id, {
        secret: vault.sealSecret(id, secret),
        old_secret: overlapSeconds === 0 ? null : current.secret,
        old_secret_ends_at: overlapSeconds === 0 ? null : new Date(now.getTime() + overlapSeconds * 1000),
        updated_at: now,
      })
      await store.announce(tx, id)
      return { webhook: await this.#get(tx, scope, id), secret }
    })
    onChanged(id)
    return rotated
  }

  /** What may be shown of what is sealed: names of headers, and the public key that `v1a` is verified with. */
  describeSealed({ id, signature, secret, headers }: store.WebhookRow) {
    const { vault } = this.#options
    return {
      headerNames: Object.keys(vault.openHeaders(id, headers)),
      verificationKey: signature === 'v1' ? null : publicKeyOf(vault.openSecret(id, secret)),
    }
  }

  /** Nothing got through for too long, or the receiver said that it is gone. Does nothing when it isn't enabled. */
  async disable(scope: Scope, id: Id<'we'>, reason: DisabledReason, failingSince: Date): Promise<void> {
    const { db, clock, events, onDisabled } = this.#options
    const { environmentId } = scope
    const disabled = await transact(db, async (tx) => {
      if (!(await store.lockWebhook(tx, environmentId, id))) return undefined
      const current = await this.#get(tx, scope, id)
      if (current.status !== 'enabled') return undefined
      const now = new Date(clock.nowMs())
      await store.updateWebhook(tx, environmentId, id, {
        status: 'disabled',
        disabled_reason: reason,
        disabled_at: now,
        updated_at: now,
      })
      await events.append(tx, environmentId, {
        type: 'webhook.disabled',
        data: { webhook_id: id, url: current.url, reason, failing_since: failingSince.toISOString() },
      })
      await store.announce(tx, id)
      return this.#get(tx, scope, id)
    })
    if (disabled !== undefined) onDisabled(disabled, scope)
  }

  /** A disabled one answered a probe: it is sent what it missed. */
  async recover(scope: Scope, id: Id<'we'>, failingSince: Date | null): Promise<void> {
    const { db, clock, events } = this.#options
    const { environmentId } = scope
    await transact(db, async (tx) => {
      if (!(await store.lockWebhook(tx, environmentId, id))) return
      const current = await this.#get(tx, scope, id)
      if (current.status !== 'disabled') return
      const now = new Date(clock.nowMs())
      await store.updateWebhook(tx, environmentId, id, { ...enabled, updated_at: now })
      if (failingSince !== null) await store.requeueFailed(tx, environmentId, id, failingSince, now)
      await events.append(tx, environmentId, {
        type: 'webhook.recovered',
        data: { webhook_id: id, url: current.url, disabled_at: current.disabled_at?.toISOString() ?? null },
      })
      await store.announce(tx, id)
    })
  }

  async #watch(scope: Scope, rows: readonly store.WebhookRow[]): Promise<WatchedWebhook[]> {
    const { db, clock } = this.#options
    const ids = rows.map((row) => row.id)
    const healths = await readHealth(db, scope.environmentId, ids, clock.nowMs())
    return rows.flatMap((row) => {
      const health = healths.get(row.id)
      return health === undefined ? [] : [{ ...row, health }]
    })
  }

  async #get(db: Db | Tx, scope: Scope, id: Id<'we'>): Promise<store.WebhookRow> {
    const row = await store.findWebhook(db, scope.environmentId, id)
    if (row === undefined) throw await notFound(db, scope, 'webhooks', id)
    return row
  }

  async #change(
    scope: Scope,
    id: Id<'we'>,
    work: (tx: Tx, current: store.WebhookRow) => Promise<void>,
  ): Promise<store.WebhookRow> {
    const { db, clock, onChanged } = this.#options
    const changed = await transactOnce(db, scope, async (tx) => {
      if (!(await store.lockWebhook(tx, scope.environmentId, id)))
        throw await notFound(tx, scope, 'webhooks', id)
      await work(tx, await this.#get(tx, scope, id))
      await store.updateWebhook(tx, scope.environmentId, id, { updated_at: new Date(clock.nowMs()) })
      await store.announce(tx, id)
      return this.#get(tx, scope, id)
    })
    onChanged(id)
    return changed
  }

  async #appendTest(tx: Tx, environmentId: Id<'env'>, id: Id<'we'>): Promise<Id<'dlv'>> {
    const event = await this.#options.events.appendOne(tx, environmentId, {
      type: 'webhook.test',
      data: { webhook_id: id, message: 'It works: this is what events look like.' },
    })
    return deliveryIdOf(id, event)
  }

  async #judge(text: string): Promise<{ href: string; judgement: UrlJudgement }> {
    const { policy } = this.#options
    const url = parseWebhookUrl(text, policy)
    if (typeof url === 'string') throw invalidField('url', url)
    const judgement = await judgeUrl(url, { policy })
    if (judgement.verdict !== 'forbidden') return { href: url.href, judgement }
    throw new ApiError('validation_failed', {
      error: `\`url\` can’t be used: ${judgement.explanation}`,
      param: 'url',
      details: { addresses: judgement.addresses },
      hint: 'Webhooks go to addresses in the internet, and to those that the operator of this server allows.',
    })
  }
}

const enabled = {
  status: 'enabled',
  disabled_reason: null,
  disabled_at: null,
} as const satisfies Partial<WebhooksTable>

function eventsOf(events: readonly string[]): string[] {
  return events.includes('*') ? ['*'] : [...new Set(events)]
}

function assertHeaders(headers: Readonly<Record<string, string>> | undefined): void {
  const entries = Object.entries(headers ?? {})
  if (entries.length > MAX_HEADERS) throw invalidField('headers', `must have at most ${MAX_HEADERS} entries`)
  for (const [name, value] of entries) {
    const problem =
      headerProblem(name, value) ?? (isOurs(name) ? 'is set by this server: remove it' : undefined)
    if (problem !== undefined) throw invalidField(`headers.${name}`, problem)
  }
}

function isOurs(name: string): boolean {
  return /^(?:webhook-.*|content-type|user-agent|agentclara-.*)$/i.test(name)
}
