/**
 * Works on Clara's turns: asks the engine, and lets the reply land only if nobody took over, closed the
 * conversation or wrote again in the meantime. A turn whose node died is taken up by any other, so that no customer
 * is left without an answer or a person.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../../db/client.ts'
import type { TurnStatus } from '../../db/tables/conversations.ts'
import { transact } from '../../db/transact.ts'
import type { EventLog } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { Engine, EngineReply } from '../agent/engine.ts'
import { appendMessage } from './append-message.ts'
import { wholeEnvironment } from './reach.ts'
import { Slots } from './slots.ts'
import { lockConversation, type MessageRow } from './store.ts'
import {
  type ClaimedTurn,
  claimAbandonedTurns,
  findTurnEnd,
  finishTurn,
  LEASE_MS,
  releaseLeases,
  renewLeases,
} from './turn-store.ts'

export interface TurnOutcome {
  id: Id<'turn'>
  status: Exclude<TurnStatus, 'running'>
  reply: MessageRow | undefined
}

export interface TurnLimits {
  /** How long a turn stays this node's after it was last renewed. */
  leaseMs: number
  renewIntervalMs: number
  rescueIntervalMs: number
  /** For each try of the engine. */
  engineTimeoutMs: number
  /**
   * Turns that this node works on at once. A new turn beyond it waits here, leased and renewed, until there is room;
   * of the abandoned ones no more are claimed than there is room for, so that other nodes can have them.
   */
  maxRunning: number
}

export interface TurnRunnerOptions extends Partial<TurnLimits> {
  db: Db
  events: EventLog
  clock: Clock
  engine: Engine
  /** What Clara says when the engine fails and a person is asked for. */
  handoffText: string
  log: Logger
}

const DEFAULT_LIMITS: TurnLimits = {
  leaseMs: LEASE_MS,
  renewIntervalMs: 5_000,
  rescueIntervalMs: 5_000,
  engineTimeoutMs: 60_000,
  maxRunning: 200,
}
const RESCUE_BATCH = 20
const FOLLOWED_MS = 60_000
const FOLLOW_INTERVAL_MS = 200
/** Tries of the engine within one claim. */
const TRIES = 2
/** Claims before a turn is given up: a message that brings the process down must not do so for ever. */
const MAX_ATTEMPTS = 3

export class TurnRunner {
  readonly #options: TurnRunnerOptions & TurnLimits
  readonly #slots: Slots
  /** What this node holds a lease of: at work or waiting for room. */
  readonly #held = new Map<ClaimedTurn, Promise<TurnOutcome>>()
  /** Ends the engine's work on a conversation when a newer message makes it pointless. */
  readonly #working = new Map<Id<'conv'>, { turn: ClaimedTurn; superseded: AbortController }>()
  readonly #stop = new AbortController()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isClosing = false
  #rescue: Promise<void> = Promise.resolve()
  #onRoom = (): void => {}

  constructor(options: TurnRunnerOptions) {
    this.#options = { ...DEFAULT_LIMITS, ...options }
    this.#slots = new Slots(this.#options.maxRunning)
  }

  /** Takes up what other nodes, or this one before it was killed, left unfinished; now and every few seconds. */
  startUpkeep(): void {
    const { db, log, leaseMs, renewIntervalMs, rescueIntervalMs } = this.#options
    // Two loops: leases are renewed while the other one waits for room.
    this.#repeat(renewIntervalMs, () =>
      this.#held.size === 0
        ? Promise.resolve()
        : renewLeases(db, [...this.#held.keys()], leaseMs).catch((error: unknown) =>
            log.warn({ err: error }, 'leases of turns not renewed; trying again'),
          ),
    )
    this.#repeat(rescueIntervalMs, () => {
      this.#rescue = this.#takeUpAbandoned().catch((error: unknown) =>
        log.warn({ err: error }, 'abandoned turns not taken up; trying again'),
      )
      return this.#rescue
    })
  }

  /** Begins the work. The promise never rejects for a reason of the engine; callers that don't wait may drop it. */
  start(turn: ClaimedTurn): Promise<TurnOutcome> {
    const work = this.#slots
      .use(() => this.#run(turn))
      .then(
        (outcome) => {
          this.#letGo(turn)
          return outcome
        },
        (error: unknown) => {
          // What the stop interrupted stays held until `close` gives it back.
          if (!this.#stop.signal.aborted) {
            this.#letGo(turn)
            this.#options.log.error(
              { err: error, turnId: turn.id },
              'turn not finished; it is taken up again',
            )
          }
          throw error
        },
      )
    this.#held.set(turn, work)
    work.catch(() => undefined)
    return work
  }

  /** How a turn ends that an earlier request began, and somebody else may be at work on. Rejects when the time is up. */
  async follow(turn: ClaimedTurn): Promise<TurnOutcome> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(FOLLOWED_MS)])
    for (;;) {
      const end = await findTurnEnd(this.#options.db, turn)
      if (end !== undefined) return { id: turn.id, ...end }
      await delay(FOLLOW_INTERVAL_MS, undefined, { signal })
    }
  }

  /** The outcome, or undefined when it takes longer than `timeoutMs`, can't be stored now, or the server stops. */
  wait(work: Promise<TurnOutcome>, timeoutMs: number): Promise<TurnOutcome | undefined> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)])
    return unlessAborted(signal, () => work).catch(() => undefined)
  }

  /**
   * Takes up no more abandoned turns, and lets those that are held finish for up to `drainMs`. Those that aren't done
   * by then are given back for another node or the next start; when all are done, requests may still begin more.
   */
  async drain(drainMs: number): Promise<void> {
    this.#isClosing = true
    for (const timer of this.#timers) clearTimeout(timer)
    const deadline = AbortSignal.timeout(drainMs)
    try {
      while (this.#held.size > 0 && !this.#stop.signal.aborted) {
        await unlessAborted(deadline, () => Promise.allSettled(this.#held.values()))
      }
    } catch {
      await this.close()
    }
  }

  /** Stops at once and gives back every turn that isn't done. May be called again when more were begun since. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#stop.abort()
    this.#onRoom()
    await this.#rescue
    const unfinished = [...this.#held.keys()]
    if (unfinished.length === 0) return
    await releaseLeases(this.#options.db, unfinished).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'turns not given back; their leases run out')
    })
  }

  /** Does the work, which never rejects, now and then each time `intervalMs` after it is done. */
  #repeat(intervalMs: number, work: () => Promise<void>): void {
    const again = async (): Promise<void> => {
      await work()
      if (this.#isClosing) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        void again()
      }, intervalMs).unref()
      this.#timers.add(timer)
    }
    void again()
  }

  /** Until none is left: a restart may find many more than a batch. */
  async #takeUpAbandoned(): Promise<void> {
    const { db, leaseMs, maxRunning } = this.#options
    while (!this.#isClosing) {
      const limit = Math.min(RESCUE_BATCH, maxRunning - this.#held.size)
      if (limit <= 0) {
        await new Promise<void>((resolve) => {
          this.#onRoom = resolve
        })
        continue
      }
      const claimed = await claimAbandonedTurns(db, limit, leaseMs)
      for (const turn of claimed) this.start(turn)
      if (claimed.length < limit) return
    }
  }

  #letGo(turn: ClaimedTurn): void {
    this.#held.delete(turn)
    this.#onRoom()
  }

  async #run(turn: ClaimedTurn): Promise<TurnOutcome> {
    const answer = await this.#askUnlessSuperseded(turn)
    return transact(this.#options.db, async (tx): Promise<TurnOutcome> => {
      const { events, clock, handoffText } = this.#options
      const conversation = await lockConversation(
        tx,
        wholeEnvironment(turn.environmentId),
        turn.conversationId,
      )
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

  /** One engine works on a conversation at a time, on its newest message. */
  async #askUnlessSuperseded(turn: ClaimedTurn): Promise<EngineReply | undefined> {
    const other = this.#working.get(turn.conversationId)
    // One that was claimed just before a newer message superseded it must not end the newer one's work.
    if (other !== undefined && other.turn.messageId > turn.messageId) return undefined
    other?.superseded.abort()
    const mine = { turn, superseded: new AbortController() }
    this.#working.set(turn.conversationId, mine)
    try {
      return await this.#ask(turn, mine.superseded.signal)
    } finally {
      if (this.#working.get(turn.conversationId) === mine) this.#working.delete(turn.conversationId)
    }
  }

  /**
   * Undefined when the engine failed each time, was given up or is not asked any more. Throws when the server stops, so
   * that the turn stays unfinished.
   */
  async #ask(turn: ClaimedTurn, superseded: AbortSignal): Promise<EngineReply | undefined> {
    const { engine, log, engineTimeoutMs } = this.#options
    if (turn.attempt > MAX_ATTEMPTS) return undefined
    const { environmentId, environment, question } = turn
    for (let tries = 1; tries <= TRIES; tries++) {
      const signal = AbortSignal.any([this.#stop.signal, superseded, AbortSignal.timeout(engineTimeoutMs)])
      try {
        // An engine that doesn't heed the signal is waited for no longer all the same.
        return await unlessAborted(signal, () =>
          engine.reply({ environmentId, environment, ...question, signal }),
        )
      } catch (error) {
        this.#stop.signal.throwIfAborted()
        if (superseded.aborted) return undefined
        log.warn({ reason: String(error), turnId: turn.id, tries }, 'the engine failed')
      }
    }
    return undefined
  }
}

/** The work's result. Rejects with the signal's reason as soon as it is aborted, or was before the work began. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
