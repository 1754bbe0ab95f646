/** Counting in memory: nothing is lost when it can't be written, and a crowd takes no more room than it is given. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestClock } from '../../../testing/app.ts'
import { principal } from '../../../testing/principal.ts'
import { OTHERS, type UsageBatch, UsageRecorder } from './recorder.ts'

const visitFrom = (address: string, endpoint = 'GET /v1/me') => ({ address, userAgent: 'test', endpoint })

/** A recorder whose first writes fail, as many as are told, and what it has written. */
function setUp(failures = 0) {
  const clock = new TestClock()
  const written: UsageBatch[] = []
  const errors: unknown[] = []
  let left = failures
  const recorder = new UsageRecorder({
    clock,
    write: async (batch) => {
      if (left-- > 0) throw new Error('the database is away')
      written.push(batch)
    },
    onError: (error) => errors.push(error),
  })
  const clients = () => written.flatMap((batch) => batch.clients)
  const hours = () => written.flatMap((batch) => batch.hours)
  return { recorder, clock, written, errors, clients, hours }
}
const sum = <T>(items: T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0)

test('what can’t be written is written later, with what came in the meantime, each once', async () => {
  const { recorder, clock, errors, clients, hours } = setUp(2)
  const startMs = clock.nowMs()
  recorder.accepted(principal, visitFrom('203.0.113.1'))
  recorder.refused(principal, visitFrom('203.0.113.2'))
  await recorder.flush()
  expect([errors.length, clients().length]).toEqual([1, 0])
  clock.advance(1_000)
  recorder.accepted(principal, visitFrom('203.0.113.1'))
  recorder.failed(principal, 500, clock.nowMs())
  await recorder.flush()
  await recorder.flush()
  await recorder.flush()
  expect(errors).toHaveLength(2)
  expect(clients()).toMatchObject([
    { address: '203.0.113.1', requests: 2, refused: 0, firstSeenMs: startMs, lastUsedMs: startMs + 1_000 },
    { address: '203.0.113.2', requests: 0, refused: 1, lastUsedMs: null, lastRefusedMs: startMs },
  ])
  expect(hours()).toMatchObject([{ requests: 3, refused: 1, serverErrors: 1, clientErrors: 0 }])
})

test('what is counted while a write is under way is in the next one', async () => {
  const { recorder, clients } = setUp()
  recorder.accepted(principal, visitFrom('203.0.113.1'))
  const flushed = recorder.flush()
  recorder.accepted(principal, visitFrom('203.0.113.1'))
  await flushed
  await recorder.flush()
  expect(sum(clients(), (client) => client.requests)).toBe(2)
})

test.each([0, 1])(
  'of a crowd 500 clients are told apart, the rest are one for each endpoint, and no request is lost (%i failed writes)',
  async (failures) => {
    const { recorder, clients, hours } = setUp(failures)
    for (let index = 0; index < 2_000; index++) {
      recorder.accepted(principal, visitFrom(`2001:db8::${index.toString(16)}`))
      recorder.refused(principal, visitFrom(`2001:db8::${index.toString(16)}`, 'POST /v1/contacts'))
    }
    await recorder.flush()
    if (failures > 0) await recorder.flush()
    expect(sum(clients(), ({ requests }) => requests)).toBe(2_000)
    expect(sum(clients(), ({ refused }) => refused)).toBe(2_000)
    expect(hours()).toMatchObject([{ requests: 4_000, refused: 2_000 }])
    const crowds = clients().filter(({ address }) => address === OTHERS)
    expect(crowds.map(({ endpoint, userAgent }) => [endpoint, userAgent]).toSorted()).toEqual([
      ['GET /v1/me', OTHERS],
      ['POST /v1/contacts', OTHERS],
    ])
    expect(clients().length).toBe(502)
  },
)

test('one key’s crowd leaves room for the clients of another', async () => {
  const { recorder, clients } = setUp()
  for (let index = 0; index < 1_000; index++) recorder.accepted(principal, visitFrom(`crowd ${index}`))
  recorder.accepted({ ...principal, keyId: 'key_2', secretId: 'sec_2' }, visitFrom('203.0.113.1'))
  await recorder.flush()
  expect(clients().filter(({ keyId }) => keyId === 'key_2')).toMatchObject([{ address: '203.0.113.1' }])
})

const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('accepted', 'refused'),
    key: fc.nat(2),
    address: fc.nat(2),
    agent: fc.string(),
  }),
  fc.constant('flush' as const),
  fc.record({ advanceMs: fc.nat(5_000_000) }),
)

test('whatever comes, in whatever order and however often writing fails, the sums are what was counted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(5), async (steps, failures) => {
      const { recorder, clock, clients, hours } = setUp(failures)
      let accepted = 0
      let refused = 0
      for (const one of steps) {
        if (one === 'flush') await recorder.flush()
        else if ('advanceMs' in one) clock.advance(one.advanceMs)
        else {
          const who = { ...principal, keyId: `key_${one.key}`, secretId: `sec_${one.key}` } as const
          const visit = { address: `a${one.address}`, userAgent: one.agent, endpoint: 'GET /v1/me' }
          if (one.kind === 'accepted') {
            accepted += 1
            recorder.accepted(who, visit)
          } else {
            refused += 1
            recorder.refused(who, visit)
          }
        }
      }
      for (let times = 0; times <= failures; times++) await recorder.flush()
      expect(sum(clients(), ({ requests }) => requests)).toBe(accepted)
      expect(sum(clients(), (client) => client.refused)).toBe(refused)
      expect(sum(hours(), ({ requests }) => requests)).toBe(accepted + refused)
      for (const { hourMs } of hours()) expect(hourMs % 3_600_000).toBe(0)
    }),
  )
})

test('what a user agent has of control characters, those that steer a terminal among them, is not kept', async () => {
  const { recorder, clients } = setUp()
  recorder.accepted(principal, { ...visitFrom('203.0.113.1'), userAgent: 'a\tb\u007fc\u009b31md é' })
  await recorder.flush()
  expect(clients().map(({ userAgent }) => userAgent)).toEqual(['a b c 31md é'])
})
