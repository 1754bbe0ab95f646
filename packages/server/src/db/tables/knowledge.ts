/** Rows of knowledge sources and of the version that tells when an index is stale. */
import type { Id } from '../../lib/ids.ts'

export interface KnowledgeSourcesTable {
  id: Id<'src'>
  environment_id: Id<'env'>
  type: 'text' | 'markdown' | 'faq'
  title: string
  content: string
  content_length: number
  /** Of title, content, URL and alternate questions: what counts against the environment's limit. */
  characters: number
  url: string | null
  alternate_questions: string[]
  created_at: Date
  updated_at: Date
}

export interface KnowledgeVersionsTable {
  environment_id: Id<'env'>
  version: number
}
