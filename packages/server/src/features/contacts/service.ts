/** Contacts: found, made, changed and deleted, each change with the event that tells of it. */
import type { CountryCode } from 'libphonenumber-js'
import type { Db, Tx } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import type { Id } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'
import {
  changeContact,
  createContact,
  removeContact,
  type Surroundings,
  stateOf,
  writeChange,
} from './changes.ts'
import { emptyContact } from './contact.ts'
import { type FoundContact, findOrCreateContact } from './find-or-create.ts'
import {
  applyInput,
  type ContactInput,
  type CustomerInput,
  type CustomerReference,
  readReference,
} from './input.ts'
import { readSearch } from './search-terms.ts'
import * as store from './store.ts'

export interface ContactQuery {
  sort: store.ContactSort
  search?: string | undefined
  tag?: string | undefined
}

export interface ContactServiceOptions extends Surroundings {
  db: Db
  /** The country that phone numbers without + are read in. */
  defaultCountry: CountryCode
}

export class ContactService {
  readonly #options: ContactServiceOptions

  constructor(options: ContactServiceOptions) {
    this.#options = options
  }

  async list(principal: Scope, query: ContactQuery, page: PageRequest): Promise<Page<store.ContactRow>> {
    const { sort } = query
    const rows = await store.listContacts(
      this.#options.db,
      principal.environmentId,
      { sort, search: this.#readFilter(query.search), tag: query.tag?.trim() },
      page,
    )
    return toPage(rows, page.limit, (row) => {
      if (sort === 'name') return [row.name_key, row.id]
      return [(sort === 'created' ? row.created_at : row.updated_at).toISOString(), row.id]
    })
  }

  /** Best matches first. */
  async search(principal: Scope, text: string, page: PageRequest): Promise<Page<store.MatchedContactRow>> {
    const { db, defaultCountry } = this.#options
    const terms = readSearch(text, defaultCountry)
    const rows = await store.searchContacts(db, principal.environmentId, terms, page)
    return toPage(rows, page.limit, (row) => [row.rank, row.name_key, row.id])
  }

  async get(principal: Scope, id: Id<'cust'>): Promise<store.ContactRow> {
    const { db } = this.#options
    const row = await store.findContact(db, principal.environmentId, id)
    if (row === undefined) throw await notFound(db, principal, 'contacts', id)
    return row
  }

  /** Throws `conflict` with the other contact's id when one has an address already. */
  async create(principal: Scope, input: ContactInput): Promise<store.ContactRow> {
    const { db, defaultCountry } = this.#options
    const { environmentId } = principal
    const read = applyInput(emptyContact, input, defaultCountry)
    return transactOnce(db, principal, async (tx) => {
      const id = await createContact(tx, this.#options, environmentId, read)
      return store.getContact(tx, environmentId, id)
    })
  }

  /** Throws `conflict` as `create` does. What has its new value already is no change, and no event tells of it. */
  async update(principal: Scope, id: Id<'cust'>, input: ContactInput): Promise<store.ContactRow> {
    const { db, defaultCountry } = this.#options
    const { environmentId } = principal
    return transactOnce(db, principal, async (tx) => {
      const row = await this.#lock(tx, principal, id)
      await changeContact(tx, this.#options, row, applyInput(stateOf(row), input, defaultCountry))
      return store.getContact(tx, environmentId, id)
    })
  }

  /** For good; its conversations stay, without a contact. */
  async delete(principal: Scope, id: Id<'cust'>): Promise<void> {
    await transactOnce(this.#options.db, principal, async (tx) => {
      if (!(await removeContact(tx, this.#options, principal.environmentId, id))) {
        throw await notFound(tx, principal, 'contacts', id)
      }
    })
  }

  /** Normalises how a conversation names its customer. Throws `validation_failed` naming the field. */
  readReference(input: CustomerInput): CustomerReference {
    return readReference(input, this.#options.defaultCountry)
  }

  async exists(environmentId: Id<'env'>, id: string): Promise<boolean> {
    const row = await store.findContact(this.#options.db, environmentId, id as Id<'cust'>) // any text may be looked up
    return row !== undefined
  }

  /** Keeps the contact from being deleted until the caller's transaction ends. False when it isn't there. */
  hold(tx: Tx, environmentId: Id<'env'>, id: string): Promise<boolean> {
    return store.keepContact(tx, environmentId, id as Id<'cust'>) // any text may be looked up
  }

  /** In the caller's transaction. See find-or-create.ts for what it guarantees. */
  findOrCreateContact(tx: Tx, environmentId: Id<'env'>, customer: CustomerReference): Promise<FoundContact> {
    return findOrCreateContact(tx, this.#options, environmentId, customer)
  }

  /** In the caller's transaction, for a contact that is known to be there. The same name is no change. */
  async rename(tx: Tx, environmentId: Id<'env'>, id: Id<'cust'>, name: string): Promise<void> {
    await store.lockContact(tx, environmentId, id)
    const row = await store.getContact(tx, environmentId, id)
    await writeChange(tx, this.#options, row, { ...stateOf(row), name: name.trim() })
  }

  /** The row after every change that was under way; later ones wait for this transaction. */
  async #lock(tx: Tx, principal: Scope, id: Id<'cust'>): Promise<store.ContactRow> {
    if (!(await store.lockContact(tx, principal.environmentId, id))) {
      throw await notFound(tx, principal, 'contacts', id)
    }
    return store.getContact(tx, principal.environmentId, id)
  }

  /** A search for nothing but spaces is none. */
  #readFilter(search: string | undefined) {
    if (search === undefined || search.trim() === '') return undefined
    return readSearch(search, this.#options.defaultCountry)
  }
}
