/** Where this installation lets webhooks go: the internet, at the usual ports, and what its operator allows beside. */
import type { Config } from '../../../config.ts'
import { AddressList } from '../../../lib/cidr.ts'
import { classify, type ForbiddenReason, reasonText } from './address-rules.ts'

export type AddressJudgement =
  /** `isAllowListed`: by WEBHOOK_ALLOW_CIDRS, or by its default. */
  { verdict: 'allowed'; isAllowListed: boolean } | { verdict: 'forbidden'; reason: ForbiddenReason | 'port' }

export class EgressPolicy {
  readonly ports: readonly number[]
  /** The allow list is what an operator gets who named none. */
  readonly isDefaultLoopback: boolean
  readonly #allow: AddressList

  /** Throws TypeError for what `parseCidr` doesn't take. */
  constructor({ allow, isDefaultLoopback, ports }: Config['webhooks']) {
    this.#allow = new AddressList(allow)
    this.isDefaultLoopback = isDefaultLoopback
    this.ports = ports
  }

  /**
   * The allow list is asked for the address as it is written: that 127.0.0.0/8 is allowed doesn't allow the loopback
   * interface of a NAT64 gateway.
   */
  judge(address: string, port: number): AddressJudgement {
    if (this.#allow.includes(address)) return { verdict: 'allowed', isAllowListed: true }
    const found = classify(address)
    if (found.verdict === 'forbidden') return found
    if (!this.ports.includes(port)) return { verdict: 'forbidden', reason: 'port' }
    return { verdict: 'allowed', isAllowListed: false }
  }

  /** Some address may be reached at this port. */
  mayUsePort(port: number): boolean {
    return this.ports.includes(port) || this.#allow.cidrs.length > 0
  }

  /** Names the ports and the fix: "must use port 80 or 443, …". */
  get portRule(): string {
    const ports = new Intl.ListFormat('en', { type: 'disjunction' }).format(this.ports.map(String))
    return `must use port ${ports}; the operator of this server can allow others in WEBHOOK_ALLOW_PORTS`
  }

  /**
   * One sentence with the reason and the fix. `host` is a name that resolved to the address, which then isn't told:
   * who asks may not know what the operator's name servers say of names inside.
   */
  explainForbidden(address: string, port: number, reason: ForbiddenReason | 'port', host?: string): string {
    if (reason === 'port')
      return `${host ?? address} can’t be reached at port ${port}: a webhook ${this.portRule}.`
    const subject = host === undefined ? address : `${host} resolves to an address that`
    const fix =
      'use a URL that the internet can reach, or let the operator of this server allow the network in WEBHOOK_ALLOW_CIDRS'
    return `${subject} is ${reasonText[reason]}, where webhooks may not go: ${fix}.`
  }
}
