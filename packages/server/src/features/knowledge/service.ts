/** What Clara knows: the sources, how much an environment may hold, and the questions to them. */
import type { Db, Tx } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'
import type { Answer } from './answer.ts'
import type { EnvironmentIndexes } from './environment-indexes.ts'
import type { Hit } from './knowledge-index.ts'
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

export interface KnowledgeServiceOptions {
  db: Db
  clock: Clock
  indexes: EnvironmentIndexes
}

export class KnowledgeService {
  readonly #db: Db
  readonly #clock: Clock
  readonly #indexes: EnvironmentIndexes

  constructor({ db, clock, indexes }: KnowledgeServiceOptions) {
    this.#db = db
    this.#clock = clock
    this.#indexes = indexes
  }

  async create(principal: Scope, input: NewSource): Promise<store.SourceRow> {
    if (input.type !== 'faq' && (input.alternate_questions?.length ?? 0) > 0) {
      throw invalidField('alternate_questions', 'goes with the type faq only')
    }
    const now = new Date(this.#clock.nowMs())
    const row: store.SourceRow = {
      id: newId('src'),
      environment_id: principal.environmentId,
      type: input.type,
      ...measured({
        title: input.title.trim(),
        content: input.content,
        url: input.url ?? null,
        alternate_questions: input.alternate_questions ?? [],
      }),
      created_at: now,
      updated_at: now,
    }
    return this.#write(principal, async (tx) => {
      await store.insertSource(tx, row)
      return row
    })
  }

  async list(principal: Scope, page: PageRequest): Promise<Page<store.SourceSummaryRow>> {
    const rows = await store.listSources(this.#db, principal.environmentId, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  get(principal: Scope, id: Id<'src'>): Promise<store.SourceRow> {
    return this.#get(this.#db, principal, id)
  }

  async update(principal: Scope, id: Id<'src'>, change: SourceChange): Promise<store.SourceRow> {
    return this.#write(principal, async (tx) => {
      const current = await this.#get(tx, principal, id)
      if (current.type !== 'faq' && (change.alternate_questions?.length ?? 0) > 0) {
        throw invalidField('alternate_questions', 'goes with the type faq only')
      }
      await store.updateSource(tx, principal.environmentId, id, {
        updated_at: new Date(this.#clock.nowMs()),
        ...measured({
          title: change.title?.trim() ?? current.title,
          content: change.content ?? current.content,
          url: change.url === undefined ? current.url : change.url,
          alternate_questions: change.alternate_questions ?? current.alternate_questions,
        }),
      })
      return this.#get(tx, principal, id)
    })
  }

  async delete(principal: Scope, id: Id<'src'>): Promise<void> {
    await this.#write(principal, async (tx) => {
      if (!(await store.deleteSource(tx, principal.environmentId, id))) {
        throw await notFound(tx, principal, 'knowledge_sources', id)
      }
    })
  }

  /** The best quotes first. What was written before the call is found by it. */
  search(environmentId: Id<'env'>, query: string, limit: number): Promise<readonly Hit[]> {
    return this.#indexes.search(environmentId, query, limit)
  }

  /** Undefined when the sources don't cover the question. */
  answer(environmentId: Id<'env'>, question: string): Promise<Answer | undefined> {
    return this.#indexes.answer(environmentId, question)
  }

  async #get(db: Db | Tx, principal: Scope, id: Id<'src'>): Promise<store.SourceRow> {
    const row = await store.findSource(db, principal.environmentId, id)
    if (row === undefined) throw await notFound(db, principal, 'knowledge_sources', id)
    return row
  }

  async #write<T>(principal: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { environmentId } = principal
    return transactOnce(this.#db, principal, async (tx) => {
      await store.bumpVersion(tx, environmentId)
      const result = await work(tx)
      const { sources, characters } = await store.measureSources(tx, environmentId)
      if (sources > MAX_SOURCES || characters > MAX_CHARACTERS) {
        throw new ApiError('conflict', {
          error: `An environment holds at most ${MAX_SOURCES} sources and ${MAX_CHARACTERS} characters`,
          hint: 'Delete sources that are no longer needed; titles, URLs and alternate questions count as well.',
          details: { sources, characters },
        })
      }
      return result
    })
  }
}

type SourceText = Pick<store.SourceRow, 'title' | 'content' | 'url' | 'alternate_questions'>

/** With its lengths: of the content, as the API tells it, and of everything that an index keeps, as the limit counts. */
function measured(text: SourceText): SourceText & Pick<store.SourceRow, 'content_length' | 'characters'> {
  const { title, content, url, alternate_questions } = text
  const parts = [title, content, url ?? '', ...alternate_questions]
  return {
    ...text,
    content_length: content.length,
    characters: parts.reduce((sum, part) => sum + part.length, 0),
  }
}
