/** What somebody who rotates a key has to know: who still uses the old secret, and whether it is safe to end it. Pure. */

/** A client of one secret: everything that came from one address with one user agent. */
export interface Client {
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
  /** Clients that used the old secret since the rotation began, and not the new one since. The latest first. */
  stillOnOld: Client[]
  oldLastUsedAt: Date | null
  /** Then the old secret ends by itself. */
  endsAt: Date
  /** How long nobody has used the old secret; counted from the start of the rotation when nobody did since. */
  idleSeconds: number
  isSafeToFinish: boolean
  message: string
}

/** So long nobody must have used the old secret before ending it is called safe, when every caller has moved. */
const SAFE_IDLE_SECONDS = 600
/** The same while some callers were not seen with the new one: they may be gone, or a job that runs each hour. */
const SAFE_IDLE_SECONDS_WITH_STRAGGLERS = 5_400

export function rotationCockpit({
  currentSecretId,
  oldSecretId,
  startedAt,
  endsAt,
  uses,
  now,
}: RotationInput): Cockpit {
  const onOld = clientsOf(uses, oldSecretId)
  const onNew = new Map(clientsOf(uses, currentSecretId).map((client) => [nameOf(client), client]))
  const stillOnOld = onOld.filter((client) => {
    if (client.lastUsedAt < startedAt) return false
    const moved = onNew.get(nameOf(client))
    return moved === undefined || moved.lastUsedAt < client.lastUsedAt
  })
  const oldLastUsedAt = onOld[0]?.lastUsedAt ?? null
  const quietSince = oldLastUsedAt !== null && oldLastUsedAt > startedAt ? oldLastUsedAt : startedAt
  const idleSeconds = Math.max(0, Math.floor((now.getTime() - quietSince.getTime()) / 1000))
  const isOver = endsAt <= now
  const neededSeconds = stillOnOld.length === 0 ? SAFE_IDLE_SECONDS : SAFE_IDLE_SECONDS_WITH_STRAGGLERS
  const isSafeToFinish = isOver || idleSeconds >= neededSeconds
  return {
    stillOnOld,
    oldLastUsedAt,
    endsAt,
    idleSeconds,
    isSafeToFinish,
    message: isOver
      ? 'The overlap has ended: the old secret is refused.'
      : messageOf(stillOnOld.length, idleSeconds, isSafeToFinish),
  }
}

function messageOf(stragglers: number, idleSeconds: number, isSafe: boolean): string {
  const quiet = duration(idleSeconds)
  const unseen = `${stragglers === 1 ? '1 client was' : `${stragglers} clients were`} not seen with the new secret`
  if (isSafe) {
    const safe = `Safe to end: nobody has used the old secret for ${quiet}.`
    return stragglers === 0 ? safe : `${safe} ${unseen}: gone, or seldom run.`
  }
  if (stragglers === 0) return `Nobody is known to be on the old secret; it was quiet for ${quiet} so far.`
  if (idleSeconds >= SAFE_IDLE_SECONDS) {
    return `Quiet for ${quiet}, but ${unseen} yet: a job that runs less often would fail.`
  }
  return `${stragglers === 1 ? '1 client still uses' : `${stragglers} clients still use`} the old secret, last ${quiet} ago.`
}

/** The latest first. */
function clientsOf(uses: readonly Use[], secretId: string): Client[] {
  const clients = new Map<string, Client>()
  for (const use of uses) {
    if (use.secretId !== secretId || use.lastUsedAt === null) continue
    const known = clients.get(nameOf(use))
    if (known === undefined) {
      const { address, userAgent, requests, lastUsedAt } = use
      clients.set(nameOf(use), { address, userAgent, requests, lastUsedAt, endpoints: [use.endpoint] })
      continue
    }
    known.endpoints.push(use.endpoint)
    known.requests += use.requests
    if (use.lastUsedAt > known.lastUsedAt) known.lastUsedAt = use.lastUsedAt
  }
  return [...clients.values()].sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime())
}

function nameOf({ address, userAgent }: { address: string; userAgent: string }): string {
  return `${address}\n${userAgent}`
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} second${seconds === 1 ? '' : 's'}`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} minutes`
  return `${Math.floor(seconds / 3_600)} hours`
}
