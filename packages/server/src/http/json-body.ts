/** Reads JSON bodies: valid UTF-8, valid JSON, nothing that could not be stored and given back unchanged. */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ApiError, invalidField } from '../errors.ts'
import { findJsonProblem } from '../lib/json.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of a body that was read, as they were sent; undefined when it was refused. */
    sentBody: Buffer | undefined
  }
}

export const jsonBody = fastifyPlugin((app: FastifyInstance, _options: object, done: () => void) => {
  app.decorateRequest('sentBody')
  app.removeAllContentTypeParsers()
  // Ruby and others name the type of a form though they send nothing: there is no body whose type could be wrong.
  app.addHook('onRequest', (request, _reply, next) => {
    if (request.headers['content-length'] === '0') delete request.headers['content-type']
    next()
  })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, parsed) => {
    try {
      // parseAs: 'buffer' hands over a Buffer.
      const value = parse(body as Buffer)
      request.sentBody = body as Buffer // as above
      parsed(null, value)
    } catch (error) {
      parsed(error instanceof Error ? error : new Error(String(error)))
    }
  })
  done()
})

function parse(body: Buffer): unknown {
  const value = readJson(body)
  const found = findJsonProblem(value)
  if (found !== undefined) throw invalidField(found.path === '' ? 'body' : found.path, found.problem)
  return value
}

/**
 * The value that a body states. An empty body is no body: calls that need none take it, others name what is missing.
 * Throws ApiError `malformed_json` with the place, never with what stands there. What is in the value is not judged.
 */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (!isUtf8(body)) throw new ApiError('malformed_json', { hint: 'The body is not valid UTF-8.' })
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ApiError('malformed_json', { hint: jsonHint(error) })
  }
}

/** V8 quotes what it stumbled on, which may be a secret: keep the place, drop the quote. */
function jsonHint(error: unknown): string {
  const place =
    error instanceof Error
      ? /at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0]
      : undefined
  const isName = error instanceof Error && error.message.startsWith('Expected ')
  const advice = isName ? ' Names and texts need double quotes, and no comma may stand before } or ].' : ''
  return place === undefined
    ? 'The JSON ends too early or is empty.'
    : `The JSON can’t be read ${place}.${advice}`
}
