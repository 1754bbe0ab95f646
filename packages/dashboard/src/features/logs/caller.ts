/** Who made a request, by name where it is known. Pure. */
import type { RequestLog } from './queries.ts'

type Caller = Pick<RequestLog, 'member' | 'api_key_id' | 'secret_hint'>

export function callerOf(
  { member, api_key_id: keyId, secret_hint: hint }: Caller,
  keyNames: ReadonlyMap<string, string>,
): string {
  if (member !== null) return member.name
  if (keyId === null) return 'Unknown'
  return keyNames.get(keyId) ?? hint ?? `…${keyId.slice(-8)}`
}
