/** What somebody who rotates a key has to know: who still uses the old secret, and whether it is safe to end it. Pure. */

/** A caller of one secret: everything that came from one address with one user agent. */
export interface Caller {
  address: string
  userAgent: string
  endpoints: string[]
  lastUsedAt: Date
  requests: number
}

/** One row of what was counted. */
export interface Use {
  secretId: string
  address: string
  userAgent: string
  endpoint: string
  lastUsedAt: Date | null
  requests: number
}

export interface RotationInput {
  currentSecretId: string
  oldSecretId: string
  startedAt: Date
  endsAt: Date
  uses: readonly Use[]
  now: Date
}

export interface Cockpit {
  /** Callers that used the old secret since the rotation began, and not the new one since. The latest first. */
  stillOnOld: Caller[]
  oldLastUsedAt: Date | null
  /** Then the old secret ends by itself. */
  endsAt: Date
  /** How long nobody has used the old secret; counted from the start of the rotation when nobody did since. */
  idleSeconds: number
  isSafeToFinish: boolean
  message: string
}

/** So long nobody must have used the old secret before ending it is called safe: longer than most schedules pause. */
const SAFE_IDLE_SECONDS = 600

export function rotationCockpit({
  currentSecretId,
  oldSecretId,
  startedAt,
  endsAt,
  uses,
  now,
}: RotationInput): Cockpit {
  const onOld = callersOf(uses, oldSecretId)
  const onNew = new Map(callersOf(uses, currentSecretId).map((caller) => [nameOf(caller), caller]))
  const stillOnOld = onOld.filter((caller) => {
    if (caller.lastUsedAt < startedAt) return false
    const moved = onNew.get(nameOf(caller))
    return moved === undefined || moved.lastUsedAt < caller.lastUsedAt
  })
  const oldLastUsedAt = onOld[0]?.lastUsedAt ?? null
  const quietSince = oldLastUsedAt !== null && oldLastUsedAt > startedAt ? oldLastUsedAt : startedAt
  const idleSeconds = Math.max(0, Math.floor((now.getTime() - quietSince.getTime()) / 1000))
  const isOver = endsAt <= now
  const isSafeToFinish = isOver || idleSeconds >= SAFE_IDLE_SECONDS
  return {
    stillOnOld,
    oldLastUsedAt,
    endsAt,
    idleSeconds,
    isSafeToFinish,
    message: isOver
      ? 'The overlap has ended: the old secret is refused.'
      : isSafeToFinish
        ? `Safe to end: nobody has used the old secret for ${duration(idleSeconds)}.`
        : stillOnOld.length === 0
          ? `Nobody is known to be on the old secret; it was quiet for ${duration(idleSeconds)} so far.`
          : `${stillOnOld.length === 1 ? '1 client still uses' : `${stillOnOld.length} clients still use`} the old secret, last ${duration(idleSeconds)} ago.`,
  }
}

/** The latest first. */
function callersOf(uses: readonly Use[], secretId: string): Caller[] {
  const callers = new Map<string, Caller>()
  for (const use of uses) {
    if (use.secretId !== secretId || use.lastUsedAt === null) continue
    const known = callers.get(nameOf(use))
    if (known === undefined) {
      const { address, userAgent, requests, lastUsedAt } = use
      callers.set(nameOf(use), { address, userAgent, requests, lastUsedAt, endpoints: [use.endpoint] })
      continue
    }
    known.endpoints.push(use.endpoint)
    known.requests += use.requests
    if (use.lastUsedAt > known.lastUsedAt) known.lastUsedAt = use.lastUsedAt
  }
  return [...callers.values()].sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime())
}

function nameOf({ address, userAgent }: { address: string; userAgent: string }): string {
  return `${address}\n${userAgent}`
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} second${seconds === 1 ? '' : 's'}`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} minutes`
  return `${Math.floor(seconds / 3_600)} hours`
}
