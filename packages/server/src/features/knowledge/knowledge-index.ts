// Ranks everything one environment knows against a question: passages of its texts, answers of its FAQ.
import { PassageIndex, type RankedPassage } from './passage-index.ts'
import { splitIntoPassages, type SourceType } from './passages.ts'
import { readQuestion } from './question.ts'
import { QuestionIndex, type RankedQuestion } from './question-index.ts'
import { Vocabulary } from './vocabulary.ts'

export interface IndexedSource {
  readonly id: string
  readonly type: SourceType
  readonly title: string
  readonly content: string
  readonly url: string | null
  readonly alternateQuestions: readonly string[]
}

export interface Hit {
  readonly sourceId: string
  readonly title: string
  readonly url: string | null
  readonly quote: string
  readonly start: number
  readonly end: number
  /** 0 to 1, comparable between queries. */
  readonly score: number
  readonly heading: string | null
}

export class KnowledgeIndex {
  readonly sourceCount: number
  readonly passageCount: number
  readonly passages: PassageIndex
  readonly questions: QuestionIndex
  readonly vocabulary = new Vocabulary()
  readonly texts: readonly IndexedSource[]
  readonly faqs: readonly IndexedSource[]

  static build(sources: readonly IndexedSource[]): KnowledgeIndex {
    return new KnowledgeIndex(sources)
  }

  private constructor(sources: readonly IndexedSource[]) {
    this.texts = sources.filter((each) => each.type !== 'faq')
    this.faqs = sources.filter((each) => each.type === 'faq')
    this.questions = new QuestionIndex(this.faqs, this.vocabulary)
    this.passages = new PassageIndex(this.texts, this.vocabulary)
    this.sourceCount = sources.length
    this.passageCount = this.passages.passages.length + this.faqs.length
  }

  rank(query: string, limit: number): { passages: RankedPassage[]; questions: RankedQuestion[] } {
    const question = readQuestion(query, this.vocabulary)
    return { passages: this.passages.rank(question, limit), questions: this.questions.rank(question, limit) }
  }

  search(query: string, limit: number): Hit[] {
    const { passages, questions } = this.rank(query, limit)
    const hits: Hit[] = []
    for (const each of passages) {
      const passage = this.passages.passages[each.at]!
      const source = this.texts[this.passages.sourceOf[each.at]!]!
      hits.push({ sourceId: source.id, title: source.title, url: source.url, quote: source.content.slice(passage.start, passage.end), start: passage.start, end: passage.end, score: each.score, heading: passage.heading })
    }
    for (const each of questions) {
      const source = this.faqs[each.source]!
      const ps = splitIntoPassages('faq', source.content)
      const start = ps[0]?.start ?? 0
      let end = ps[0]?.end ?? 0
      for (const p of ps) if (p.end - start <= 500) end = p.end
      hits.push({ sourceId: source.id, title: source.title, url: source.url, quote: source.content.slice(start, end), start, end, score: each.score, heading: source.title })
    }
    return hits.sort((a, b) => b.score - a.score).slice(0, limit)
  }
}
