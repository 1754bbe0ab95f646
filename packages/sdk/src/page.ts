/** Lists: one page by `await`, everything by `for await`. */

/** What `await` gives of a list. */
export interface Page<T> {
  data: T[]
  has_more: boolean
  /** For the next page, as `cursor`; null on the last one. */
  next_cursor: string | null
}

type Fetch<T> = (cursor: string | undefined) => Promise<Page<T>>

/**
 * A list that is asked for when it is awaited or walked:
 *
 *     const page = await client.contacts.list({ limit: 10 })
 *     for await (const contact of client.contacts.list()) console.log(contact.name)
 *
 * Walking asks for page after page, so what is made meanwhile may be missing, and nothing comes twice.
 */
export class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #fetch: Fetch<T>
  #first: Promise<Page<T>> | undefined

  constructor(fetch: Fetch<T>) {
    this.#fetch = fetch
  }

  // biome-ignore lint/suspicious/noThenProperty: a list is awaited for its first page
  then<A = Page<T>, B = never>(
    onPage?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#firstPage().then(onPage, onError)
  }

  catch<B = never>(onError?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<Page<T> | B> {
    return this.#firstPage().catch(onError)
  }

  finally(onEnd?: (() => void) | null): Promise<Page<T>> {
    return this.#firstPage().finally(onEnd)
  }

  /** Page after page, from this one on. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let page = await this.#firstPage()
    yield page
    while (page.next_cursor !== null) {
      page = await this.#fetch(page.next_cursor)
      yield page
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.data
  }

  #firstPage(): Promise<Page<T>> {
    this.#first ??= this.#fetch(undefined)
    return this.#first
  }
}
