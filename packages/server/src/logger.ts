/** The log: JSON lines on stderr. Of an error it keeps what helps, not all that hangs on it. */
import { type Logger, pino } from 'pino'
import type { LogLevel } from './config.ts'

export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, serializers: { err: describeError } }, pino.destination(2))
}

/** Database errors carry the client with its statements, and values of rows: neither belongs in a log. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, code } = error as Error & { code?: unknown }
  return { type: name, message, code, stack }
}
