/** That no name, and nobody with many names, holds up the names of others. Answers are given as each test says. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { NameServers } from './name-servers.ts'
import { SharedResolver } from './resolver.ts'
import { DnsServer } from './testing/dns-server.ts'

let dns: DnsServer

beforeAll(async () => {
  dns = await DnsServer.start()
})
afterAll(() => dns.stop())

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : error)

/** Asks, and tells the code of what it was rejected with. */
const codeFrom = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'resolved', codeOf)

/** Names are resolved when a test says so. */
function held() {
  const asked = new Map<string, PromiseWithResolvers<string[]>>()
  const resolver = {
    resolve(hostname: string): Promise<string[]> {
      const answer = Promise.withResolvers<string[]>()
      asked.set(hostname, answer)
      return answer.promise
    },
  }
  return { asked, resolver }
}

test('a hundred names whose servers are silent hold up no other name', async () => {
  dns.set('alive.example', ['93.184.216.34'])
  const shared = new SharedResolver(
    new NameServers({ servers: [dns.address], resolvConfPath: '/dev/null', limitMs: 1_500 }),
  )
  let ended = 0
  const silent = Array.from({ length: 100 }, (_, index) =>
    codeFrom(shared.resolve(`silent${index}.example`)).finally(() => ended++),
  )
  expect(await shared.resolve('alive.example')).toEqual(['93.184.216.34'])
  expect(ended).toBe(0)
  expect(new Set(await Promise.all(silent))).toEqual(new Set(['ECANCELLED']))
})

test('beyond the names that may be under way, one is refused at once, and there is room again when one has ended', async () => {
  const { asked, resolver } = held()
  const shared = new SharedResolver(resolver, { maxUnderWay: 2 })
  const first = shared.resolve('a.example')
  const second = shared.resolve('b.example')
  expect(await codeFrom(shared.resolve('c.example'))).toBe('EBUSY')
  expect([...asked.keys()]).toEqual(['a.example', 'b.example'])
  // Who asks for what is under way needs no room.
  const joined = shared.resolve('a.example')
  asked.get('a.example')?.resolve(['192.0.2.1'])
  expect(await Promise.all([first, joined])).toEqual([['192.0.2.1'], ['192.0.2.1']])
  const third = shared.resolve('c.example')
  asked.get('c.example')?.resolve(['192.0.2.3'])
  asked.get('b.example')?.resolve(['192.0.2.2'])
  expect(await Promise.all([second, third])).toEqual([['192.0.2.2'], ['192.0.2.3']])
})

test('names that were slow before take half of the room at most', async () => {
  const { asked, resolver } = held()
  // Whatever takes any time is slow.
  const shared = new SharedResolver(resolver, { maxUnderWay: 4, slowAfterMs: -1, failedForMs: 1 })
  const slow = ['a.example', 'b.example', 'c.example']
  for (const name of slow) {
    const failed = codeFrom(shared.resolve(name))
    asked.get(name)?.reject(Object.assign(new Error('silent'), { code: 'ETIMEOUT' }))
    expect(await failed).toBe('ETIMEOUT')
  }
  asked.clear()
  const outcomes: unknown[] = []
  const ask = (name: string): unknown => codeFrom(shared.resolve(name)).then((code) => outcomes.push(code))
  await vi.waitUntil(() => {
    for (const name of slow) ask(name)
    return asked.size === 2 && outcomes.includes('EBUSY')
  })
  const other = shared.resolve('quick.example')
  asked.get('quick.example')?.resolve(['192.0.2.9'])
  expect(await other).toEqual(['192.0.2.9'])
  for (const one of asked.values()) one.resolve([])
})

test('a name that failed isn’t asked for again for a while, and then it is', async () => {
  const { asked, resolver } = held()
  const shared = new SharedResolver(resolver, { failedForMs: 50 })
  const failed = codeFrom(shared.resolve('a.example'))
  asked.get('a.example')?.reject(Object.assign(new Error('absent'), { code: 'ENOTFOUND' }))
  expect(await failed).toBe('ENOTFOUND')
  asked.clear()
  expect(await codeFrom(shared.resolve('a.example'))).toBe('ENOTFOUND')
  expect(asked.size).toBe(0)
  await vi.waitUntil(() => {
    shared.resolve('a.example').catch(() => undefined)
    return asked.size === 1
  })
  asked.get('a.example')?.resolve([])
})
