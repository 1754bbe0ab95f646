/** What is said about a webhook's URL when it is saved: where it leads now, and whether requests may go there. */
import { within } from '../../../lib/within.ts'
import type { ForbiddenReason } from './address-rules.ts'
import type { EgressPolicy } from './policy.ts'
import { type Resolver, resolveProblem, systemResolver } from './resolver.ts'
import type { WebhookUrl } from './url-rules.ts'

const RESOLVE_TIMEOUT_MS = 3_000

export interface UrlJudgement {
  host: string
  port: number
  addresses: readonly JudgedAddress[]
  /** One forbidden address makes the URL forbidden. `unresolved`: it may become allowed; each request judges again. */
  verdict: 'allowed' | 'forbidden' | 'unresolved'
  /** One sentence with where it leads, the reason and the fix. */
  explanation: string
}

export type JudgedAddress =
  | { address: string; verdict: 'allowed' }
  /** The address only where the URL has it: what a name inside resolves to isn't told to who may not go there. */
  | { address?: string; verdict: 'forbidden'; reason: ForbiddenReason | 'port' }

export interface JudgeOptions {
  policy: EgressPolicy
  resolver?: Resolver
  resolveTimeoutMs?: number
}

/** Never rejects. Takes what `parseWebhookUrl` made. */
export async function judgeUrl(url: WebhookUrl, options: JudgeOptions): Promise<UrlJudgement> {
  const { host, port, isAddress } = url
  const { policy, resolver = systemResolver, resolveTimeoutMs = RESOLVE_TIMEOUT_MS } = options
  const found = isAddress ? [host] : await addressesOf(host, resolver, resolveTimeoutMs)
  if (typeof found === 'string') {
    return { host, port, addresses: [], verdict: 'unresolved', explanation: found }
  }
  const judged = found.map((address) => ({ address, ...policy.judge(address, port) }))
  const addresses = judged.map(
    ({ address, ...one }): JudgedAddress =>
      one.verdict === 'allowed'
        ? { address, verdict: one.verdict }
        : { ...(isAddress ? { address } : {}), verdict: one.verdict, reason: one.reason },
  )
  for (const { address, ...one } of judged) {
    if (one.verdict !== 'forbidden') continue
    const explanation = policy.explainForbidden(address, port, one.reason, isAddress ? undefined : host)
    return { host, port, addresses, verdict: 'forbidden', explanation }
  }
  const listed = judged.find((one) => one.verdict === 'allowed' && one.isAllowListed)?.address
  const explanation = explainAllowed(host, found, listed, policy)
  return { host, port, addresses, verdict: 'allowed', explanation }
}

/** Or a sentence. */
async function addressesOf(
  host: string,
  resolver: Resolver,
  timeoutMs: number,
): Promise<readonly string[] | string> {
  const answer = resolver.resolve(host).then(
    (addresses) =>
      addresses.length > 0 ? [...new Set(addresses)] : `${host} has no address in the DNS: check the name.`,
    (error: unknown) => `${host} ${resolveProblem(error)}: check the name.`,
  )
  return within(answer, timeoutMs, `${host} wasn’t resolved within ${timeoutMs / 1000} s: check the name.`)
}

function explainAllowed(
  host: string,
  addresses: readonly string[],
  listed: string | undefined,
  policy: EgressPolicy,
): string {
  const [first = ''] = addresses
  const subject =
    host === first
      ? host
      : `${host} resolves to ${addresses.length > 1 ? addresses.join(', ') : first}, which`
  const verb = addresses.length > 1 ? 'are' : 'is'
  if (listed === undefined) return `${subject} ${verb} in the internet.`
  const why = policy.isDefaultLoopback
    ? 'because nobody but this machine reaches this server; where others do, WEBHOOK_ALLOW_CIDRS must name it'
    : 'by WEBHOOK_ALLOW_CIDRS'
  return `${subject} ${verb} allowed ${why}.`
}
