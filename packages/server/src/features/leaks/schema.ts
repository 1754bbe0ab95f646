/** Reports of leaked secrets on the wire: from anyone, and in the format of GitHub's secret scanning. */
import type { FastifySchemaValidationError } from 'fastify'
import { type Static, Type } from 'typebox'
import { nullable, oneOf, strict, success } from '../../http/schemas.ts'

const LeakBody = strict(
  {
    secret: Type.String({
      minLength: 1,
      maxLength: 1000,
      redact: true,
      description: 'The secret, as it was found.',
    }),
    url: Type.Optional(Type.String({ maxLength: 2000, description: 'Where it was found.' })),
    source: Type.Optional(
      Type.String({ maxLength: 100, description: 'What kind of place that is: a chat, a paste, a log.' }),
    ),
  },
  { title: 'From anyone' },
)

/** Fields that GitHub adds one day are no reason to refuse a report: these four are read, others are let be. */
const LeakMatch = Type.Object({
  token: Type.String({ redact: true, description: 'What was found.' }),
  type: Type.String({ description: 'The name of the pattern that found it.' }),
  url: Type.Optional(nullable(Type.String({ description: 'Where it was found; may be empty.' }))),
  source: Type.Optional(nullable(Type.String({ description: 'What kind of place that is.' }))),
})
export type LeakMatch = Static<typeof LeakMatch>

const LeakMatches = Type.Array(LeakMatch, { title: 'From GitHub, signed' })

/** Written out and not referred to: the place of an error in the schema says which of the two it is about. */
export const LeaksBody = Type.Unsafe<Static<typeof LeakBody> | LeakMatch[]>({
  oneOf: [LeakBody, LeakMatches],
})

export const LeakHeaders = Type.Object({
  'github-public-key-identifier': Type.Optional(
    Type.String({ description: 'For a list: which of GitHub’s public keys it is signed with.' }),
  ),
  'github-public-key-signature': Type.Optional(
    Type.String({
      description: 'For a list: ECDSA P-256 with SHA-256 over the bytes of the body, DER in base64.',
    }),
  ),
})

export const LeakVerdict = Type.Object(
  {
    token_hash: Type.String({ description: 'SHA-256 of the token, in hexadecimal.' }),
    token_type: Type.String({ description: '`type` of the match.' }),
    label: oneOf(['true_positive', 'false_positive'], {
      description: '`true_positive` when this installation knows the secret.',
    }),
  },
  { $id: 'LeakVerdict' },
)
export type LeakVerdict = Static<typeof LeakVerdict>

export const LeakReceived = success(
  Type.Object({ received: Type.Literal(true) }),
  'The report is handled. The answer is the same whatever the secret is.',
)

/** A secret that was put where a field's name belongs is not given back. */
export function withoutSecrets(path: string): string {
  return path.replace(/sk_\w*/gi, 'sk_…')
}

/** Of what each of the two bodies is refused for, that of the one which was meant: a list is a list, all else is one. */
export function meantErrors(errors: FastifySchemaValidationError[]): FastifySchemaValidationError[] {
  const isList = !errors.some((error) => error.schemaPath === '#/oneOf/1/type')
  return errors
    .filter((error) => error.schemaPath.startsWith(isList ? '#/oneOf/1/' : '#/oneOf/0/'))
    .map((error) => {
      const { additionalProperty } = error.params
      if (typeof additionalProperty !== 'string') return error
      return { ...error, params: { additionalProperty: withoutSecrets(additionalProperty) } }
    })
}
