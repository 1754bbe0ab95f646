/** Knowledge sources and quotes on the wire. */
import { type Static, Type } from 'typebox'
import { nullable, oneOf, ref, strict, timestamp } from '../../http/schemas.ts'
import type { Hit } from './knowledge-index.ts'
import type { SourceRow, SourceSummaryRow } from './store.ts'

const title = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '\\S',
  description: 'What the source is called; of an faq, the question.',
})
const content = Type.String({
  minLength: 1,
  maxLength: 1_000_000,
  pattern: '\\S',
  description: 'The text that Clara answers from; of an faq, the answer.',
})
const url = nullable(
  Type.String({
    maxLength: 2_000,
    format: 'uri',
    description: 'Where the text is from; a label, never fetched.',
  }),
)
const alternateQuestions = Type.Array(Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }), {
  maxItems: 500,
  description: 'Other wordings of an faq’s question.',
})

export const SourceParams = Type.Object({ id: Type.String({ description: 'The source’s id, `src_…`.' }) })

export const CreateSourceBody = strict({
  type: oneOf(['text', 'markdown', 'faq']),
  title,
  content,
  url: Type.Optional(url),
  alternate_questions: Type.Optional(alternateQuestions),
})

export const UpdateSourceBody = strict(
  {
    title: Type.Optional(title),
    content: Type.Optional(content),
    url: Type.Optional(url),
    alternate_questions: Type.Optional(alternateQuestions),
  },
  { minProperties: 1 },
)

export const SearchBody = strict({
  query: Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S' }),
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 10 }),
})

const summaryFields = {
  id: Type.String(),
  type: oneOf(['text', 'markdown', 'faq']),
  title: Type.String(),
  url: nullable(Type.String()),
  alternate_questions: Type.Array(Type.String()),
  content_length: Type.Integer({ description: 'Characters (UTF-16 units) of the content.' }),
  created_at: timestamp('When it was added.'),
  updated_at: timestamp('When it was last changed.'),
}

export const KnowledgeSourceSummary = Type.Object(summaryFields, { $id: 'KnowledgeSourceSummary' })
export const KnowledgeSource = Type.Object(
  { ...summaryFields, content: Type.String() },
  { $id: 'KnowledgeSource' },
)

export const Quote = Type.Object(
  {
    source_id: Type.String(),
    title: Type.String(),
    url: nullable(Type.String()),
    heading: nullable(Type.String({ description: 'The heading that the quote stands under.' })),
    quote: Type.String({ description: 'The exact text of the source between `start` and `end`.' }),
    start: Type.Integer(),
    end: Type.Integer(),
    score: Type.Number({ description: 'From 0 to 1: how well the quote fits the query.' }),
  },
  { $id: 'Quote' },
)

export const knowledgeSchemas = [KnowledgeSourceSummary, KnowledgeSource, Quote]
export const SourceRef = ref(KnowledgeSource)

export function summaryToWire(row: SourceSummaryRow): Static<typeof KnowledgeSourceSummary> {
  return {
    id: row.id,
    type: row.type,
    title: row.title,
    url: row.url,
    alternate_questions: row.alternate_questions,
    content_length: row.content_length,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function sourceToWire(row: SourceRow): Static<typeof KnowledgeSource> {
  return { ...summaryToWire(row), content: row.content }
}

export function quoteToWire(hit: Hit): Static<typeof Quote> {
  return {
    source_id: hit.sourceId,
    title: hit.title,
    url: hit.url,
    heading: hit.heading,
    quote: hit.quote,
    start: hit.start,
    end: hit.end,
    score: hit.score,
  }
}
