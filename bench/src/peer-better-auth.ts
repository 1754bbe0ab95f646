/**
 * The yardstick for keys: Better Auth's api-key plugin behind Fastify, in a process of its own, on the database and with
 * as many keys as its arguments say. `GET /me` answers as GET /v1/me does.
 */
import { fastify } from 'fastify'
import { startBetterAuth } from './better-auth.ts'
import { meSchema, sampleMe } from './me-answer.ts'

const [connectionString = '', keyCount = '1'] = process.argv.slice(2)
const { keys, verify } = await startBetterAuth(connectionString, Number(keyCount))
const app = fastify()

app.get('/me', { schema: meSchema }, async (request, reply) => {
  const found = await verify(request.headers.authorization?.slice('Bearer '.length) ?? '')
  if (found === null) return reply.code(401).send({ success: false, error: 'The API key is not valid' })
  const data = {
    ...sampleMe,
    id: found.id,
    name: found.name,
    workspace: { id: found.referenceId, name: sampleMe.workspace.name },
    permissions: Object.keys(found.permissions ?? {}),
    expires_at: found.expiresAt?.toISOString() ?? null,
  }
  return { success: true, data }
})

const url = await app.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${JSON.stringify({ url, keys })}\n`)
