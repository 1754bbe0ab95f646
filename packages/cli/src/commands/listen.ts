/** `agentclara listen`: events of an environment, forwarded to a server under development as signed webhooks. */
import type { ApiKeyMe, StreamedEvent } from '@agentclara/sdk'
import { createSecret, createSigner, type Signer } from '@agentclara/webhook-signature'
import { Command } from 'commander'
import { type Connection, connect, DEFAULT_SERVER } from '../connection.ts'
import type { Host } from '../host.ts'
import { type ForwardedEvent, Forwarder } from '../listen/forwarder.ts'
import { createListenReport } from '../listen/report.ts'
import { CommandProblem, printProblem } from '../problem.ts'

interface ListenOptions {
  forwardTo: string
  events?: string
  secret?: string
  server?: string
  insecureHttp?: true
  json?: boolean
}

const EXAMPLES = `
Needs AGENTCLARA_API_KEY, a key with events:read. Runs until Ctrl-C, which lets what is on its way arrive.
Exit code: 0 ended by Ctrl-C, 1 the server refused, 2 wrong usage.

Examples:
  agentclara listen --forward-to localhost:3000/hook
  agentclara listen --forward-to 3000 --events message.received,conversation.closed
  AGENTCLARA_WEBHOOK_SECRET=whsec_… agentclara listen --forward-to localhost:3000/hook
`

export function listenCommand(version: string, host: Host): Command {
  const command: Command = new Command('listen')
  return command
    .description('Forward events as they happen to a server of yours, signed as webhooks are.')
    .requiredOption('--forward-to <URL>', 'where they are sent; localhost:3000/hook and 3000 will do')
    .option('--events <NAMES>', 'only these, with commas between them (default: all)')
    .option(
      '--secret <SECRET>',
      'sign with it (default: $AGENTCLARA_WEBHOOK_SECRET, or one made for this run)',
    )
    .option('--server <URL>', `the AgentClara server (default: $AGENTCLARA_BASE_URL, or ${DEFAULT_SERVER})`)
    .option('--insecure-http', 'send the key over http to a host that is not this machine')
    .option('--json', 'a line of JSON per event (default: when output is no terminal)')
    .option('--no-json', 'text output, wherever it goes')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListenOptions) => {
      const target = parseTarget(options.forwardTo)
      if (typeof target === 'string') command.error(`error: --forward-to ${target}`)
      const userAgent = `agentclara-cli/${version} listen`
      try {
        const secret = options.secret ?? (host.env.AGENTCLARA_WEBHOOK_SECRET || createSecret())
        const signer = readSecret(secret)
        const { server, insecureHttp } = options
        const connection = connect(host, { server, insecureHttp, userAgent })
        await listen({ connection, target, signer, secret, userAgent, options, host })
      } catch (error) {
        printProblem(error, host)
      }
    })
}

interface Listening {
  connection: Connection
  target: URL
  signer: Signer
  secret: string
  userAgent: string
  options: ListenOptions
  host: Host
}

async function listen({
  connection: { client, base },
  target,
  signer,
  secret,
  userAgent,
  options,
  host,
}: Listening): Promise<void> {
  const types = options.events?.split(',').map((type) => type.trim())
  const report = createListenReport(host, options.json ?? !host.stdout.isTTY)
  // What the API says of a key, which is what it is called with.
  const me = (await client.me.get()) as ApiKeyMe
  report.begin(me, base, target)
  // One that was given is known to whoever gave it; a terminal is no place for it.
  report.secret(secret, options.secret === undefined && !host.env.AGENTCLARA_WEBHOOK_SECRET)
  const forwarder = new Forwarder({
    target,
    signer,
    userAgent,
    onOutcome: report.outcome,
    onWaiting: report.waiting,
  })
  const stop = new AbortController()
  const stopping = untilInterrupted(host, () => stop.abort())
  try {
    const { signal } = stop
    const { connected: onConnected, broken: onBroken } = report
    const stream = client.events.stream({ ...(types && { types }), signal, onConnected, onBroken })
    for await (const event of stream.raw()) await forwarder.add(read(event))
  } finally {
    const skipped = await forwarder.stop()
    stopping()
    report.end(skipped)
  }
}

function read({ id, data }: StreamedEvent): ForwardedEvent {
  // The API's Event, and what its data has when it is about a conversation.
  const event = JSON.parse(data) as { id: string; type: string; data: { conversation_id?: string } }
  const { conversation_id: conversationId } = event.data
  return { id: event.id, type: event.type, sequence: Number(id), conversationId, body: data }
}

/** The second signal is the system's again: it ends the process at once. */
function untilInterrupted(host: Host, stop: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const leave = (): void => {
    for (const signal of signals) host.off?.(signal, interrupted)
  }
  const interrupted = (): void => {
    leave()
    stop()
  }
  for (const signal of signals) host.on?.(signal, interrupted)
  return leave
}

function readSecret(secret: string): Signer {
  try {
    return createSigner(secret)
  } catch (error) {
    // It says what is wrong without repeating the secret.
    const message = error instanceof Error ? error.message : String(error)
    throw new CommandProblem(
      `The signing secret can’t be used. ${message}`,
      'Copy it again from where the webhook was made, or leave it out: one is made for this run.',
    )
  }
}

/** What people type for a server on their machine: a port, a host, a URL. A text says what is wrong. */
export function parseTarget(text: string): URL | string {
  const full = /^:?\d{1,5}(?=\/|$)/.test(text)
    ? `http://localhost:${text.replace(/^:/, '')}`
    : /^https?:\/\//i.test(text)
      ? text
      : `http://${text}`
  const url = URL.parse(full)
  if (url === null || url.hostname === '' || /^[a-z][a-z+.-]*:\/\//i.test(full.replace(/^https?:\/\//i, '')))
    return `${JSON.stringify(text)} is no http or https URL.`
  if (url.username !== '' || url.password !== '') return 'must not have a user or password.'
  return url
}
