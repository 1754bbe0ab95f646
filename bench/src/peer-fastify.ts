/** The yardstick for requests: one bare Fastify route that answers a body like GET /v1/me, in a process of its own. */
import { fastify } from 'fastify'

const app = fastify()
const text = { type: 'string' } as const
const data = {
  type: 'object',
  properties: {
    id: text,
    name: text,
    environment: text,
    workspace: { type: 'object', properties: { id: text, name: text } },
    permissions: { type: 'array', items: text },
    rate_limit_per_minute: { type: 'integer' },
    expires_at: { type: ['string', 'null'] },
    secret_last_four: text,
  },
} as const

app.get(
  '/me',
  { schema: { response: { 200: { type: 'object', properties: { success: { type: 'boolean' }, data } } } } },
  () => ({
    success: true,
    data: {
      id: 'key_01m86hx6p5e54tvnmn96zcqphs',
      name: 'ci',
      environment: 'test',
      workspace: { id: 'ws_01m86hx6njef5skqrksc2yfhng', name: 'Acme' },
      permissions: ['*'],
      rate_limit_per_minute: 1000,
      expires_at: null,
      secret_last_four: 'pUKg',
    },
  }),
)

process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
