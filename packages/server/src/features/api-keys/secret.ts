/** The secret of an API key as this installation makes and stores it. Its text format is @agentclara/key-format. */
import { createHmac, type KeyObject } from 'node:crypto'
import { checksum } from '@agentclara/key-format'
import { randomBase62 } from '../../lib/base62.ts'
import type { EnvironmentName } from '../../principal.ts'

const RANDOM_LENGTH = 24

export function createSecret(environment: EnvironmentName): string {
  const body = `sk_${environment}_${randomBase62(RANDOM_LENGTH)}`
  return body + checksum(body)
}

/** What is stored of a secret: HMAC-SHA-256 under a key that only this installation has. 32 bytes. */
export function hashSecret(hmacKey: KeyObject, secret: string): Buffer {
  return createHmac('sha256', hmacKey).update(secret).digest()
}
