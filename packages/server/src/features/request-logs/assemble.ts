/** Puts the parts of request logs together: what notes, what writes, and what takes away. */
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Db } from '../../db/client.ts'
import { makeDay } from '../../db/day-partitions.ts'
import type { RequestLogOptions } from '../../http/request-log.ts'
import type { Clock } from '../../lib/clock.ts'
import { RequestLogRecorder } from './recorder.ts'
import { Redactor } from './redaction.ts'
import { RequestLogRetention } from './retention.ts'
import { writeRequestLogs } from './store.ts'

export interface AssembleRequestLogsOptions {
  db: Db
  /** Of the same database. */
  pool: pg.Pool
  clock: Clock
  config: Config['requestLog']
  log: Logger
}

export function assembleRequestLogs({ db, pool, clock, config, log }: AssembleRequestLogsOptions) {
  const { keepDays, maxBytes, redact } = config
  const redactor = new Redactor(redact)
  const recorder: RequestLogRecorder = new RequestLogRecorder({
    redactor,
    write: (rows) => writeRequestLogs(pool, db, rows),
    makeDay: (day) => makeDay(db, 'request_logs', day),
    onWritten: (bytes) => retention.noteWritten(bytes),
    onError: (error) => log.warn({ err: error }, 'request logs not written; kept for the next time'),
    onDropped: (count, reason) =>
      log.warn({ count, err: reason }, 'requests are missing in the request logs'),
  })
  const retention = new RequestLogRetention({
    db,
    clock,
    keepDays,
    maxBytes,
    onRoom: (hasRoom) => {
      recorder.keepsBodies = hasRoom
    },
    onError: (error) => log.error({ err: error }, 'upkeep of request logs failed; it is tried again'),
    onFull: (bytes) =>
      log.warn(
        { bytes, maxBytes },
        'request logs of today take more than AGENTCLARA_REQUEST_LOG_MAX_MB: bodies are left out',
      ),
  })
  const hook: RequestLogOptions = {
    add: keepDays === 0 ? () => {} : (noted) => recorder.add(noted),
    onRedactedField: (name) => redactor.addName(name),
  }
  return {
    recorder,
    retention,
    hook,
    async close(): Promise<void> {
      await recorder.flush()
      await retention.drain()
    },
  }
}
