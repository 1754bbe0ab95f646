/** Routes of Clara herself: a question asked outside any conversation. */
import { ApiError } from '../../errors.ts'
import { ok, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { Engine } from './engine.ts'
import { AgentAnswer, AskBody, agentSchemas, answerToWire } from './schema.ts'

const ENGINE_TIMEOUT_MS = 60_000

export interface AgentRoutesOptions {
  engine: Engine
  /** Aborted when the server stops. */
  stopping: AbortSignal
}

export function agentRoutes(app: HttpServer, { engine, stopping }: AgentRoutesOptions): void {
  for (const schema of agentSchemas) app.addSchema(schema)

  app.post(
    '/agent/ask',
    {
      config: { access: 'agent:write' },
      schema: {
        operationId: 'askAgent',
        summary: 'Ask Clara a question',
        description: 'Stateless: no conversation, no contact, no event.',
        tags: ['Agent'],
        body: AskBody,
        response: { 200: success(ref(AgentAnswer)) },
      },
    },
    async (request) => {
      const { environmentId, environment } = request.principal
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(ENGINE_TIMEOUT_MS)])
      const question = { environmentId, environment, text: request.body.question, signal }
      const reply = await engine.reply(question).catch((error: unknown) => {
        throw stopping.aborted ? new ApiError('unavailable') : error
      })
      return ok(answerToWire(reply))
    },
  )
}
