import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PublicKeys } from './public-keys.ts'
import { type FakeGitHub, startGitHub } from './testing/github.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let github: FakeGitHub
let nowMs: number
let keys: PublicKeys

beforeEach(async () => {
  github = await startGitHub()
  nowMs = 1_750_000_000_000
  keys = new PublicKeys({ url: github.url, clock: { nowMs: () => nowMs }, timeoutMs: 500 })
})
afterEach(() => github.close())

const unavailable = expect.objectContaining({ code: 'unavailable' })

test('a key is asked for once and remembered, however many ask at once', async () => {
  const found = await Promise.all(Array.from({ length: 20 }, () => keys.find('first')))
  expect(new Set(found).size).toBe(1)
  expect(found[0]?.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
  nowMs += HOUR_MS - 1
  expect(await keys.find('first')).toBe(found[0])
  expect(github.asked()).toBe(1)
})

test('unknown identifiers, however many, make for one question a minute', async () => {
  for (let i = 0; i < 50; i++) expect(await keys.find(`bogus-${i}`)).toBeUndefined()
  await Promise.all(Array.from({ length: 50 }, (_, i) => keys.find(`more-${i}`)))
  expect(github.asked()).toBe(1)
  nowMs += MINUTE_MS - 1
  await keys.find('bogus')
  expect(github.asked()).toBe(1)
  nowMs += 1
  await Promise.all(Array.from({ length: 50 }, (_, i) => keys.find(`again-${i}`)))
  expect(github.asked()).toBe(2)
})

test('a key that GitHub begins to use is found within a minute, while the old one goes on', async () => {
  await keys.find('first')
  github.addKey('second')
  expect(await keys.find('second')).toBeUndefined()
  nowMs += MINUTE_MS
  expect(await keys.find('second')).toBeDefined()
  expect(await keys.find('first')).toBeDefined()
})

test('a key that GitHub withdrew is believed for an hour at most', async () => {
  await keys.find('first')
  github.addKey('second')
  github.removeKey('first')
  nowMs += HOUR_MS
  expect(await keys.find('first')).toBeUndefined()
})

test('while GitHub can’t be asked, its keys are trusted for a day, and what is unknown can’t be told', async () => {
  await keys.find('first')
  github.answer((response) => response.writeHead(500).end())
  nowMs += HOUR_MS
  expect(await keys.find('first')).toBeDefined()
  await expect(keys.find('other')).rejects.toEqual(unavailable)
  nowMs += 23 * HOUR_MS
  await expect(keys.find('first')).rejects.toEqual(unavailable)
  nowMs += MINUTE_MS
  github.answer()
  expect(await keys.find('first')).toBeDefined()
})

test('a clock that is set back keeps nobody from asking', async () => {
  await keys.find('first')
  github.addKey('second')
  nowMs -= HOUR_MS
  expect(await keys.find('second')).toBeDefined()
})

describe('an answer that is no list of keys can’t be told from none', () => {
  const json = (text: string) => (response: import('node:http').ServerResponse) => void response.end(text)
  test.each<[string, Parameters<FakeGitHub['answer']>[0]]>([
    ['an error', (response) => response.writeHead(503).end('{"public_keys":[]}')],
    ['no JSON', json('<html>')],
    ['another JSON', json('{"keys":[]}')],
    ['keys that are no texts', json('{"public_keys":[{"key_identifier":1,"key":2}]}')],
    ['an empty list', json('{"public_keys":[]}')],
    ['keys that are none', json('{"public_keys":[{"key_identifier":"first","key":"-----BEGIN"}]}')],
    [
      'an answer that ends too early',
      (response) => response.writeHead(200, { 'content-length': '500' }).write('{'),
    ],
    ['silence', () => undefined],
    ['a connection that breaks', (response) => response.destroy()],
  ])('%s', async (_what, answer) => {
    github.answer(answer)
    await expect(keys.find('first')).rejects.toEqual(unavailable)
    // Nor does it lead to a second question at once.
    await expect(keys.find('first')).rejects.toEqual(unavailable)
    expect(github.asked()).toBe(1)
  })

  test('an answer of more than 256 KiB is not read on', async () => {
    let sentBytes = 0
    github.answer((response) => {
      const chunk = Buffer.alloc(64 * 1024, ' ')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length
      }
      response.on('drain', more)
      more()
    })
    const patient = new PublicKeys({ url: github.url, timeoutMs: 20_000 })
    await expect(patient.find('first')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('more than 262144 bytes') },
    })
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024)
  })

  test('a redirect is not followed', async () => {
    const other = await startGitHub()
    github.answer((response) => response.writeHead(302, { location: other.url }).end())
    await expect(keys.find('first')).rejects.toEqual(unavailable)
    expect(other.asked()).toBe(0)
    await other.close()
  })
})

test('only keys of P-256 are taken from a list', async () => {
  github.addKey('p384', 'secp384r1')
  github.addKey('k256', 'secp256k1')
  expect(await keys.find('p384')).toBeUndefined()
  expect(await keys.find('k256')).toBeUndefined()
  expect(await keys.find('first')).toBeDefined()
})

test('nobody there is “not now”', async () => {
  await github.close()
  await expect(keys.find('first')).rejects.toEqual(unavailable)
  github = await startGitHub()
})
