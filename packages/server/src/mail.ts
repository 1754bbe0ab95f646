/** Mail by SMTP, for who configured it. Nothing waits for it: what can't be sent is logged, without what it says. */
import { createTransport, type Transporter } from 'nodemailer'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { within } from './lib/within.ts'

export interface Mail {
  to: readonly string[]
  subject: string
  /** Plain text. */
  text: string
}

const TIMEOUT_MS = 30_000
/** A mail server that hangs holds up the end of this one no longer. */
const CLOSE_MS = 3_000

export class Mailer {
  readonly #from: string
  readonly #transport: Transporter | undefined
  readonly #log: Logger
  readonly #sending = new Set<Promise<void>>()

  /** Without `smtp`, mail is not sent: `canSend` says so. */
  constructor(smtp: Config['smtp'], log: Logger) {
    this.#log = log
    this.#from = smtp?.from ?? ''
    this.#transport =
      smtp === undefined
        ? undefined
        : createTransport({
            url: smtp.url,
            connectionTimeout: TIMEOUT_MS,
            greetingTimeout: TIMEOUT_MS,
            socketTimeout: TIMEOUT_MS,
          })
  }

  get canSend(): boolean {
    return this.#transport !== undefined
  }

  /** Returns at once. */
  send({ to, subject, text }: Mail): void {
    const transport = this.#transport
    if (transport === undefined || to.length === 0) return
    const sent = transport
      .sendMail({ from: this.#from, to: [...to], subject, text })
      .then(() => {})
      .catch((error: unknown) => this.#log.error({ err: error, subject }, 'mail not sent'))
      .finally(() => this.#sending.delete(sent))
    this.#sending.add(sent)
  }

  /** Resolves when what was to be sent is, or could not be, within 3 s. */
  async close(): Promise<void> {
    await within(Promise.all(this.#sending), CLOSE_MS, undefined)
    this.#transport?.close()
  }
}
