/** Who made a key, in a word or two. Pure. */

export interface Creator {
  type: string
  id: string | null
  name: string | null
}

export function creatorInWords({ type, id, name }: Creator, myUserId: string): string {
  if (type === 'member') return id === myUserId ? 'You' : (name ?? 'A member')
  if (type === 'api_key') return `Key “${name ?? id ?? 'unknown'}”`
  return type === 'admin' ? 'Admin command' : 'AgentClara'
}
