/**
 * Who may report: anyone, a few times a minute from each group of addresses, and GitHub without limit, known by its
 * signature, which is checked over the bytes of the body before anything is read from them. Until then it is a claim,
 * which costs a connection and a body: there are few at once, and few a minute from where none ever held.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { invalidField, rateLimited } from '../../errors.ts'
import { readJson } from '../../http/json-body.ts'
import { addressGroup } from '../../lib/address-group.ts'
import { plainAddress } from '../../lib/cidr.ts'
import type { Clock } from '../../lib/clock.ts'
import { findJsonProblem } from '../../lib/json.ts'
import { Throttle } from '../../lib/throttle.ts'
import type { PublicKeys } from './public-keys.ts'
import { withoutSecrets } from './schema.ts'
import { checkSignature, IDENTIFIER_HEADER, SIGNATURE_HEADER } from './signature.ts'

const POLICY = 'leak_reports'
const LIMIT = { burst: 10, perMinute: 10 }
const CLAIM_LIMIT = { burst: 30, perMinute: 30 }
/** Claims whose body is on its way or being checked: of one group of addresses, and of all. A proven group may have all. */
const MAX_CLAIMS_PER_GROUP = 8
const MAX_CLAIMS = 64
const CLAIMS_RETRY_MS = 5_000
/** Groups of addresses remembered for a signature that held; the one that was used longest ago is forgotten. */
const MAX_PROVEN_GROUPS = 1_000

export class Admission {
  readonly #publicKeys: PublicKeys
  readonly #clock: Clock
  readonly #throttle = new Throttle(LIMIT)
  readonly #claimThrottle = new Throttle(CLAIM_LIMIT)
  /** The groups of addresses of the claims that are under way. */
  readonly #claims = new Map<FastifyRequest, string>()
  readonly #proven = new LRUCache<string, true>({ max: MAX_PROVEN_GROUPS })

  constructor(publicKeys: PublicKeys, clock: Clock) {
    this.#publicKeys = publicKeys
    this.#clock = clock
  }

  /**
   * Before the body is read. Throws ApiError `rate_limited`. What says that it is GitHub's has limits of its own, and
   * a flood of others' reports from the same addresses doesn't keep it out.
   */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    if (!claimsSignature(request)) {
      this.#count(request)
      return
    }
    const group = groupOf(request)
    let ofGroup = 0
    for (const other of this.#claims.values()) if (other === group) ofGroup += 1
    if (this.#proven.has(group)) {
      if (ofGroup >= MAX_CLAIMS) throw rateLimited(POLICY, CLAIMS_RETRY_MS)
    } else {
      if (ofGroup >= MAX_CLAIMS_PER_GROUP || this.#claims.size >= MAX_CLAIMS)
        throw rateLimited(POLICY, CLAIMS_RETRY_MS)
      const waitMs = this.#claimThrottle.take(group, this.#clock.nowMs())
      if (waitMs > 0) throw rateLimited(POLICY, waitMs)
    }
    this.#claims.set(request, group)
    reply.raw.once('close', () => this.#claims.delete(request))
  }

  /**
   * The value of a body that may be acted upon. Throws ApiError: `unauthorized` for a list, or anything that claims a
   * signature, without a valid one, `unavailable` when that can't be told, `malformed_json`, `validation_failed`.
   */
  async read(request: FastifyRequest, body: Buffer): Promise<unknown> {
    if (claimsSignature(request)) {
      try {
        await this.#checkSignature(request, body)
        this.#proven.set(groupOf(request), true)
      } catch (error) {
        this.#count(request)
        throw error
      } finally {
        this.#claims.delete(request)
      }
    } else if (isList(body)) {
      await this.#checkSignature(request, body)
    }
    return checkTexts(readJson(body))
  }

  #checkSignature(request: FastifyRequest, body: Buffer): Promise<void> {
    const identifier = headerOf(request, IDENTIFIER_HEADER)
    const signature = headerOf(request, SIGNATURE_HEADER)
    return checkSignature({ body, identifier, signature }, (id) => this.#publicKeys.find(id))
  }

  #count(request: FastifyRequest): void {
    const waitMs = this.#throttle.take(groupOf(request), this.#clock.nowMs())
    if (waitMs > 0) throw rateLimited(POLICY, waitMs)
  }
}

/** Plain: no zone, no IPv4-mapped IPv6. Empty for a client that has hung up already, whatever the type of `ip` says. */
export function addressOf(request: FastifyRequest): string {
  return plainAddress(request.ip ?? '')
}

function groupOf(request: FastifyRequest): string {
  return addressGroup(addressOf(request))
}

function claimsSignature(request: FastifyRequest): boolean {
  return [IDENTIFIER_HEADER, SIGNATURE_HEADER].some((name) => headerOf(request, name) !== undefined)
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Whether the JSON text is a list, if it is JSON at all (RFC 8259, section 2: blanks, then the value). */
function isList(body: Buffer): boolean {
  const first = body.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
  return first === 0x5b
}

/** A list is judged entry by entry: it may be as long as a body may be. */
function checkTexts(value: unknown): unknown {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) refuseProblem(entry, `[${index}]`)
  } else {
    refuseProblem(value, '')
  }
  return value
}

function refuseProblem(value: unknown, place: string): void {
  const found = findJsonProblem(value)
  if (found === undefined) return
  const isField = place !== '' && found.path !== '' && !found.path.startsWith('[')
  const path = `${place}${isField ? '.' : ''}${found.path}`
  throw invalidField(path === '' ? 'body' : withoutSecrets(path).slice(0, 200), found.problem)
}
