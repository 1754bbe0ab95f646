/** Clara's answers on the wire, and the citations that they and messages carry. */
import { type Static, Type } from 'typebox'
import type { StoredCitation } from '../../db/tables/conversations.ts'
import { nullable, strict } from '../../http/schemas.ts'
import type { EngineReply } from './engine.ts'

const Citation = Type.Object(
  {
    source_id: Type.String(),
    title: Type.String(),
    url: nullable(Type.String()),
    quote: Type.String({ description: 'The exact text of the source that the answer rests on.' }),
    start: Type.Integer({ description: 'Where the quote begins in the source’s content, in UTF-16 units.' }),
    end: Type.Integer(),
  },
  { $id: 'Citation' },
)

export const AskBody = strict({ question: Type.String({ minLength: 1, maxLength: 20_000, pattern: '\\S' }) })

export const AgentAnswer = Type.Object(
  {
    answer: Type.String({ description: 'What Clara would write.' }),
    citations: Type.Array(Type.Unsafe<StoredCitation>({ $ref: 'Citation#' })),
    confidence: Type.Number({ description: 'From 0 to 1; 0 when she hands over.' }),
    handoff: Type.Boolean({ description: 'True when she would get a person instead of answering.' }),
  },
  { $id: 'AgentAnswer' },
)

export const agentSchemas = [Citation, AgentAnswer]

export function answerToWire(reply: EngineReply): Static<typeof AgentAnswer> {
  if (reply.kind === 'handoff') return { answer: reply.text, citations: [], confidence: 0, handoff: true }
  return { answer: reply.text, citations: reply.citations, confidence: reply.confidence, handoff: false }
}
