/** Mail to a real SMTP server, and what is told by it. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { pino } from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReceiver } from './features/webhooks/testing/receiver.ts'
import { Mailer } from './mail.ts'
import { createTestApp, type TestApp } from './testing/app.ts'

interface Delivered {
  from: string
  to: string[]
  text: string
}

const mails: Delivered[] = []
let smtp: SMTPServer
let server: TestApp
let key: string

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((one) => one.address),
          text: Buffer.concat(chunks).toString('utf8'),
        })
        done()
      })
    },
  })
  const { server: socket } = smtp
  smtp.listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo // it listens on a port
  server = await createTestApp({
    env: {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      SMTP_FROM: 'Clara <clara@example.com>',
      AGENTCLARA_ALERT_EMAILS: 'ops@example.com, oncall@example.com',
    },
  })
  key = await server.createKey('live')
})
afterAll(async () => {
  await server.close()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

test('who a webhook names is told that it was disabled; when it names nobody, who runs the server', async () => {
  const receiver = await startReceiver(() => ({ status: 410 }))
  const create = (fields: object) =>
    server.request('POST /v1/webhooks', { key, body: { url: receiver.url, events: ['*'], ...fields } })
  await create({ notify_email: 'ada@example.com' })
  await expect.poll(() => mails.length).toBe(1)
  await create({})
  await expect.poll(() => mails.length).toBe(2)
  expect(mails[0]).toMatchObject({ from: 'clara@example.com', to: ['ada@example.com'] })
  expect(mails[1]).toMatchObject({ to: ['ops@example.com', 'oncall@example.com'] })
  const text = mails[0]?.text.replaceAll('=\r\n', '') ?? ''
  expect(text).toContain(`Subject: Webhook disabled: 127.0.0.1:${receiver.port} (live)`)
  expect(text).toContain('410')
  expect(text).toContain('/resume')
  await receiver.stop()
})

test('mail that can’t be sent holds nothing up and is logged', async () => {
  const lost = await createTestApp({
    env: {
      SMTP_URL: 'smtp://127.0.0.1:9',
      SMTP_FROM: 'clara@example.com',
      AGENTCLARA_ALERT_EMAILS: 'ops@example.com',
    },
  })
  const receiver = await startReceiver(() => ({ status: 410 }))
  const lostKey = await lost.createKey()
  await lost.request('POST /v1/webhooks', { key: lostKey, body: { url: receiver.url, events: ['*'] } })
  await expect.poll(() => lost.logLines.some((line) => line.includes('mail not sent'))).toBe(true)
  expect((await lost.request('GET /v1/webhooks', { key: lostKey })).body.data[0].status).toBe('disabled')
  await receiver.stop()
  await lost.close()
})

test('a mail server that says nothing keeps this one from ending for seconds at most', async () => {
  const sockets = new Set<{ destroy(): void }>()
  const silent = createServer((socket) => sockets.add(socket))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo // it listens on a port
  const url = `smtp://127.0.0.1:${port}`
  const mailer = new Mailer({ url, from: 'clara@example.com' }, pino({ level: 'silent' }))
  mailer.send({ to: ['ops@example.com'], subject: 'Disabled', text: 'A webhook is.' })
  await once(silent, 'connection')
  const startedMs = performance.now()
  await mailer.close()
  expect(performance.now() - startedMs).toBeLessThan(10_000)
  for (const socket of sockets) socket.destroy()
  silent.close()
})
