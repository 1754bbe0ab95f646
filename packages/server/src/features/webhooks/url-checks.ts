/** What would be said of a URL if it were saved now: resolved and judged, never asked. For people who are still typing it. */
import { rateLimited } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { Throttle } from '../../lib/throttle.ts'
import type { Scope } from '../../principal.ts'
import { classify, type ForbiddenReason } from './egress/address-rules.ts'
import { type JudgedAddress, judgeUrl } from './egress/judge.ts'
import type { EgressPolicy } from './egress/policy.ts'
import type { Resolver } from './egress/resolver.ts'
import { parseWebhookUrl, type WebhookUrl } from './egress/url-rules.ts'

const POLICY = 'webhook_url_checks'
/** Enough for people who type, too little to go through names one after the other. */
const LIMIT = { burst: 30, perMinute: 60 }

/** Where receivers stand while they are written. */
const NEAR: ReadonlySet<string> = new Set(['loopback', 'private', 'unique-local'])

export type Network = 'internet' | ForbiddenReason

export interface UrlCheck {
  verdict: 'allowed' | 'refused' | 'unresolved'
  /** `malformed`: the text alone tells. */
  reason: 'malformed' | 'unresolved' | 'port' | ForbiddenReason | null
  message: string
  hint: string | null
  /** `address` is null where a name leads inside: who asks may not know what it resolves to. */
  addresses: { address: string | null; verdict: 'allowed' | 'refused'; network: Network }[]
}

export interface UrlChecksOptions {
  clock: Clock
  policy: EgressPolicy
  resolver?: Resolver
}

export class UrlChecks {
  readonly #options: UrlChecksOptions
  readonly #throttle = new Throttle(LIMIT)

  constructor(options: UrlChecksOptions) {
    this.#options = options
  }

  /** Throws ApiError `rate_limited` when a workspace asks for many. */
  async check(scope: Scope, text: string): Promise<UrlCheck> {
    const { clock, policy, resolver } = this.#options
    const url = parseWebhookUrl(text.trim(), policy)
    if (typeof url === 'string') {
      return {
        verdict: 'refused',
        reason: 'malformed',
        message: `The URL ${url}.`,
        hint: null,
        addresses: [],
      }
    }
    const waitMs = this.#throttle.take(scope.workspaceId, clock.nowMs())
    if (waitMs > 0) throw rateLimited(POLICY, waitMs)
    const { verdict, explanation, addresses } = await judgeUrl(
      url,
      resolver === undefined ? { policy } : { policy, resolver },
    )
    const found = { message: explanation, addresses: addresses.map(described) }
    if (verdict === 'allowed')
      return { ...found, verdict, reason: null, hint: plainTextHint(url, found.addresses) }
    if (verdict === 'unresolved') {
      const hint = 'It can be saved all the same: each request looks the name up again.'
      return { ...found, verdict, reason: 'unresolved', hint }
    }
    const forbidden = addresses.find((one) => one.verdict === 'forbidden')
    const reason = forbidden?.reason ?? 'reserved'
    const hint = NEAR.has(reason)
      ? 'For a server on your own machine, run `agentclara listen` there instead.'
      : null
    return { ...found, verdict: 'refused', reason, hint }
  }
}

function described(one: JudgedAddress): UrlCheck['addresses'][number] {
  if (one.verdict === 'allowed')
    return { address: one.address, verdict: 'allowed', network: networkOf(one.address) }
  const network = one.reason === 'port' ? 'internet' : one.reason
  return { address: one.address ?? null, verdict: 'refused', network }
}

function networkOf(address: string): Network {
  const found = classify(address)
  return found.verdict === 'public' ? 'internet' : found.reason
}

function plainTextHint(url: WebhookUrl, addresses: UrlCheck['addresses']): string | null {
  const isInternet = addresses.some((one) => one.network === 'internet')
  return isInternet && url.href.startsWith('http:')
    ? 'http:// is readable on its way: use https:// where the receiver takes it.'
    : null
}
