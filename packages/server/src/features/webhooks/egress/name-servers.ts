/**
 * The hosts file, then the name servers and search domains of resolv.conf(5). `dns.lookup` does the same on two threads
 * of the process and can't be ended, so that a few names whose servers are silent would keep it from all others; here
 * nothing waits for a thread, and each name has an end.
 */
import { Resolver as CaresResolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Resolver } from './resolver.ts'

export interface NameServersOptions {
  /** As `dns.setServers` takes them; those of resolv.conf otherwise. */
  servers?: readonly string[]
  hostsPath?: string
  resolvConfPath?: string
  /** For a name with all of its search domains, 2.5 s by default. */
  limitMs?: number
}

const TRY_TIMEOUT_MS = 1_000
const TRIES = 2
const MAX_SEARCH_DOMAINS = 6
/** Files are read again after that time. */
const FILES_FOR_MS = 10_000

interface Files {
  hosts: ReadonlyMap<string, readonly string[]>
  searchDomains: readonly string[]
}

export class NameServers implements Resolver {
  readonly #options: NameServersOptions
  #files: Promise<Files> | undefined
  #readAtMs = 0

  constructor(options: NameServersOptions = {}) {
    this.#options = options
  }

  /** Rejects with the code of `node:dns` that says most. */
  async resolve(hostname: string): Promise<readonly string[]> {
    const name = hostname.replace(/\.$/, '').toLowerCase()
    const { hosts, searchDomains } = await this.#readFiles()
    const listed = hosts.get(name)
    if (listed !== undefined) return listed
    // RFC 6761, section 6.3: never asked for.
    if (name === 'localhost' || name.endsWith('.localhost')) {
      return hosts.get('localhost') ?? ['127.0.0.1', '::1']
    }
    const resolver = new CaresResolver({ timeout: TRY_TIMEOUT_MS, tries: TRIES })
    if (this.#options.servers !== undefined) resolver.setServers(this.#options.servers)
    const end = new AbortController()
    const timer = setTimeout(() => {
      end.abort()
      resolver.cancel()
    }, this.#options.limitMs ?? 2_500)
    try {
      // What ends in a dot is whole.
      const suffixes = hostname.endsWith('.') ? [] : searchDomains
      return await resolveFirst(
        resolver,
        [name, ...suffixes.map((domain) => `${name}.${domain}`)],
        end.signal,
      )
    } finally {
      clearTimeout(timer)
    }
  }

  #readFiles(): Promise<Files> {
    const nowMs = performance.now()
    if (this.#files === undefined || nowMs - this.#readAtMs > FILES_FOR_MS) {
      this.#readAtMs = nowMs
      this.#files = readFiles(this.#options)
    }
    return this.#files
  }
}

/** Goes on to the next name only when the one before doesn't exist. The first one's error is told. */
async function resolveFirst(
  resolver: CaresResolver,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  let first: unknown
  for (const name of names) {
    try {
      return await resolveBoth(resolver, name)
    } catch (error) {
      first ??= error
      if (!isAbsent(error) || signal.aborted) break
    }
  }
  throw first
}

async function resolveBoth(resolver: CaresResolver, name: string): Promise<string[]> {
  const settled = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  if (found.length > 0) return found
  const errors = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []))
  throw (
    errors.find((error) => !isAbsent(error)) ??
    errors[0] ??
    Object.assign(new Error(name), { code: 'ENODATA' })
  )
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')
}

async function readFiles({
  hostsPath = '/etc/hosts',
  resolvConfPath = '/etc/resolv.conf',
}: NameServersOptions): Promise<Files> {
  const [hosts, resolvConf] = await Promise.all([linesOf(hostsPath), linesOf(resolvConfPath)])
  // The last one counts: resolv.conf(5).
  const search = resolvConf.findLast(([keyword]) => keyword === 'search' || keyword === 'domain')
  const searchDomains = (search ?? []).slice(1).map((domain) => domain.replace(/\.$/, ''))
  return {
    hosts: hostsOf(hosts),
    searchDomains: searchDomains.filter((domain) => domain !== '').slice(0, MAX_SEARCH_DOMAINS),
  }
}

/** Words of each line, without comments; none of a file that isn't there. */
async function linesOf(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  )
}

function hostsOf(lines: readonly string[][]): Map<string, string[]> {
  const hosts = new Map<string, string[]>()
  for (const [address = '', ...names] of lines) {
    if (isIP(address) === 0) continue
    for (const name of names.map((text) => text.toLowerCase())) {
      const known = hosts.get(name) ?? []
      if (!known.includes(address)) hosts.set(name, [...known, address])
    }
  }
  return hosts
}
