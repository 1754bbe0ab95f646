/** Contacts: the customers of a business. */
import type { Api, Body, Data, Query } from '../api.ts'
import type { Contact, Conversation } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type ListContacts = Query<'listContacts'>
export type SearchContacts = Query<'searchContacts'>
export type CreateContact = Body<'createContact'>
export type UpdateContact = Body<'updateContact'>

/** Reading takes `contacts:read`, changing `contacts:write`. */
export class Contacts {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first unless `sort` says otherwise. Permission: `contacts:read`. */
  list(query?: ListContacts, options?: RequestOptions): List<Contact> {
    return this.#api.list('/contacts', { query }, options)
  }

  /** Those whose name, address or number has the text `q`. Permission: `contacts:read`. */
  search(query: SearchContacts, options?: RequestOptions): List<Contact> {
    return this.#api.list('/contacts/search', { query }, options)
  }

  /** Permission: `contacts:write`. Throws ConflictError when an address or number is another contact's. */
  create(body: CreateContact, options?: RequestOptions): Promise<Contact> {
    return this.#api.call('post', '/contacts', { body }, options)
  }

  /** Permission: `contacts:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<Contact> {
    return this.#api.call('get', '/contacts/{id}', { id }, options)
  }

  /** Changes what is given; `tags` replaces them. Permission: `contacts:write`. Throws ConflictError as `create` does. */
  update(id: string, body: UpdateContact, options?: RequestOptions): Promise<Contact> {
    return this.#api.call('patch', '/contacts/{id}', { id, body }, options)
  }

  /** For good. The contact's conversations stay, without a contact. Permission: `contacts:write`. */
  delete(id: string, options?: RequestOptions): Promise<Data<'deleteContact'>> {
    return this.#api.call('delete', '/contacts/{id}', { id }, options)
  }

  /** The contact's conversations, newest first. Permission: `conversations:read`. */
  listConversations(
    id: string,
    query?: Query<'listContactConversations'>,
    options?: RequestOptions,
  ): List<Conversation> {
    return this.#api.list('/contacts/{id}/conversations', { id, query }, options)
  }
}
