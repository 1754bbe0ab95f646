/**
 * The public keys that GitHub signs with, read from where it publishes them and remembered. Only what nobody could
 * have known from the list in hand leads to a new question, and at most once a minute: who sends identifiers that
 * don't exist can't make this server ask more.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { ApiError } from '../../errors.ts'
import { type Clock, systemClock } from '../../lib/clock.ts'

const ASK_EVERY_MS = 60_000
/** A key that GitHub withdrew is believed no longer than this, if GitHub can be asked. */
const FRESH_MS = 60 * 60_000
/** How long an old list is trusted while GitHub can't be asked. */
const MAX_AGE_MS = 24 * 60 * 60_000
const TIMEOUT_MS = 5_000
const MAX_BYTES = 256 * 1024

export interface PublicKeysOptions {
  /** Answers `{"public_keys": [{"key_identifier", "key"}]}`, each key in PEM. */
  url: string
  clock?: Clock
  /** For the whole answer. */
  timeoutMs?: number
}

export class PublicKeys {
  readonly #url: string
  readonly #clock: Clock
  readonly #timeoutMs: number
  #keys: ReadonlyMap<string, KeyObject> = new Map()
  #readAtMs: number | undefined
  #askedAtMs: number | undefined
  #asking: Promise<void> | undefined
  /** Why the last question had no answer. */
  #problem: unknown

  constructor({ url, clock = systemClock, timeoutMs = TIMEOUT_MS }: PublicKeysOptions) {
    this.#url = url
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** The P-256 key of that name; undefined when there is none. Throws ApiError `unavailable` when that can't be told. */
  async find(identifier: string): Promise<KeyObject | undefined> {
    if (this.#trusted(identifier) === undefined || !this.#isWithin(FRESH_MS, this.#readAtMs))
      await this.#ask()
    const key = this.#trusted(identifier)
    if (key !== undefined || this.#problem === undefined) return key
    const failure = new ApiError('unavailable', {
      error: 'GitHub’s public keys can’t be read right now',
      hint: 'Send the report again; GitHub is asked for its keys once a minute.',
    })
    failure.cause = this.#problem
    throw failure
  }

  #trusted(identifier: string): KeyObject | undefined {
    return this.#isWithin(MAX_AGE_MS, this.#readAtMs) ? this.#keys.get(identifier) : undefined
  }

  /** Resolves, never rejects, once there is nothing more to learn for now. All who ask at once share one question. */
  async #ask(): Promise<void> {
    if (this.#asking === undefined && !this.#isWithin(ASK_EVERY_MS, this.#askedAtMs)) {
      this.#askedAtMs = this.#clock.nowMs()
      this.#asking = this.#read().finally(() => {
        this.#asking = undefined
      })
    }
    await this.#asking
  }

  async #read(): Promise<void> {
    try {
      this.#keys = await readKeys(this.#url, AbortSignal.timeout(this.#timeoutMs))
      this.#readAtMs = this.#clock.nowMs()
      this.#problem = undefined
    } catch (error) {
      this.#problem = error
    }
  }

  /** A clock that was set back makes what lies in its future long ago. */
  #isWithin(ageMs: number, sinceMs: number | undefined): boolean {
    if (sinceMs === undefined) return false
    const elapsedMs = this.#clock.nowMs() - sinceMs
    return elapsedMs >= 0 && elapsedMs < ageMs
  }
}

const KeyList = Type.Object({
  public_keys: Type.Array(Type.Object({ key_identifier: Type.String(), key: Type.String() })),
})

/** A redirect would let another host say who GitHub is. GitHub refuses requests without a user agent. */
async function readKeys(url: string, signal: AbortSignal): Promise<Map<string, KeyObject>> {
  const headers = { accept: 'application/json', 'user-agent': 'AgentClara' }
  const response = await fetch(url, { headers, redirect: 'error', signal })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered ${response.status}`)
  }
  const list: unknown = JSON.parse(await textOf(response))
  if (!Check(KeyList, list)) throw new Error(`${url} answered something else than a list of public keys`)
  const keys = new Map<string, KeyObject>()
  for (const { key_identifier: identifier, key } of list.public_keys) {
    const parsed = parseKey(key)
    if (parsed !== undefined) keys.set(identifier, parsed)
  }
  if (keys.size === 0) throw new Error(`${url} lists no P-256 key`)
  return keys
}

/** The body as text; an error when it is larger than 256 KiB, however well it was compressed. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bodyBytes = 0
  for await (const chunk of response.body ?? []) {
    bodyBytes += chunk.byteLength
    if (bodyBytes > MAX_BYTES) throw new Error(`${response.url} answered more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}
