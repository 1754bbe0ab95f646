/** `agentclara trigger`: makes an event happen in the test environment, so that what listens to it can be tried. */
import { setTimeout as delay } from 'node:timers/promises'
import { type AgentClara, type Event, type ListEvents, PermissionError } from '@agentclara/sdk'
import { Command, InvalidArgumentError } from 'commander'
import { type Connection, connect, DEFAULT_SERVER } from '../connection.ts'
import type { Host } from '../host.ts'
import { CommandProblem, printProblem } from '../problem.ts'
import { type Fields, type Override, others, recipes, type Subject } from './trigger-recipes.ts'

interface TriggerOptions {
  list?: true
  override: Fields
  server?: string
  insecureHttp?: true
  json?: boolean
}

const LOOK_EVERY_MS = 100
const LOOK_FOR_MS = 5_000

const EXAMPLES = `
Needs AGENTCLARA_API_KEY, a key of the test environment that may make the calls; with events:read the event's id is
told, too. Exit code: 0 it happened, 1 the server refused, 2 wrong usage.

Examples:
  agentclara trigger --list
  agentclara trigger message.received --override message='Do you deliver?'
  agentclara trigger conversation.updated --override metadata.order=4711
`

export function triggerCommand(version: string, host: Host): Command {
  const command = new Command('trigger')
  return command
    .description('Make an event really happen, in the test environment, through the API.')
    .argument('[EVENT]', 'its name, such as message.received')
    .option('--list', 'all events, and how each is made to happen')
    .option(
      '--override <FIELD=VALUE>',
      'set a field of the call that --list names: JSON or text; metadata.order=1 sets a field within (repeatable)',
      addOverride,
      {},
    )
    .option('--server <URL>', `the AgentClara server (default: $AGENTCLARA_BASE_URL, or ${DEFAULT_SERVER})`)
    .option('--insecure-http', 'send the key over http to a host that is not this machine')
    .option('--json', 'JSON output (default: when output is no terminal)')
    .option('--no-json', 'text output, wherever it goes')
    .addHelpText('after', EXAMPLES)
    .action(async (event: string | undefined, options: TriggerOptions) => {
      const asJson = options.json ?? !host.stdout.isTTY
      if (options.list) return printList(asJson, host)
      const problem = problemWith(event)
      if (problem !== undefined) command.error(`error: ${problem}`)
      try {
        const userAgent = `agentclara-cli/${version} trigger`
        const connection = connect(host, { ...options, userAgent })
        await trigger(connection, String(event), options.override, asJson, host)
      } catch (error) {
        printProblem(error, host)
      }
    })
}

async function trigger(
  connection: Connection,
  event: string,
  override: Fields,
  asJson: boolean,
  host: Host,
): Promise<void> {
  const { client } = connection
  if (connection.environment === 'live') {
    throw new CommandProblem(
      'This is a live key: trigger makes things up, and real people could be told of them.',
      'Use a key of the test environment, sk_test_….',
    )
  }
  const recipe = recipes[event]
  if (recipe === undefined) throw new TypeError(`no recipe for ${event}`)
  const before = await newestSequence(client)
  const subject = await recipe.run(connection, overriding(override))
  const made = before === undefined ? undefined : await findEvent(client, event, subject, before)
  await recipe.after?.(connection, subject)
  const line = {
    event,
    id: made?.id ?? null,
    sequence: made?.sequence ?? null,
    [subject.field]: subject.id,
  }
  host.stdout.write(
    asJson ? `${JSON.stringify(line)}\n` : `${event}  ${made?.id ?? 'happened'}  about ${subject.id}\n`,
  )
  if (before === undefined) host.stderr.write('The event’s id is not told: the key has no events:read.\n')
  else if (made === undefined)
    host.stderr.write('The calls were made, but the event was not in the list of events within 5 s.\n')
}

/** Undefined when the key may not see events. */
async function newestSequence(client: AgentClara): Promise<number | undefined> {
  try {
    const { data } = await client.events.list({ limit: 1 })
    return data[0]?.sequence ?? 0
  } catch (error) {
    if (error instanceof PermissionError) return undefined
    throw error
  }
}

async function findEvent(
  client: AgentClara,
  event: string,
  { field, id }: Subject,
  afterSequence: number,
): Promise<Event | undefined> {
  // Every recipe has the name of an event.
  const type = event as NonNullable<ListEvents['type']>
  const query: ListEvents = { order: 'asc', limit: 100, type, after_sequence: afterSequence }
  if (field === 'conversation_id') query.conversation_id = id
  for (const startedMs = performance.now(); performance.now() - startedMs < LOOK_FOR_MS; ) {
    const page = await client.events.list(query)
    const found = page.data.find(({ data }) => data[field] === id)
    if (found !== undefined) return found
    await delay(LOOK_EVERY_MS)
  }
  return undefined
}

function printList(asJson: boolean, { stdout }: Host): void {
  const rows = [
    ...Object.entries(recipes).map(([event, { does, call }]) => ({ event, does, call })),
    ...Object.entries(others).map(([event, does]) => ({ event, does, call: null })),
  ]
  if (asJson) {
    stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return
  }
  const width = Math.max(...rows.map(({ event }) => event.length))
  for (const { event, does, call } of rows)
    stdout.write(
      `${event.padEnd(width)}  ${call === null ? `not by trigger. ${does}` : `${does}  (${call})`}\n`,
    )
}

/** What is wrong with the name; undefined when it can be triggered. */
function problemWith(event: string | undefined): string | undefined {
  if (event === undefined) return 'name an event; agentclara trigger --list shows them.'
  if (Object.hasOwn(recipes, event)) return undefined
  if (Object.hasOwn(others, event)) return `${event} is not for trigger. ${others[event]}`
  const [nearest] = Object.keys(recipes)
    .map((name) => ({ name, edits: editDistance(event, name) }))
    .sort((a, b) => a.edits - b.edits)
  const meant =
    nearest !== undefined && nearest.edits <= nearest.name.length / 3 ? ` Did you mean ${nearest.name}?` : ''
  return `there is no event ${JSON.stringify(event)}.${meant} agentclara trigger --list shows them.`
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const substituted = (last[j] ?? 0) + (letter === other ? 0 : 1)
      row.push(Math.min(substituted, (last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    last = row
  }
  return last.at(-1) ?? 0
}

/** Adds one `field=value` to those before it. */
function addOverride(text: string, before: Fields): Fields {
  const [, path, value = ''] = /^([\w.]+)=(.*)$/s.exec(text) ?? []
  if (path === undefined) throw new InvalidArgumentError('Write it as field=value.')
  const added = path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), parseValue(value))
  // A path has at least one name, which made an object of it.
  return merged(before, added as Fields)
}

/** JSON where it is JSON, otherwise text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the server doesn't take of it, it refuses by name. */
function overriding(override: Fields): Override {
  // A body has names for fields.
  return <T extends object>(body: T) => merged(body as Fields, override) as T
}

/** The second one's fields go first, within objects, too. */
function merged(fields: Fields, over: Fields): Fields {
  const result: Fields = { ...fields }
  for (const [name, value] of Object.entries(over)) {
    const before = fields[name]
    result[name] = isFields(before) && isFields(value) ? merged(before, value) : value
  }
  return result
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
