/**
 * What Clara is asked in a turn: every message of the customer since somebody last answered, so that a “Hello?” after a
 * question doesn't take the question's place.
 */
import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Id } from '../../lib/ids.ts'

export interface TurnQuestion {
  /** The unanswered messages in the order they were written, a line break between them. */
  text: string
  /** The last of them alone: the one that began the turn. */
  latest: string
}

type Value<T> = T | Expression<T>

/** The messages that begin a turn and those before it; what is older is left out. */
const MAX_MESSAGES = 20
/** In UTF-16 units. The latest message is kept whole even where it alone is longer. */
const MAX_LENGTH = 20_000

/**
 * SQL of the customer's public messages up to the one that began the turn and after the last public one of anybody
 * else: an array of their texts, oldest first, at most 20. It is the same each time a turn is taken up.
 */
export function unansweredMessages(
  environmentId: Value<Id<'env'>>,
  conversationId: Value<Id<'conv'>>,
  messageId: Value<Id<'msg'>>,
): RawBuilder<string[]> {
  return sql<string[]>`(
    SELECT COALESCE(array_agg(content ORDER BY id), '{}')
      FROM (SELECT id, content, bool_and(sender = 'customer') OVER (ORDER BY id DESC) AS is_unanswered
              FROM (SELECT id, sender, content FROM messages AS message
                     WHERE message.environment_id = ${environmentId} AND message.conversation_id = ${conversationId}
                       AND message.id <= ${messageId} AND message.visibility = 'public'
                     ORDER BY id DESC LIMIT ${sql.lit(MAX_MESSAGES)}) AS latest) AS judged
     WHERE is_unanswered)`
}

export function joinQuestion(contents: string[]): TurnQuestion {
  const latest = contents.at(-1) ?? ''
  let text = latest
  for (const earlier of contents.slice(0, -1).reverse()) {
    if (earlier.length + 1 + text.length > MAX_LENGTH) break
    text = `${earlier}\n${text}`
  }
  return { text, latest }
}
