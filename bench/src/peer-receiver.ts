/**
 * A receiver of webhooks in a process of its own. Prints its port. `GET /stats` says what came since the last `POST
 * /reset`; what is posted to `/hang` is never answered, all else is answered 200 at once.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Stats {
  count: number
  /** Of the first and the last, by this machine's clock. */
  firstMs: number
  lastMs: number
  /** From each event's `timestamp` to its arrival. */
  latenciesMs: number[]
  /** Of the latest request. */
  headers: Record<string, string>
  body: string
}

const KEPT_LATENCIES = 100_000

let stats = empty()

function empty(): Stats {
  return { count: 0, firstMs: 0, lastMs: 0, latenciesMs: [], headers: {}, body: '' }
}

const nowMs = (): number => performance.timeOrigin + performance.now()

const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end(JSON.stringify(stats))
  if (request.url === '/reset') {
    stats = empty()
    return void response.end()
  }
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    if (request.url === '/hang') return
    response.end()
    // Webhooks are tested when they are made: that is no part of what is measured.
    if (body.includes('"webhook.test"')) return
    stats.count += 1
    stats.lastMs = nowMs()
    if (stats.count === 1) stats.firstMs = stats.lastMs
    stats.body = body
    // Node knows of headers that come several times; these come once.
    stats.headers = request.headers as Record<string, string>
    const timestamp = /"timestamp":"([^"]+)"/.exec(body)?.[1]
    if (timestamp !== undefined && stats.latenciesMs.length < KEPT_LATENCIES)
      stats.latenciesMs.push(stats.lastMs - Date.parse(timestamp))
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })) // it listens on a port
})
process.on('SIGTERM', () => process.exit(0))
