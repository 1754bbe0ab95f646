/** Ranks everything one environment knows against a question: passages of its texts, answers of its FAQ. */
import { type SourceType, splitIntoPassages } from './passages.ts'
import { type RankedPassage, rankPassages } from './ranking/passage-ranking.ts'
import { PassageTable } from './ranking/passage-table.ts'
import { readQuestion } from './ranking/question.ts'
import { QuestionIndex } from './ranking/question-index.ts'
import { Vocabulary } from './ranking/vocabulary.ts'

export interface IndexedSource {
  readonly id: string
  readonly type: SourceType
  /** For the type faq: the question that the content answers. */
  readonly title: string
  readonly content: string
  readonly url: string | null
  /** For the type faq: the question in other words. */
  readonly alternateQuestions: readonly string[]
}

/** An exact slice of a source's content: `content.slice(start, end)` is the quote. Offsets are UTF-16 code units. */
export interface Quotation {
  readonly sourceId: string
  readonly title: string
  readonly url: string | null
  readonly quote: string
  readonly start: number
  readonly end: number
}

export interface Hit extends Quotation {
  /** 0 to 1, comparable between queries. */
  readonly score: number
  /** The nearest heading above the quote. */
  readonly heading: string | null
}

/** The answer of a FAQ source: the beginning of its content. */
export interface RankedAnswer {
  readonly quotation: Quotation
  readonly score: number
}

export interface Ranking {
  readonly passages: readonly RankedPassage[]
  readonly answers: readonly RankedAnswer[]
}

/** A FAQ's answer is quoted from its beginning, whole sentences up to this many UTF-16 units (one in any case). */
const MAX_ANSWER_LENGTH = 500

interface FaqAnswer {
  readonly source: IndexedSource
  readonly start: number
  readonly end: number
}

export class KnowledgeIndex {
  readonly sourceCount: number
  /** The ids of sources left out because they can't be read. */
  readonly skipped: readonly string[]
  /** Quotable passages of texts and sentences of FAQ answers together. */
  readonly passageCount: number
  /** The passages of all sources that aren't FAQ. */
  readonly table: PassageTable
  readonly #vocabulary = new Vocabulary()
  readonly #questions: QuestionIndex
  readonly #texts: readonly IndexedSource[]
  readonly #faqs: readonly FaqAnswer[]

  /**
   * Builds the index in memory, in time linear in the length of the sources. One that can't be read is left out and
   * named in `skipped`: it must not take the others with it.
   */
  static build(sources: readonly IndexedSource[]): KnowledgeIndex {
    try {
      return new KnowledgeIndex(sources, [])
    } catch (error) {
      const readable = new Set(sources.filter((source) => KnowledgeIndex.#canRead(source)))
      if (readable.size === sources.length) throw error
      const skipped = sources.filter((source) => !readable.has(source)).map(({ id }) => id)
      return new KnowledgeIndex([...readable], skipped)
    }
  }

  static #canRead(source: IndexedSource): boolean {
    try {
      return new KnowledgeIndex([source], []).sourceCount === 1
    } catch {
      return false
    }
  }

  private constructor(sources: readonly IndexedSource[], skipped: readonly string[]) {
    this.skipped = skipped
    const faqs = sources.filter((source) => source.type === 'faq')
    const answers = faqs.map((source) => ({ source, passages: splitIntoPassages('faq', source.content) }))
    this.#texts = sources.filter((source) => source.type !== 'faq')
    this.#faqs = answers.map(({ source, passages }) => ({ source, ...beginning(passages) }))
    this.#questions = new QuestionIndex(faqs, this.#vocabulary)
    this.table = new PassageTable(this.#texts, this.#vocabulary)
    this.sourceCount = sources.length
    this.passageCount = answers.reduce(
      (sum, { passages }) => sum + passages.length,
      this.table.passages.length,
    )
  }

  /** What answers a question best, best first, at most `limit` of each kind. */
  rank(question: string, limit: number): Ranking {
    const read = readQuestion(question, this.#vocabulary)
    const answers = this.#questions.rank(read, limit).flatMap(({ source, score }) => {
      const faq = this.#faqs[source]
      return faq === undefined || faq.end === faq.start
        ? []
        : [{ quotation: quotation(faq.source, faq.start, faq.end), score }]
    })
    return { passages: rankPassages(this.table, read, limit), answers }
  }

  /** The best quotes for a query, best first, at most `limit`; the same words are quoted once. */
  search(query: string, limit: number): Hit[] {
    const { passages, answers } = this.rank(query, limit)
    const hits: Hit[] = answers.map(({ quotation, score }) => ({ ...quotation, score, heading: null }))
    for (const { at, score } of passages) {
      const heading = this.table.passages[at]?.heading ?? null
      hits.push({ ...this.quotationOf(at), score, heading })
    }
    const quotes = new Set<string>()
    return hits
      .sort((a, b) => b.score - a.score)
      .filter(({ quote }) => !quotes.has(quote) && quotes.add(quote))
      .slice(0, Math.max(0, limit))
  }

  /** The quotation of a passage of the table. Throws a RangeError for a number that is none of it. */
  quotationOf(at: number): Quotation {
    const source = this.#texts[this.table.sourceOf(at)]
    const passage = this.table.passages[at]
    if (source === undefined || passage === undefined) throw new RangeError(`No passage ${at}`)
    return quotation(source, passage.start, passage.end)
  }
}

function quotation(source: IndexedSource, start: number, end: number): Quotation {
  const { id, title, url, content } = source
  return { sourceId: id, title, url, quote: content.slice(start, end), start, end }
}

function beginning(passages: readonly { start: number; end: number }[]): { start: number; end: number } {
  const start = passages[0]?.start ?? 0
  let end = passages[0]?.end ?? 0
  for (const passage of passages) {
    if (passage.end - start > MAX_ANSWER_LENGTH) break
    end = passage.end
  }
  return { start, end }
}
