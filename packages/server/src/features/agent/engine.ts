/** What writes Clara's replies: one small interface, whatever is behind it. */
import type { StoredCitation } from '../../db/tables/conversations.ts'
import type { Id } from '../../lib/ids.ts'
import type { EnvironmentName } from '../../principal.ts'

export interface Question {
  environmentId: Id<'env'>
  environment: EnvironmentName
  /** All that waits for an answer: one message or several, a line break between them. */
  text: string
  /** The last of several messages alone. */
  latest?: string
  signal: AbortSignal
}

export type EngineReply =
  | { kind: 'answer'; text: string; citations: StoredCitation[]; confidence: number }
  | { kind: 'handoff'; text: string; reason: string }

/** May throw: the turn is then tried again, and handed to a person when it fails for good. */
export interface Engine {
  reply(question: Question): Promise<EngineReply>
}

/** What Clara says when somebody asks for a person. */
export const PERSON_TEXT = 'Of course. I’ll get a person; they will write to you here.'

/** What she says when she can't answer. */
export const HANDOFF_TEXT =
  'I’m not sure about that, so I’ll get a person to help you. They will write to you here.'
