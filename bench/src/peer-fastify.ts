/** The yardstick for requests: one bare Fastify route that answers a body like GET /v1/me, in a process of its own. */
import { fastify } from 'fastify'
import { meSchema, sampleMe } from './me-answer.ts'

const app = fastify()
app.get('/me', { schema: meSchema }, () => ({ success: true, data: sampleMe }))

const url = await app.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${JSON.stringify({ url })}\n`)
