/** Asks Clara the example's question as a customer would, and teaches her the answer before if she knows none. */
import { api } from '../../lib/api.ts'
import { EXAMPLE_QUESTION, EXAMPLE_SOURCE } from './conversation-snippets.ts'

export interface Answer {
  readonly conversationId: string
  /** Null: she is still writing; the conversation shows it later. */
  readonly text: string | null
  readonly citations: readonly { readonly title: string; readonly quote: string }[]
}

export async function askClara(): Promise<Answer> {
  const { data: known } = await api.knowledge.sources.list({ limit: 1 })
  if (known.length === 0) await api.knowledge.sources.create(EXAMPLE_SOURCE)
  const conversation = await api.conversations.create({
    channel: 'web',
    sender: 'customer',
    message: EXAMPLE_QUESTION,
    reply: 'wait',
  })
  const reply = conversation.reply ?? null
  return {
    conversationId: conversation.id,
    text: reply?.content ?? null,
    citations: reply?.citations.map(({ title, quote }) => ({ title, quote })) ?? [],
  }
}
