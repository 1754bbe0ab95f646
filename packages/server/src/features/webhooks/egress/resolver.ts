/** From names to addresses. */
import { lookup } from 'node:dns/promises'

export interface Resolver {
  /** Every address of the name, of both families. Rejects when there is none or it can't be told. */
  resolve(hostname: string): Promise<readonly string[]>
}

/** What the system does for every program: hosts file, search domains, name servers. */
export const systemResolver: Resolver = {
  async resolve(hostname) {
    const found = await lookup(hostname, { all: true, order: 'verbatim' })
    return found.map(({ address }) => address)
  },
}

/**
 * Asks once for all who ask at the same time. Node has two threads for the system's resolver: many connections to one
 * name whose servers are silent would keep them from all other names. Nothing is remembered after the answer.
 */
export class SharedResolver implements Resolver {
  readonly #resolver: Resolver
  readonly #asking = new Map<string, Promise<readonly string[]>>()

  constructor(resolver: Resolver) {
    this.#resolver = resolver
  }

  resolve(hostname: string): Promise<readonly string[]> {
    const underWay = this.#asking.get(hostname)
    if (underWay !== undefined) return underWay
    const asked = this.#resolver.resolve(hostname).finally(() => this.#asking.delete(hostname))
    this.#asking.set(hostname, asked)
    return asked
  }
}

/** What went wrong with a name, for people; goes on from the name. */
export function resolveProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOTFOUND' || code === 'ENODATA') return 'has no address in the DNS'
  if (code === 'EAI_AGAIN' || code === 'ETIMEOUT' || code === 'ECONNREFUSED') {
    return 'can’t be resolved: the name servers don’t answer'
  }
  return `can’t be resolved${code === '' ? '' : ` (${code})`}`
}
