/**
 * Clara in the test environment: the same engine, steered by what stands in double brackets in a message, so that
 * every outcome can be tried: `[[handoff]]`, `[[error]]`, `[[slow 3s]]`, `[[say …]]`. Of several messages that wait for
 * one answer the last one steers; the directives of the others have had their effect.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Engine, type EngineReply, HANDOFF_TEXT, type Question } from './engine.ts'

const MAX_SLOW_MS = 60_000

export interface Steering {
  handoff: boolean
  error: boolean
  slowMs: number
  say: string | undefined
}

const DIRECTIVE = /\[\[(handoff|error|slow (\d{1,5})(ms|s)|say ([^\]]{1,1000}))\]\]/g

export function readSteering(text: string): Steering {
  const steering: Steering = { handoff: false, error: false, slowMs: 0, say: undefined }
  for (const [, directive, amount, unit, words] of text.matchAll(DIRECTIVE)) {
    if (directive === 'handoff') steering.handoff = true
    else if (directive === 'error') steering.error = true
    else if (amount !== undefined)
      steering.slowMs = Math.min(MAX_SLOW_MS, Number(amount) * (unit === 's' ? 1000 : 1))
    else steering.say = words
  }
  return steering
}

export class SandboxEngine implements Engine {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async reply(question: Question): Promise<EngineReply> {
    if (question.environment !== 'test') return this.#engine.reply(question)
    const steering = readSteering(question.latest ?? question.text)
    if (steering.slowMs > 0) await delay(steering.slowMs, undefined, { signal: question.signal })
    if (steering.error) throw new Error('[[error]] in the message asked for it')
    if (steering.handoff)
      return { kind: 'handoff', text: HANDOFF_TEXT, reason: '[[handoff]] in the message asked for it.' }
    if (steering.say !== undefined)
      return { kind: 'answer', text: steering.say, citations: [], confidence: 1 }
    return this.#engine.reply({ ...question, text: question.text.replaceAll(DIRECTIVE, ' ') })
  }
}
