/** The answer of GET /v1/me, for yardsticks that answer like it: its schema, so that they serialize alike, and a sample. */
import type { FastifySchema } from 'fastify'

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

export const meSchema: FastifySchema = {
  response: { 200: { type: 'object', properties: { success: { type: 'boolean' }, data } } },
}

export const sampleMe = {
  id: 'key_01m86hx6p5e54tvnmn96zcqphs',
  name: 'ci',
  environment: 'test',
  workspace: { id: 'ws_01m86hx6njef5skqrksc2yfhng', name: 'Acme' },
  permissions: ['*'],
  rate_limit_per_minute: 1000,
  expires_at: null as string | null,
  secret_last_four: 'pUKg',
}
