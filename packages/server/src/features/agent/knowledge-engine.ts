/** Clara without a language model: she answers with exact sentences of the sources, or says that she can't. */
import type { KnowledgeService } from '../knowledge/service.ts'
import { type Engine, type EngineReply, HANDOFF_TEXT, PERSON_TEXT, type Question } from './engine.ts'
import { smallTalkOf } from './small-talk.ts'

const SMALL_TALK = {
  greeting: 'Hello! What can I help you with?',
  thanks: 'You’re welcome!',
} as const

export class KnowledgeEngine implements Engine {
  readonly #knowledge: KnowledgeService

  constructor(knowledge: KnowledgeService) {
    this.#knowledge = knowledge
  }

  async reply({ environmentId, text, latest }: Question): Promise<EngineReply> {
    // A greeting before a question changes nothing; who asks for a person last gets one, whatever was asked before.
    const smallTalk = smallTalkOf(latest ?? text) === 'person' ? 'person' : smallTalkOf(text)
    if (smallTalk === 'person')
      return { kind: 'handoff', text: PERSON_TEXT, reason: 'The customer asked for a person.' }
    if (smallTalk !== undefined)
      return { kind: 'answer', text: SMALL_TALK[smallTalk], citations: [], confidence: 1 }
    const answer = await this.#knowledge.answer(environmentId, text)
    if (answer === undefined) {
      return { kind: 'handoff', text: HANDOFF_TEXT, reason: 'The knowledge does not cover the question.' }
    }
    const citations = answer.citations.map(({ sourceId, title, url, quote, start, end }) => ({
      source_id: sourceId,
      title,
      url,
      quote,
      start,
      end,
    }))
    return { kind: 'answer', text: answer.text, citations, confidence: answer.confidence }
  }
}
