/** Routes of signing in and up, at `/auth`: for the dashboard, which the server's own pages are. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { ok, oneOf, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { assertOwnOrigin } from '../../http/session.ts'
import { plainAddress } from '../../lib/cidr.ts'
import { type Endpoint, endpoints, SignUpAnswer, SignUpBody } from './endpoints.ts'
import type { SignInService } from './service.ts'
import type { SignUpService } from './sign-up.ts'

export interface AuthRoutesOptions {
  signIn: SignInService
  signUp: SignUpService
  ownOrigin: () => string
}

/** Who calls, as far as that is known of somebody who isn't signed in yet. */
export interface Caller {
  readonly cookies: string | undefined
  readonly address: string
  readonly userAgent: string
}

const AuthConfig = Type.Object({
  sign_up: oneOf(['open', 'invited', 'closed']),
  can_send_mail: Type.Boolean(),
  is_first_user: Type.Boolean(),
  providers: Type.Array(Type.String()),
})

// The dashboard's own: left out of the description of the API, whose other operations are for keys, too.
const hidden = { hide: true, tags: ['Sign-in'] } as const

export function authRoutes(app: HttpServer, { signIn, signUp, ownOrigin }: AuthRoutesOptions): void {
  app.get(
    '/config',
    {
      config: { access: 'public' },
      schema: {
        ...hidden,
        operationId: 'getSignInConfig',
        summary: 'How people sign up here',
        response: { 200: success(AuthConfig) },
      },
    },
    async () => ok(await signUp.config()),
  )

  app.post(
    '/sign-up/email',
    {
      config: { access: 'public' },
      onRequest: fromOwnPage(ownOrigin),
      schema: {
        ...hidden,
        operationId: 'signUp',
        summary: 'Make an account',
        body: SignUpBody,
        response: { 200: SignUpAnswer },
      },
    },
    async (request, reply) => {
      const { setCookies, body } = await signUp.signUp(request.body, callerOf(request))
      return reply.header('set-cookie', setCookies).send(body as { user: never }) // written by its schema
    },
  )

  app.post(
    '/request-password-reset',
    {
      config: { access: 'public' },
      onRequest: fromOwnPage(ownOrigin),
      schema: {
        ...hidden,
        operationId: 'requestPasswordReset',
        summary: 'Mail a link that resets the password',
        body: strict({
          email: Type.String({ minLength: 3, maxLength: 254 }),
          redirectTo: Type.Optional(Type.String({ maxLength: 300, description: 'Ignored.' })),
        }),
        response: {
          200: Type.Object({ status: Type.Boolean() }, { description: 'Whether there is one or not.' }),
        },
      },
    },
    async (request) => {
      await signIn.askForReset(request.body.email, callerOf(request))
      return { status: true }
    },
  )

  for (const endpoint of endpoints) register(app, endpoint, signIn, ownOrigin)
}

function register(app: HttpServer, endpoint: Endpoint, signIn: SignInService, ownOrigin: () => string): void {
  const { method, path, operationId, summary, body, answer } = endpoint
  app.route({
    method,
    url: path,
    config: { access: 'public' },
    ...(method === 'POST' ? { onRequest: fromOwnPage(ownOrigin) } : {}),
    schema: {
      ...hidden,
      operationId,
      summary,
      ...(body === undefined ? {} : { body }),
      response: { 200: answer as TSchema },
    },
    handler: async (request, reply) => {
      // What its schema let through.
      const sent = method === 'POST' ? ((request.body ?? {}) as Record<string, unknown>) : undefined
      const { setCookies, body: answered } = await signIn.handle(endpoint, sent, callerOf(request))
      if (setCookies.length > 0) reply.header('set-cookie', [...setCookies])
      return reply.send(answered)
    },
  })
}

/** Also of who isn't signed in yet: another site must not sign anybody in as somebody else. */
function fromOwnPage(ownOrigin: () => string) {
  return (request: FastifyRequest, _reply: FastifyReply, next: (error?: Error) => void): void => {
    try {
      assertOwnOrigin(request.headers, ownOrigin())
      next()
    } catch (error) {
      next(error as Error) // assertOwnOrigin throws nothing but ApiError
    }
  }
}

function callerOf({ headers, ip }: FastifyRequest): Caller {
  return { cookies: headers.cookie, address: plainAddress(ip), userAgent: headers['user-agent'] ?? '' }
}
