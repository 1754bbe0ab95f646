/** Routes about who calls: `GET /me`, the way to test a key; a person's sessions, and proving again who one is. */
import { Type } from 'typebox'
import { invalidField } from '../../errors.ts'
import { readPage, writePage } from '../../http/paging.ts'
import { personOf } from '../../http/person.ts'
import { DeletedBody, EmptyBody, ok, pageOf, pageQuery, ref, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { sessionChoice } from '../../http/session.ts'
import { plainAddress } from '../../lib/cidr.ts'
import type { Clock } from '../../lib/clock.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { AccountService } from './account.ts'
import {
  ApiKeyMe,
  keyToWire,
  MemberMe,
  meSchemas,
  Proof,
  ProofBody,
  personToWire,
  proofToWire,
  Session,
  SessionParams,
  sessionToWire,
} from './me-schema.ts'
import type { ProofService } from './proof.ts'

export interface MeRoutesOptions {
  account: AccountService
  proofs: ProofService
  cursors: CursorCodec
  clock: Clock
}

const tags = ['Me']

export function meRoutes(app: HttpServer, { account, proofs, cursors, clock }: MeRoutesOptions): void {
  for (const schema of meSchemas) app.addSchema(schema)

  app.get(
    '/me',
    {
      config: { access: 'any_key', allowsPeople: true },
      // Which of the two it is would be looked for in each answer; both are made here, field by field.
      serializerCompiler: () => JSON.stringify,
      schema: {
        operationId: 'getMe',
        summary: 'Who is this key, or who is signed in?',
        tags,
        response: { 200: success(Type.Union([ref(ApiKeyMe), ref(MemberMe)])) },
      },
    },
    ({ principal, person, headers }) => {
      if (person === undefined && principal.kind === 'api_key') return ok(keyToWire(principal))
      if (person === undefined) throw new TypeError('a client token got past its guard')
      // Somebody who is in no workspace has no principal.
      const member = principal?.kind === 'member' ? principal : undefined
      return ok(personToWire(person, member, sessionChoice(headers).environment, clock.nowMs()))
    },
  )

  app.get(
    '/me/sessions',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'listMySessions',
        summary: 'Where you are signed in',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(ref(Session)) },
      },
    },
    async (request) => {
      const person = personOf(request)
      const scope = JSON.stringify(['sessions', person.userId])
      const page = await account.listSessions(person, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, request.query.limit, page, (row) =>
        sessionToWire(row, person.sessionId),
      )
    },
  )

  app.delete(
    '/me/sessions/:id',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'revokeMySession',
        summary: 'Sign out there',
        tags,
        params: SessionParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      const { id } = request.params
      await account.endSession(personOf(request), id)
      return ok({ id, deleted: true as const })
    },
  )

  app.post(
    '/me/sessions/revoke_others',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'revokeMyOtherSessions',
        summary: 'Sign out everywhere else',
        tags,
        body: EmptyBody,
        response: { 200: success(Type.Object({ revoked: Type.Integer() })) },
      },
    },
    async (request) => ok({ revoked: await account.endOtherSessions(personOf(request)) }),
  )

  app.post(
    '/me/proof',
    {
      config: { access: 'person', isRepeatable: true },
      schema: {
        operationId: 'proveMe',
        summary: 'Prove again who you are',
        description:
          'By your password or a passkey. What touches secrets or people asks for it 15 minutes after the last time.',
        tags,
        body: ProofBody,
        response: { 200: success(ref(Proof)) },
      },
    },
    async (request) => {
      const { password, passkey } = request.body
      if ((password === undefined) === (passkey === undefined))
        throw invalidField('password', 'or `passkey` must be given, and not both')
      const person = personOf(request)
      const provedAt =
        password === undefined
          ? await proofs.proveByPasskey(person, passkey ?? {})
          : await proofs.proveByPassword(person, password, plainAddress(request.ip))
      return ok(proofToWire(provedAt))
    },
  )

  app.post(
    '/me/proof/passkey_options',
    {
      config: { access: 'person', isRepeatable: true },
      schema: {
        operationId: 'getProofPasskeyOptions',
        summary: 'What the browser needs to ask for a passkey',
        description: 'For `navigator.credentials.get`; its answer goes to `POST /v1/me/proof`.',
        tags,
        body: EmptyBody,
        response: { 200: success(Type.Unsafe<object>({ type: 'object', additionalProperties: true })) },
      },
    },
    async (request) => ok(await proofs.passkeyOptions(personOf(request))),
  )
}
