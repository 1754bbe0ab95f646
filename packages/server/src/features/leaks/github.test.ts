/** What GitHub's secret scanning may report, how it is known, and what it is answered. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLeakServer, KNOWN, type LeakServer } from './testing/server.ts'

let server: LeakServer
beforeEach(async () => {
  server = await createLeakServer()
})
afterEach(() => server.close())

const answer = (response: { text: string }) => JSON.parse(response.text)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const match = (token: string, url = 'https://github.com/o/r/blob/1/f', source = 'commit') => ({
  token,
  type: 'agentclara_key',
  url,
  source,
})

test('is answered with a verdict on each match, in its own format and without a secret', async () => {
  const body = JSON.stringify([match(KNOWN), match('sk_live_other')])
  const response = await server.postFromGitHub(body)
  expect(response.status).toBe(200)
  expect(answer(response)).toEqual([
    { token_hash: sha256(KNOWN), token_type: 'agentclara_key', label: 'true_positive' },
    { token_hash: sha256('sk_live_other'), token_type: 'agentclara_key', label: 'false_positive' },
  ])
  expect(server.reports).toContainEqual({
    secret: KNOWN,
    url: 'https://github.com/o/r/blob/1/f',
    source: 'commit',
    reporter: 'github',
    address: '203.0.113.7',
    requestId: response.headers['x-request-id'],
    userAgent: 'lightMyRequest',
  })
  expect(server.logged()).not.toContain(KNOWN)
})

test('signs the bytes: each way to write the same list has a signature of its own', async () => {
  const list = [match('sk_live_ü')]
  const ways = [
    JSON.stringify(list),
    JSON.stringify(list, null, 2),
    ` \r\n\t${JSON.stringify(list)}\n`,
    JSON.stringify(list).replace('ü', '\\u00fc'),
  ]
  for (const body of ways) {
    expect((await server.postFromGitHub(body)).status).toBe(200)
    for (const other of ways.filter((way) => way !== body)) {
      const refused = await server.post(other, {
        headers: server.github.sign(body),
        address: `10.1.1.${ways.indexOf(other)}`,
      })
      expect(refused.status).toBe(401)
    }
  }
  expect(server.reports).toHaveLength(ways.length)
})

test('is believed only with a signature: 401 with the header that is wrong', async () => {
  server.github.addKey('p384', 'secp384r1')
  const body = JSON.stringify([match(KNOWN)])
  const { 'Github-Public-Key-Signature': signature = '', ...identifier } = server.github.sign(body)
  const cases: [Record<string, string>, string][] = [
    [{}, 'Github-Public-Key-Identifier'],
    [{ 'github-public-key-signature': signature }, 'Github-Public-Key-Identifier'],
    [identifier, 'Github-Public-Key-Signature'],
    [{ ...identifier, 'github-public-key-signature': '%%%' }, 'Github-Public-Key-Signature'],
    [{ ...identifier, 'github-public-key-signature': 'AAAA' }, 'Github-Public-Key-Signature'],
    [server.github.sign(`${body} `), 'Github-Public-Key-Signature'],
    [
      { ...server.github.sign(body), 'Github-Public-Key-Identifier': 'bogus' },
      'Github-Public-Key-Identifier',
    ],
    [server.github.sign(body, 'p384'), 'Github-Public-Key-Signature'],
    [{ ...server.github.sign(body), 'Github-Public-Key-Identifier': 'p384' }, 'Github-Public-Key-Identifier'],
  ]
  for (const [headers, param] of cases) {
    const refused = await server.post(body, { headers })
    expect(refused.status).toBe(401)
    expect(answer(refused)).toMatchObject({ success: false, code: 'unauthorized', param })
    expect(refused.text).not.toContain(KNOWN)
  }
  expect(server.reports).toEqual([])
  expect(server.github.asked()).toBe(1)
})

test('is told from others by its signature alone: a flood of false ones is refused, and it is not', async () => {
  const body = JSON.stringify([match(KNOWN)])
  const forged = { ...server.github.sign(body), 'Github-Public-Key-Identifier': 'bogus' }
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) statuses.push((await server.post(body, { headers: forged })).status)
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
  for (let i = 0; i < 12; i++) expect((await server.postFromGitHub(body)).status).toBe(200)
  expect((await server.post({ secret: 'x' })).status).toBe(429)
  // An object with the headers of a report is no way around the limit.
  expect((await server.post({ secret: 'x' }, { headers: forged })).status).toBe(429)
})

test('begins to use a new key, and is understood after a minute at most', async () => {
  expect((await server.postFromGitHub('[]')).status).toBe(200)
  server.github.addKey('second')
  expect((await server.postFromGitHub('[]', 'second')).status).toBe(401)
  server.advance(60_000)
  expect((await server.postFromGitHub('[]', 'second')).status).toBe(200)
  expect((await server.postFromGitHub('[]')).status).toBe(200)
})

test('hears 503, and so tries again, while its keys can’t be read', async () => {
  const body = JSON.stringify([match(KNOWN)])
  server.github.answer((response) => response.writeHead(502).end())
  const refused = await server.postFromGitHub(body)
  expect(refused.status).toBe(503)
  expect(answer(refused)).toMatchObject({ code: 'unavailable' })
  expect(server.reports).toEqual([])
  server.github.answer()
  server.advance(60_000)
  expect((await server.postFromGitHub(body)).status).toBe(200)
})

test('hears 503, and no verdict, when the database fails in the middle', async () => {
  server.setHandler(async ({ secret }) => {
    if (secret === 't3') throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' })
    return 'unknown'
  })
  const response = await server.postFromGitHub(JSON.stringify([1, 2, 3, 4].map((n) => match(`t${n}`))))
  expect(response.status).toBe(503)
  expect(response.text).not.toContain('token_hash')
})

test('may send as many matches as fit in a body', async () => {
  const matches = Array.from({ length: 5_000 }, (_, i) =>
    match(i % 100 === 0 ? KNOWN : `sk_live_${i}`, `https://x/${i}`),
  )
  const response = await server.postFromGitHub(JSON.stringify(matches))
  expect(response.status).toBe(200)
  const verdicts = answer(response)
  expect(verdicts).toHaveLength(5_000)
  expect(verdicts.filter(({ label }: { label: string }) => label === 'true_positive')).toHaveLength(50)
  expect(server.reports).toHaveLength(5_000)

  const smallest = '{"token":"","type":""}'
  const most = Math.floor((1024 * 1024 - 2) / (smallest.length + 1))
  const full = await server.postFromGitHub(`[${Array(most).fill(smallest).join()}]`)
  expect(answer(full)).toHaveLength(most)
  expect(
    (
      await server.postFromGitHub(
        `[${Array(most + 100)
          .fill(smallest)
          .join()}]`,
      )
    ).status,
  ).toBe(413)
})

test('may say the same twice: it is done once, and answered twice', async () => {
  const twice = [
    match(KNOWN),
    match(KNOWN),
    match(KNOWN, 'https://x/2'),
    match('no'),
    match('no', 'https://x/2'),
  ]
  const labels = answer(await server.postFromGitHub(JSON.stringify(twice))).map(
    ({ label }: { label: string }) => label,
  )
  expect(labels).toEqual([...Array(3).fill('true_positive'), ...Array(2).fill('false_positive')])
  expect(server.reports.filter(({ secret }) => secret === KNOWN).map(({ url }) => url)).toEqual([
    'https://github.com/o/r/blob/1/f',
    'https://x/2',
  ])
  expect(server.reports.filter(({ secret }) => secret === 'no')).toHaveLength(1)
})

test('may leave out where, add what is new, and name places of any length', async () => {
  const long = `https://github.com/${'x'.repeat(3_000)}`
  const body = JSON.stringify([
    { token: 'a', type: 't' },
    { token: 'b', type: 't', url: '', source: null, confidence: 1 },
    { token: 'c', type: 't', url: long, source: 's'.repeat(200) },
  ])
  expect((await server.postFromGitHub(body)).status).toBe(200)
  expect(server.reports).toMatchObject([
    { url: null, source: null },
    { url: null, source: null },
    { url: long.slice(0, 2_000), source: 's'.repeat(100) },
  ])
})

test.each(
  [
    ['[{}]', '[0].token'],
    ['[{"token":"a","type":"t"},{"token":"sk_live_b"}]', '[1].type'],
    ['[{"token":["sk_live_x"],"type":"t"}]', '[0].token'],
    ['["sk_live_x"]', '[0]'],
    ['[[]]', '[0]'],
    ['[{"token":"sk_live_x\\u0000","type":"t"}]', '[0].token'],
    ['[{"sk_live_x":"\\ud800"}]', '[0].sk_…'],
    ['[[["\\u0000"]]]', '[0][0][0]'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, `[0]${'[0]'.repeat(32)}`],
    ['[{"__proto__":{"token":"a","type":"t"}}]', '[0]'],
  ].map(([body = '', param]) => [body.slice(0, 50), body, param]),
)('hears where %s is wrong, and no secret', async (_start, body = '', param) => {
  const response = await server.postFromGitHub(body)
  expect(response.status).toBe(400)
  expect(answer(response)).toMatchObject({ code: 'validation_failed', param })
  expect(response.text).not.toContain('sk_live_')
  expect(server.reports).toEqual([])
})

test('hears of broken JSON only when it has signed it', async () => {
  const broken = '[{"token":"sk_live_x",]'
  expect(answer(await server.postFromGitHub(broken))).toMatchObject({ code: 'malformed_json' })
  expect((await server.postFromGitHub(broken)).text).not.toContain('sk_live_x')
  expect((await server.post(broken)).status).toBe(401)
  expect((await server.postFromGitHub('['.repeat(500_000))).status).toBe(400)
})
