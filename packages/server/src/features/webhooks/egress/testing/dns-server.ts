/** A name server that answers as a test says, and a resolver that asks it. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet'
import { NameServers } from '../name-servers.ts'
import type { Resolver } from '../resolver.ts'

export class DnsServer {
  /** Of each name: what it answers, one entry for each time that its A records are asked for; the last one stays. */
  readonly #zones = new Map<string, string[][]>()
  readonly #socket: Socket = createSocket('udp4')
  /** Names in the order in which their A records were asked for. */
  readonly asked: string[] = []

  static async start(): Promise<DnsServer> {
    const server = new DnsServer()
    server.#socket.on('message', (message, from) => {
      const answer = server.#answer(message)
      if (answer !== undefined) server.#socket.send(answer, from.port, from.address)
    })
    server.#socket.bind(0, '127.0.0.1')
    await once(server.#socket, 'listening')
    return server
  }

  /** Silent about names that have no answer at all; a name with an empty one has no address. */
  set(name: string, ...answers: string[][]): void {
    this.#zones.set(name, answers)
  }

  /** For `dns.setServers`. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`
  }

  /** Asks this server only, without the search domains of this machine. */
  resolver(): Resolver {
    return new NameServers({ servers: [this.address], resolvConfPath: '/dev/null', limitMs: 2_000 })
  }

  async stop(): Promise<void> {
    this.#socket.close()
    await once(this.#socket, 'close')
  }

  #answer(message: Buffer): Buffer | undefined {
    const { id, questions } = decode(message)
    const [question] = questions ?? []
    const answers = this.#zones.get(question?.name ?? '')
    const [current] = answers ?? []
    if (question === undefined || answers === undefined || current === undefined) return undefined
    const { name, type } = question
    const family = type === 'A' ? 4 : 6
    if (type === 'A') {
      this.asked.push(name)
      if (answers.length > 1) answers.shift()
    }
    const records = current
      .filter((address) => isIP(address) === family)
      .map((data): Answer => ({ name, type: family === 4 ? 'A' : 'AAAA', ttl: 0, data }))
    return encode({
      type: 'response',
      ...(id === undefined ? {} : { id }),
      flags: AUTHORITATIVE_ANSWER,
      questions: [question],
      answers: records,
    })
  }
}
