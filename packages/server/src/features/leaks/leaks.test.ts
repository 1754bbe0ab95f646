/** What holds for every request to the route, and for its neighbours. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLeakServer, JSON_TYPE, type LeakServer } from './testing/server.ts'

let server: LeakServer
beforeEach(async () => {
  server = await createLeakServer()
})
afterEach(() => server.close())

test('whatever bytes arrive, the answer is one of the declared ones and nothing breaks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json().map((text) => Buffer.from(text)),
        fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
      ),
      fc.boolean(),
      async (body, isSigned) => {
        server.advance(60_000)
        const { status } = await server.post(body, { headers: isSigned ? server.github.sign(body) : {} })
        expect(status === 400 || status === 401 || (isSigned && status === 200)).toBe(true)
      },
    ),
    { numRuns: 200 },
  )
})

test('what else the path is asked is refused as everywhere', async () => {
  const get = await server.http.inject({ method: 'GET', url: '/v1/leaks' })
  expect(get.statusCode).toBe(405)
  expect(get.headers.allow).toBe('POST')
  const form = await server.post('secret=x', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(form.status).toBe(415)
})

test('other paths read bodies as before, within their limits', async () => {
  const other = (payload: string) =>
    server.http.inject({ method: 'POST', url: '/v1/echo', headers: JSON_TYPE, payload })
  expect((await other('[{"token":"a"}]')).json()).toEqual({ body: [{ token: 'a' }] })
  expect((await other(JSON.stringify(Array(10_001).fill(0)))).statusCode).toBe(400)
})

test('the OpenAPI document shows both bodies, both answers and that no key is needed', () => {
  const document = server.http.swagger() as unknown as {
    components: { schemas: object }
    paths: Record<
      string,
      { post: { security: unknown; requestBody: never; responses: Record<string, unknown> } }
    >
  }
  const operation = document.paths['/v1/leaks']?.post
  expect(operation?.security).toEqual([])
  expect(document.components.schemas).toHaveProperty('LeakVerdict')
  expect(operation?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { oneOf: [{ type: 'object' }, { type: 'array' }] } } },
  })
  expect(Object.keys(operation?.responses ?? {})).toEqual(['200', '202', '4XX', '5XX'])
})
