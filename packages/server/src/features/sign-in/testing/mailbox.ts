/** A real SMTP server that keeps what it is sent, for tests. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  readonly to: readonly string[]
  /** With its headers, soft line breaks undone. */
  readonly text: string
}

export async function startMailbox() {
  const mails: ReceivedMail[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8').replaceAll('=\r\n', '')
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo // it listens on a port
  return {
    mails,
    env: { SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_FROM: 'Clara <clara@example.com>' },
    close: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  }
}
