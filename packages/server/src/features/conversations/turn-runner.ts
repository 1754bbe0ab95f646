/**
 * Works on Clara's turns: asks the engine, and lets the reply land only if nobody took over, closed the
 * conversation or wrote again in the meantime. A turn whose node died is taken up by any other, so that no customer
 * is left without an answer or a person.
 */
import type { Logger } from 'pino'
import type { Db } from '../../db/client.ts'
import type { TurnStatus } from '../../db/tables/conversations.ts'
import { transact } from '../../db/transact.ts'
import type { EventLog } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { Engine, EngineReply } from '../agent/engine.ts'
import { appendMessage } from './append-message.ts'
import { lockConversation, type MessageRow } from './store.ts'
import {
  type ClaimedTurn,
  claimAbandonedTurns,
  finishTurn,
  releaseLeases,
  renewLeases,
} from './turn-store.ts'

export interface TurnOutcome {
  id: Id<'turn'>
  status: Exclude<TurnStatus, 'running'>
  reply: MessageRow | undefined
}

export interface TurnRunnerOptions {
  db: Db
  events: EventLog
  clock: Clock
  engine: Engine
  /** What Clara says when the engine fails and a person is asked for. */
  handoffText: string
  log: Logger
}

const RENEW_INTERVAL_MS = 5_000
const RESCUE_BATCH = 20
const ENGINE_TIMEOUT_MS = 60_000
/** Tries of the engine within one claim. */
const TRIES = 2
/** Claims before a turn is given up: a message that brings the process down must not do so for ever. */
const MAX_ATTEMPTS = 3

export class TurnRunner {
  readonly #options: TurnRunnerOptions
  readonly #running = new Map<Id<'turn'>, Promise<TurnOutcome>>()
  readonly #stop = new AbortController()
  #upkeep: NodeJS.Timeout | undefined

  constructor(options: TurnRunnerOptions) {
    this.#options = options
  }

  /** Takes up what other nodes, or this one before it was killed, left unfinished; now and every few seconds. */
  startUpkeep(): void {
    const tick = async (): Promise<void> => {
      try {
        if (this.#running.size > 0) await renewLeases(this.#options.db, [...this.#running.keys()])
        for (const turn of await claimAbandonedTurns(this.#options.db, RESCUE_BATCH)) this.start(turn)
      } catch (error) {
        this.#options.log.warn({ err: error }, 'turns not looked after; trying again')
      }
      if (!this.#stop.signal.aborted) this.#upkeep = setTimeout(() => void tick(), RENEW_INTERVAL_MS).unref()
    }
    void tick()
  }

  /** Begins the work. The promise never rejects for a reason of the engine; callers that don't wait may drop it. */
  start(turn: ClaimedTurn): Promise<TurnOutcome> {
    const work = this.#run(turn).finally(() => this.#running.delete(turn.id))
    this.#running.set(turn.id, work)
    work.catch((error: unknown) => {
      this.#options.log.error({ err: error, turnId: turn.id }, 'turn not finished; it is taken up again')
    })
    return work
  }

  /** The outcome, or undefined when it takes longer than `timeoutMs`, can't be stored now, or the server stops. */
  async wait(work: Promise<TurnOutcome>, timeoutMs: number): Promise<TurnOutcome | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)])
    const giveUp = (): void => resolve(undefined)
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await Promise.race([work.catch(() => undefined), promise])
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** Lets running turns finish for up to `drainMs`, then gives the rest back for another node or the next start. */
  async close(drainMs: number): Promise<void> {
    clearTimeout(this.#upkeep)
    const deadline = AbortSignal.timeout(drainMs)
    const { promise: late, resolve } = Promise.withResolvers<void>()
    deadline.addEventListener('abort', () => resolve(), { once: true })
    await Promise.race([Promise.allSettled([...this.#running.values()]), late])
    const unfinished = [...this.#running.keys()]
    this.#stop.abort()
    clearTimeout(this.#upkeep)
    if (unfinished.length === 0) return
    await releaseLeases(this.#options.db, unfinished).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'turns not given back; their leases run out')
    })
  }

  async #run(turn: ClaimedTurn): Promise<TurnOutcome> {
    const answer = turn.attempt > MAX_ATTEMPTS ? undefined : await this.#ask(turn)
    return transact(this.#options.db, async (tx): Promise<TurnOutcome> => {
      const { events, clock, handoffText } = this.#options
      const conversation = await lockConversation(tx, turn.environmentId, turn.conversationId)
      const isStillHers =
        conversation?.handled_by === 'clara' && conversation.control_version === turn.controlVersion
      const now = new Date(clock.nowMs())
      if (conversation === undefined || !isStillHers) {
        await finishTurn(tx, turn, 'superseded', now)
        return { id: turn.id, status: 'superseded', reply: undefined }
      }
      const status = answer === undefined ? 'failed' : answer.kind === 'handoff' ? 'handed_off' : 'succeeded'
      // Claims the right to reply before the reply is written; what follows commits with it or not at all.
      if (!(await finishTurn(tx, turn, status, now))) {
        return { id: turn.id, status: 'superseded', reply: undefined }
      }
      const { message } = await appendMessage(
        tx,
        events,
        turn.environment,
        conversation,
        {
          sender: 'assistant',
          visibility: 'public',
          content: answer?.text ?? handoffText,
          metadata: {},
          citations: answer?.kind === 'answer' ? answer.citations : [],
          turnId: turn.id,
          wantsReply: false,
          ...(answer?.kind === 'answer'
            ? {}
            : { handoffReason: answer?.reason ?? 'Clara could not answer: an error occurred.' }),
        },
        now.getTime(),
      )
      return { id: turn.id, status, reply: message }
    })
  }

  /** Undefined when the engine failed each time. Throws when the server stops, so that the turn stays unfinished. */
  async #ask(turn: ClaimedTurn): Promise<EngineReply | undefined> {
    const { engine, log } = this.#options
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ENGINE_TIMEOUT_MS)])
    for (let tries = 1; tries <= TRIES; tries++) {
      try {
        const { environmentId, environment, question: text } = turn
        return await engine.reply({ environmentId, environment, text, signal })
      } catch (error) {
        this.#stop.signal.throwIfAborted()
        log.warn({ err: error, turnId: turn.id, tries }, 'the engine failed')
      }
    }
    return undefined
  }
}
