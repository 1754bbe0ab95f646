/** Stands before the server while samples run, and notes what each of them asked and was answered. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

export interface Observer {
  url: string
  /** By what stands before `/v1` in paths, each request with its answer's status. */
  answers: Map<string, { request: string; status: number; body: string }[]>
  close(): Promise<void>
}

/** A stream is cut after its first bytes: samples follow it for ever. */
export async function startObserver(target: string): Promise<Observer> {
  const answers: Observer['answers'] = new Map()
  const server = createServer((request, response) => {
    void (async () => {
      const [, name = '', path = ''] = /^\/([^/]+\/[^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const headers = Object.fromEntries(
        ['authorization', 'content-type', 'idempotency-key', 'user-agent']
          .map((header) => [header, request.headers[header]])
          .filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
      const answer = await fetch(`${target}${path}`, {
        method: request.method ?? 'GET',
        headers,
        ...(chunks.length === 0 ? {} : { body: new Uint8Array(Buffer.concat(chunks)) }),
      })
      const type = answer.headers.get('content-type') ?? ''
      response.writeHead(answer.status, { 'content-type': type })
      let body = ''
      if (type.startsWith('text/event-stream') && answer.body !== null) {
        for await (const bytes of Readable.fromWeb(answer.body)) {
          response.write(bytes)
          break
        }
      } else body = await answer.text()
      answers.set(name, [
        ...(answers.get(name) ?? []),
        { request: `${request.method} ${path}`, status: answer.status, body },
      ])
      response.end(body)
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
