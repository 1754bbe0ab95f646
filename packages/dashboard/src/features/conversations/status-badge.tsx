/** The state of a conversation at a glance: whether a person is needed comes first. */
import type { Conversation } from '@agentclara/sdk'
import { Badge } from '../../ui/badge.tsx'
import { statusWords } from './words.ts'

export function StatusBadge({ conversation }: { conversation: Pick<Conversation, 'status' | 'handled_by'> }) {
  const { status, handled_by: handler } = conversation
  if (status === 'open' && handler === 'human') return <Badge tone="warning">Needs a person</Badge>
  const { label, tone } = statusWords[status]
  return <Badge tone={tone}>{label}</Badge>
}
