/** What is noted of a request keeps little memory, however much a client sent, and still says that there was more. */
import { fastify } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { principal } from '../testing/principal.ts'
import { KEPT_HEADER_LENGTH, KEPT_URL_LENGTH, type NotedRequest, requestLog } from './request-log.ts'

const notes: NotedRequest[] = []
const app = fastify()
beforeAll(async () => {
  for (const name of ['caller', 'visit', 'sentBody', 'failure']) app.decorateRequest(name)
  app.addHook('onRequest', async (request) => {
    request.caller = principal
    const userAgent = request.headers['user-agent'] ?? ''
    request.visit = { address: '203.0.113.1', userAgent, endpoint: 'GET /*' }
  })
  app.register(requestLog, { add: (noted) => notes.push(noted), onRedactedField: () => {} })
  app.get('/*', () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

async function noted(path: string, headers: Record<string, string>): Promise<NotedRequest> {
  await fetch(`${app.listeningOrigin}${path}`, { headers })
  const last = notes.at(-1)
  if (last === undefined) throw new Error('Nothing was noted.')
  return last
}

test('of long URLs and headers only the beginning is kept', async () => {
  const { url, visit, idempotencyKey, heldBytes } = await noted(`/a?${'u'.repeat(8_000)}`, {
    'user-agent': `é${'a'.repeat(2_000)}`,
    'idempotency-key': 'k'.repeat(2_000),
  })
  expect(url).toBe(`/a?${'u'.repeat(8_000)}`.slice(0, KEPT_URL_LENGTH + 1))
  expect(visit.userAgent).toBe(`é${'a'.repeat(KEPT_HEADER_LENGTH)}`)
  expect(idempotencyKey).toBe('k'.repeat(KEPT_HEADER_LENGTH + 1))
  expect(heldBytes).toBeLessThan(8_000)
})

test('short ones are kept as they are', async () => {
  const one = await noted('/a?b=c', { 'user-agent': 'cron', 'idempotency-key': '"k"' })
  expect(one).toMatchObject({ url: '/a?b=c', idempotencyKey: '"k"', visit: { userAgent: 'cron' } })
})
