/** Who uses a key: clients put together from what was counted for each endpoint. Pure. */

/** What of a client on the wire this needs. */
export interface ClientUse {
  ip: string
  user_agent: string
  endpoint: string
  last_seen: string
  requests: number
  refused: number
}

/** Everything that came from one address with one user agent. */
export interface Client {
  ip: string
  userAgent: string
  /** The most recently called first. */
  endpoints: { endpoint: string; requests: number; refused: number; lastSeen: string }[]
  lastSeen: string
  requests: number
  refused: number
}

/** The latest first. */
export function clientsOf(uses: readonly ClientUse[]): Client[] {
  const clients = new Map<string, Client>()
  for (const { ip, user_agent: userAgent, endpoint, last_seen: lastSeen, requests, refused } of uses) {
    const name = `${ip}\n${userAgent}`
    const client = clients.get(name) ?? { ip, userAgent, endpoints: [], lastSeen, requests: 0, refused: 0 }
    clients.set(name, client)
    client.endpoints.push({ endpoint, requests, refused, lastSeen })
    client.requests += requests
    client.refused += refused
    if (lastSeen > client.lastSeen) client.lastSeen = lastSeen
  }
  for (const client of clients.values()) client.endpoints.sort(byLastSeen)
  return [...clients.values()].sort(byLastSeen)
}

function byLastSeen(a: { lastSeen: string }, b: { lastSeen: string }): number {
  return b.lastSeen.localeCompare(a.lastSeen)
}

/** Clients of all secrets that were seen in the hour before, for whoever is about to revoke the key. */
export function clientsOfLastHour(
  secrets: readonly { clients: readonly ClientUse[] }[],
  nowMs: number,
): Client[] {
  const since = new Date(nowMs - 3_600_000).toISOString()
  return clientsOf(secrets.flatMap(({ clients }) => clients).filter(({ last_seen }) => last_seen >= since))
}

/** What a program calls itself, without the rest: `python-requests/2.32`, `Chrome 131`, `No user agent`. */
export function agentName(userAgent: string): string {
  if (userAgent.trim() === '') return 'No user agent'
  const browser = /(Edg|Firefox|Chrome|Version)\/(\d+)/.exec(userAgent)
  if (userAgent.startsWith('Mozilla/') && browser !== null) {
    const name = { Edg: 'Edge', Version: 'Safari' }[String(browser[1])] ?? browser[1]
    return `${name} ${browser[2]}`
  }
  return userAgent.split(/\s+/)[0] ?? userAgent
}
