/**
 * What every route must declare, checked when the server boots: who may call it, an operation id and the schema of
 * its answers. Adds what all routes share: error responses, and 405 for methods that a path doesn't take.
 */
import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ApiError } from '../errors.ts'
import { answerPreflight, isPreflight } from './browser.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export interface RouteRecord {
  method: HTTPMethods
  url: string
  access: string
  operationId: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route that clients may call, for tests that walk them all. */
    routeTable: RouteRecord[]
  }
  interface FastifyContextConfig {
    /** Marks the routes that only answer 405. */
    methodFallback?: boolean
  }
}

/** How an endpoint is named wherever one is: `GET /v1/contacts/{id}`. */
export function endpointName(method: string, url: string): string {
  return `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`
}

export const routeRules = fastifyPlugin((app: FastifyInstance, _options: object, done: () => void) => {
  app.decorate('routeTable', [])
  app.addHook('onRoute', (route) => {
    if (route.config?.methodFallback === true) return
    const methods = [route.method].flat()
    if (methods.every((method) => method === 'HEAD')) return
    const operationId = checkDeclarations(route, methods)
    for (const method of methods) {
      app.routeTable.push({
        method: method as HTTPMethods,
        url: route.url,
        access: route.config?.access ?? '',
        operationId,
      })
    }
  })
  done()
})

function checkDeclarations(route: RouteOptions, methods: string[]): string {
  const name = `${methods.join(',')} ${route.url}`
  const { access } = route.config ?? {}
  if (access === undefined)
    throw new Error(`${name} declares no access: a permission, any_key, person or public`)
  const schema = route.schema
  const operationId = schema?.operationId
  if (operationId === undefined) throw new Error(`${name} declares no operationId`)
  const responses = schema?.response as Record<string, unknown> | undefined
  const statuses = Object.keys(responses ?? {})
  if (!statuses.some((status) => status.startsWith('2')))
    throw new Error(`${name} declares no response schema`)
  return operationId
}

/** Registers 405 for every method that a path doesn't take. Call it after all other routes. */
export function refuseOtherMethods(app: FastifyInstance): void {
  const methodsByUrl = new Map<string, Set<string>>()
  for (const { method, url } of app.routeTable) {
    const taken = methodsByUrl.get(url) ?? new Set()
    taken.add(method)
    if (method === 'GET') taken.add('HEAD')
    methodsByUrl.set(url, taken)
  }
  for (const [url, taken] of methodsByUrl) {
    const allow = [...taken].sort().join(', ')
    app.route({
      method: METHODS.filter((method) => !taken.has(method)),
      url,
      config: { methodFallback: true },
      schema: { hide: true },
      // Before a body is read: it would be read for nothing.
      onRequest: (request, reply, next) => {
        if (isPreflight(request)) return void answerPreflight(reply, allow)
        next(
          new ApiError('method_not_allowed', {
            headers: { allow },
            hint: `Use ${allow}.`,
            details: { allowed: [...taken].sort() },
          }),
        )
      },
      handler: () => undefined,
    })
  }
}

/** By the routes that there are: what the one of this name asks for. A HEAD asks for what the GET does. */
export function accessByEndpoint(app: FastifyInstance): (endpoint: string) => string | undefined {
  const asked = new Map(app.routeTable.map(({ method, url, access }) => [endpointName(method, url), access]))
  return (endpoint) => asked.get(endpoint.replace(/^HEAD /, 'GET '))
}
