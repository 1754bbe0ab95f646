/** What Clara knows: sources kept in the database, an index of each environment kept in memory while it is in use. */
import { LRUCache } from 'lru-cache'
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Principal } from '../../principal.ts'
import { type Answer, answer } from './answer.ts'
import { type Hit, type IndexedSource, KnowledgeIndex } from './knowledge-index.ts'
import * as store from './store.ts'

export interface NewSource {
  type: store.SourceRow['type']
  title: string
  content: string
  url?: string | null | undefined
  alternate_questions?: string[] | undefined
}

export type SourceChange = Partial<Omit<NewSource, 'type'>>

/** What an environment may hold: an index of it must be built in a moment, and fit in memory. */
const MAX_SOURCES = 5_000
const MAX_CHARACTERS = 5_000_000
/** Characters of content whose indexes are kept in memory, over all environments. */
const CACHE_CHARACTERS = 50_000_000

interface CachedIndex {
  version: number
  index: KnowledgeIndex
  characters: number
}

export class KnowledgeService {
  readonly #db: Db
  readonly #clock: Clock
  readonly #indexes = new LRUCache<Id<'env'>, CachedIndex>({
    maxSize: CACHE_CHARACTERS,
    sizeCalculation: ({ characters }) => Math.max(1, characters),
  })
  readonly #builds = new Map<Id<'env'>, Promise<CachedIndex>>()

  constructor(db: Db, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  async create(principal: Principal, input: NewSource): Promise<store.SourceRow> {
    if (input.type !== 'faq' && (input.alternate_questions?.length ?? 0) > 0) {
      throw invalidField('alternate_questions', 'goes with the type faq only')
    }
    const now = new Date(this.#clock.nowMs())
    const row: store.SourceRow = {
      id: newId('src'),
      environment_id: principal.environmentId,
      type: input.type,
      title: input.title.trim(),
      content: input.content,
      content_length: input.content.length,
      url: input.url ?? null,
      alternate_questions: input.alternate_questions ?? [],
      created_at: now,
      updated_at: now,
    }
    await this.#write(principal, async (tx) => store.insertSource(tx, row))
    return row
  }

  async list(principal: Principal, page: PageRequest): Promise<Page<store.SourceSummaryRow>> {
    const rows = await store.listSources(this.#db, principal.environmentId, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  get(principal: Principal, id: Id<'src'>): Promise<store.SourceRow> {
    return this.#get(this.#db, principal, id)
  }

  async update(principal: Principal, id: Id<'src'>, change: SourceChange): Promise<store.SourceRow> {
    return this.#write(principal, async (tx) => {
      const current = await this.#get(tx, principal, id)
      if (current.type !== 'faq' && (change.alternate_questions?.length ?? 0) > 0) {
        throw invalidField('alternate_questions', 'goes with the type faq only')
      }
      await store.updateSource(tx, principal.environmentId, id, {
        updated_at: new Date(this.#clock.nowMs()),
        ...(change.title === undefined ? {} : { title: change.title.trim() }),
        ...(change.content === undefined
          ? {}
          : { content: change.content, content_length: change.content.length }),
        ...(change.url === undefined ? {} : { url: change.url }),
        ...(change.alternate_questions === undefined
          ? {}
          : { alternate_questions: change.alternate_questions }),
      })
      return this.#get(tx, principal, id)
    })
  }

  async delete(principal: Principal, id: Id<'src'>): Promise<void> {
    await this.#write(principal, async (tx) => {
      if (!(await store.deleteSource(tx, principal.environmentId, id))) {
        throw await notFound(tx, principal, 'knowledge_sources', id)
      }
    })
  }

  /** The best quotes first. What was written before the call is found by it. */
  async search(environmentId: Id<'env'>, query: string, limit: number): Promise<Hit[]> {
    return (await this.#index(environmentId)).search(query, limit)
  }

  /** Undefined when the sources don't cover the question. */
  async answer(environmentId: Id<'env'>, question: string): Promise<Answer | undefined> {
    return answer(await this.#index(environmentId), question)
  }

  async #get(db: Db | Tx, principal: Principal, id: Id<'src'>): Promise<store.SourceRow> {
    const row = await store.findSource(db, principal.environmentId, id)
    if (row === undefined) throw await notFound(db, principal, 'knowledge_sources', id)
    return row
  }

  async #write<T>(principal: Principal, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { environmentId } = principal
    return transact(this.#db, async (tx) => {
      await store.bumpVersion(tx, environmentId)
      const result = await work(tx)
      const { sources, characters } = await store.measureSources(tx, environmentId)
      if (sources > MAX_SOURCES || characters > MAX_CHARACTERS) {
        throw new ApiError('conflict', {
          error: `An environment holds at most ${MAX_SOURCES} sources and ${MAX_CHARACTERS} characters`,
          hint: 'Delete sources that are no longer needed.',
          details: { sources, characters },
        })
      }
      return result
    })
  }

  async #index(environmentId: Id<'env'>): Promise<KnowledgeIndex> {
    const version = await store.readVersion(this.#db, environmentId)
    const cached = this.#indexes.get(environmentId)
    if (cached !== undefined && cached.version >= version) return cached.index
    for (;;) {
      const build = this.#builds.get(environmentId) ?? this.#startBuild(environmentId)
      const built = await build
      // A build that began before this call may have read an older version.
      if (built.version >= version) return built.index
    }
  }

  #startBuild(environmentId: Id<'env'>): Promise<CachedIndex> {
    const build = this.#build(environmentId).finally(() => this.#builds.delete(environmentId))
    this.#builds.set(environmentId, build)
    return build
  }

  async #build(environmentId: Id<'env'>): Promise<CachedIndex> {
    const { version, rows } = await this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => ({
        version: await store.readVersion(tx, environmentId),
        rows: await store.listSourcesForIndex(tx, environmentId),
      }))
    const built: CachedIndex = {
      version,
      index: KnowledgeIndex.build(rows.map(toIndexedSource)),
      characters: rows.reduce((sum, row) => sum + row.content.length, 0),
    }
    this.#indexes.set(environmentId, built)
    return built
  }
}

function toIndexedSource(row: store.SourceRow): IndexedSource {
  const { id, type, title, content, url } = row
  return { id, type, title, content, url, alternateQuestions: row.alternate_questions }
}
