/** Client tokens: a server with a key makes them for a browser, which then sees one contact or one conversation. */
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { ApiKeyPrincipal, ClientTokenPrincipal } from '../../principal.ts'
import type { ClientTokenClaims } from '../api-keys/authentication/client-token.ts'
import type { ContactService } from '../contacts/service.ts'
import type { ConversationService } from '../conversations/service.ts'

const LIFETIME_MS = 15 * 60_000

export interface ClientTokenServiceOptions {
  clock: Clock
  contacts: Pick<ContactService, 'get'>
  conversations: Pick<ConversationService, 'getRow'>
  write: (claims: ClientTokenClaims) => string
}

export interface NewClientToken {
  id: Id<'ctok'>
  token: string
  expiresAt: Date
}

export class ClientTokenService {
  readonly #options: ClientTokenServiceOptions

  constructor(options: ClientTokenServiceOptions) {
    this.#options = options
  }

  /** Throws not_found for a contact or conversation of another environment. The token ends with the key at the latest. */
  async create(
    principal: ApiKeyPrincipal,
    subject: ClientTokenPrincipal['subject'],
  ): Promise<NewClientToken> {
    const { clock, contacts, conversations, write } = this.#options
    if (subject.kind === 'contact') await contacts.get(principal, subject.contactId)
    else await conversations.getRow(principal, subject.conversationId)
    const { environment, environmentId, keyId, expiresAt } = principal
    const endMs = Math.min(clock.nowMs() + LIFETIME_MS, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
    const id = newId('ctok')
    const token = write({ tokenId: id, environment, environmentId, keyId, subject, expiresAtMs: endMs })
    return { id, token, expiresAt: new Date(endMs) }
  }
}
