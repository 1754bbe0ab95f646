/** What Clara answers from. */
import type { Api, Body, Data, Query } from '../api.ts'
import type { KnowledgeSource, KnowledgeSourceSummary, Quote } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type SearchKnowledge = Body<'searchKnowledge'>
export type ListKnowledgeSources = Query<'listKnowledgeSources'>
export type CreateKnowledgeSource = Body<'createKnowledgeSource'>
export type UpdateKnowledgeSource = Body<'updateKnowledgeSource'>

/** Reading takes `knowledge:read`, changing `knowledge:write`. */
export class Knowledge {
  readonly #api: Api
  readonly sources: KnowledgeSources

  constructor(api: Api) {
    this.#api = api
    this.sources = new KnowledgeSources(api)
  }

  /** The quotes that answer best, with their scores. Permission: `knowledge:read`. */
  search(body: SearchKnowledge, options?: RequestOptions): Promise<Quote[]> {
    return this.#api.call('post', '/knowledge/search', { body }, options)
  }
}

/** Texts, and questions with their answers. */
export class KnowledgeSources {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first, without their content. Permission: `knowledge:read`. */
  list(query?: ListKnowledgeSources, options?: RequestOptions): List<KnowledgeSourceSummary> {
    return this.#api.list('/knowledge/sources', { query }, options)
  }

  /** Every question after it may be answered from it. Permission: `knowledge:write`. */
  create(body: CreateKnowledgeSource, options?: RequestOptions): Promise<KnowledgeSource> {
    return this.#api.call('post', '/knowledge/sources', { body }, options)
  }

  /** Permission: `knowledge:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<KnowledgeSource> {
    return this.#api.call('get', '/knowledge/sources/{id}', { id }, options)
  }

  /** Changes what is given. Permission: `knowledge:write`. */
  update(id: string, body: UpdateKnowledgeSource, options?: RequestOptions): Promise<KnowledgeSource> {
    return this.#api.call('patch', '/knowledge/sources/{id}', { id, body }, options)
  }

  /** No answer comes from it any more. Permission: `knowledge:write`. */
  delete(id: string, options?: RequestOptions): Promise<Data<'deleteKnowledgeSource'>> {
    return this.#api.call('delete', '/knowledge/sources/{id}', { id }, options)
  }
}
