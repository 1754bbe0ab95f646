/** What `agentclara listen` prints: a line per event to stdout, as text or JSON, and everything else to stderr. */
import { styleText } from 'node:util'
import type { ApiKeyMe } from '@agentclara/sdk'
import type { Host } from '../host.ts'
import type { ForwardedEvent, Outcome } from './forwarder.ts'

export interface ListenReport {
  begin: (me: ApiKeyMe, base: URL, target: URL) => void
  secret: (secret: string, isNew: boolean) => void
  connected: () => void
  broken: (reason: string, waitMs: number) => void
  waiting: (event: ForwardedEvent) => void
  outcome: (outcome: Outcome) => void
  end: (skipped: number) => void
}

/** The line of an event in JSON. Fields may be added; none is renamed or removed within a major version. */
interface Line {
  time: string
  event: string
  id: string
  sequence: number
  conversation_id: string | null
  /** Null: the receiver did not answer, and `error` says why. */
  status: number | null
  error: string | null
  took_ms: number
  tries: number
}

type Format = Parameters<typeof styleText>[0]

const NAME_WIDTH = 32

export function createListenReport(host: Host, asJson: boolean): ListenReport {
  const { stdout, stderr } = host
  const say = (text: string): void => void stderr.write(`${text}\n`)
  const paint = (format: Format, text: string): string => styleText(format, text, { stream: stdout })
  let isBroken = false
  let isFirst = true
  return {
    begin(me, base, target) {
      if (me.environment === 'live') {
        const warning =
          'WARNING: this is a live key. Real events of real people are sent to the receiver below, and it may act on them.'
        say(styleText(['bold', 'yellow'], warning, { stream: stderr }))
      }
      say(`Events of ${me.environment} in ${me.workspace.name}, from ${base.origin} to ${target.href}`)
    },
    secret(secret, isNew) {
      say(
        isNew
          ? `Signing secret, for this run: ${secret}`
          : `Signing secret: the one that was given, ${secret.slice(0, 6)}…${secret.slice(-4)}`,
      )
    },
    connected() {
      if (isFirst) say('Listening. Ctrl-C ends it.')
      else if (isBroken) say('Connected again; what happened meanwhile follows.')
      isFirst = false
      isBroken = false
    },
    broken(reason, waitMs) {
      if (!isBroken) say(`Connection to the server lost: ${reason}. Trying again in ${Math.ceil(waitMs)} ms.`)
      isBroken = true
    },
    waiting({ id }) {
      say(`The receiver refuses connections; ${id} is tried again for 8 s.`)
    },
    outcome(outcome) {
      const now = new Date()
      stdout.write(`${asJson ? JSON.stringify(lineOf(outcome, now)) : textOf(outcome, now, paint)}\n`)
    },
    end(skipped) {
      say(
        skipped === 0
          ? 'Ended.'
          : `Ended. Not forwarded any more: ${skipped} ${skipped === 1 ? 'event' : 'events'}.`,
      )
    },
  }
}

function lineOf({ event, status, error, tookMs, tries }: Outcome, now: Date): Line {
  return {
    time: now.toISOString(),
    event: event.type,
    id: event.id,
    sequence: event.sequence,
    conversation_id: event.conversationId ?? null,
    status: status ?? null,
    error: error ?? null,
    took_ms: Math.round(tookMs),
    tries,
  }
}

function textOf(
  { event, status, error, tookMs, tries }: Outcome,
  now: Date,
  paint: (format: Format, text: string) => string,
): string {
  const isGood = status !== undefined && status >= 200 && status < 300
  const result = paint(isGood ? 'green' : 'red', status === undefined ? `failed: ${error}` : String(status))
  const again = tries === 1 ? '' : `  after ${tries} tries`
  const time = now.toTimeString().slice(0, 8)
  return `${paint('dim', time)}  ${event.type.padEnd(NAME_WIDTH)}  ${event.id}  ${result}  ${Math.round(tookMs)} ms${again}`
}
