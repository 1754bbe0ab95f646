/** Refuses in paths and queries what can't be part of any text that is stored, as bodies are refused for it. */
import type { FastifyInstance, preValidationHookHandler } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { invalidField } from '../errors.ts'
import { textProblem } from '../lib/json.ts'

export const textRules = fastifyPlugin((app: FastifyInstance, _options: object, done: () => void) => {
  app.addHook('onRoute', (route) => {
    if (route.schema?.querystring === undefined && route.schema?.params === undefined) return
    route.preValidation = [checkText, ...[route.preValidation ?? []].flat()]
  })
  done()
})

const checkText: preValidationHookHandler = (request, _reply, next) => {
  // Such text can only arrive percent-encoded.
  if (!request.url.includes('%')) return next()
  for (const part of [request.params, request.query]) {
    for (const [name, value] of Object.entries(part as Record<string, unknown>)) {
      const problems = [value].flat().map((text) => textProblem(String(text)))
      const problem = problems.find((found) => found !== undefined)
      if (problem !== undefined) return next(invalidField(name, problem))
    }
  }
  next()
}
