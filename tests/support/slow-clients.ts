/** Clients that take their time, on purpose: slowhttptest, sockets that trickle, and a probe for what others notice. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { stripVTControlCharacters } from 'node:util'

/** What slowhttptest said at its end, without colours. */
export interface Attack {
  /** The most connections that it had open at once, of those times that it told of: each 5 seconds. */
  mostConnected: number
  report: string
}

/** Undefined when slowhttptest isn't installed. */
export async function attack(args: string[]): Promise<Attack | undefined> {
  const child = spawn('slowhttptest', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const isThere = await Promise.race([
    once(child, 'spawn').then(() => true),
    once(child, 'error').then(() => false),
  ])
  if (!isThere) return undefined
  await once(child, 'close')
  const report = stripVTControlCharacters(output)
  const connected = [...report.matchAll(/^connected:\s+(\d+)/gm)].map(([, count]) => Number(count))
  return { mostConnected: Math.max(0, ...connected), report }
}

export interface Noticed {
  /** Of each request, in milliseconds, shortest first. */
  tookMs: number[]
  statuses: Set<number>
  /** The longest time that this process itself was kept from running: so much of any answer may not be the server's. */
  ownStallMs: number
}

export interface Probe {
  /** Requests so far. */
  asked(): number
  /** Ends it once all are answered. */
  stop(): Promise<Noticed>
}

/** A request every 25 ms, whether the last one is answered or not; every second one on a connection of its own. */
export function probe(url: string, key: string): Probe {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const headers = { authorization: `Bearer ${key}` }
  const ownDelay = monitorEventLoopDelay({ resolution: 5 })
  ownDelay.enable()
  const asked: Promise<{ tookMs: number; status: number }>[] = []
  const timer = setInterval(() => {
    const options = { headers, agent: asked.length % 2 === 0 ? agent : false } as const
    const startedMs = performance.now()
    asked.push(
      new Promise((resolve, reject) => {
        request(`${url}/v1/me`, options, (response) => {
          response.resume()
          response.once('end', () =>
            resolve({ tookMs: performance.now() - startedMs, status: response.statusCode ?? 0 }),
          )
        })
          .once('error', reject)
          .end()
      }),
    )
  }, 25)
  return {
    asked: () => asked.length,
    async stop() {
      clearInterval(timer)
      const answers = await Promise.all(asked)
      agent.destroy()
      ownDelay.disable()
      return {
        tookMs: answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b),
        statuses: new Set(answers.map(({ status }) => status)),
        ownStallMs: ownDelay.max / 1e6,
      }
    },
  }
}

export interface RawClient {
  socket: Socket
  /** All that it was sent so far. */
  text(): string
  /** Resolves with all that it was sent when the server ends the connection. */
  ended: Promise<string>
}

/** A connection on which the test says every byte. */
export async function dial(url: string, text: string): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk) => (received += chunk))
  // Whether it was ended or reset is all one to the tests.
  socket.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  await once(socket, 'connect')
  socket.write(text)
  return { socket, text: () => received, ended }
}

/** Sends the text, then another piece of it each 500 ms until the server ends the connection. */
export async function trickle(
  url: string,
  begin: string,
  piece: string,
): Promise<{ text: string; tookMs: number }> {
  const startedMs = performance.now()
  const client = await dial(url, begin)
  const timer = setInterval(() => client.socket.write(piece), 500)
  const text = await client.ended
  clearInterval(timer)
  return { text, tookMs: performance.now() - startedMs }
}
