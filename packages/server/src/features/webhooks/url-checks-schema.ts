/** The judgement of a URL on the wire. */
import { type Static, Type } from 'typebox'
import { nullable, oneOf, strict } from '../../http/schemas.ts'
import { MAX_URL_LENGTH } from './egress/url-rules.ts'
import type { UrlCheck } from './url-checks.ts'

export const CheckUrlBody = strict({
  url: Type.String({
    minLength: 1,
    maxLength: MAX_URL_LENGTH,
    description: 'As it would be given for a webhook, finished or not.',
  }),
})

export const WebhookUrlCheck = Type.Object(
  {
    verdict: oneOf(['allowed', 'refused', 'unresolved'], {
      description: '`unresolved`: the name has no address now. It can be saved; each request looks again.',
    }),
    reason: nullable(
      Type.String({
        description:
          'Of what is not allowed: `malformed`, `unresolved`, `port`, or the network it leads to, e.g. `private`.',
      }),
    ),
    message: Type.String({ description: 'Where it leads and what follows, in a sentence.' }),
    hint: nullable(Type.String({ description: 'What to do.' })),
    addresses: Type.Array(
      Type.Object({
        address: nullable(
          Type.String({ description: 'Null for what a name inside resolves to: that isn’t told.' }),
        ),
        verdict: oneOf(['allowed', 'refused']),
        network: Type.String({
          description: '`internet`, or what else the address is for, e.g. `loopback`.',
        }),
      }),
    ),
  },
  { $id: 'WebhookUrlCheck' },
)

export function urlCheckToWire(check: UrlCheck): Static<typeof WebhookUrlCheck> {
  return check
}
