/** What the server and its knowledge thread say to each other: one request at a time, each with one reply. */
import type { Id } from '../../lib/ids.ts'
import type { Answer } from './answer.ts'
import type { Hit, IndexedSource } from './knowledge-index.ts'

interface OfEnvironment {
  readonly environmentId: Id<'env'>
  /** To a build: the version of the sources. To a question: an index of this version or a later one answers it. */
  readonly version: number
}

export interface BuildRequest extends OfEnvironment {
  readonly kind: 'build'
  readonly sources: readonly IndexedSource[]
  /** How much the sources count against what the thread keeps. */
  readonly characters: number
}

export interface SearchRequest extends OfEnvironment {
  readonly kind: 'search'
  readonly query: string
  readonly limit: number
}

export interface AnswerRequest extends OfEnvironment {
  readonly kind: 'answer'
  readonly question: string
}

export type WorkerRequest = BuildRequest | SearchRequest | AnswerRequest

export type WorkerReply =
  | { readonly kind: 'built' }
  | { readonly kind: 'found'; readonly hits: readonly Hit[] }
  | { readonly kind: 'answered'; readonly answer: Answer | undefined }
  /** The thread has no index of that version: build it, then ask again. */
  | { readonly kind: 'missing' }
  /** The request threw; the thread goes on. */
  | { readonly kind: 'failed'; readonly message: string }

export interface RequestMessage {
  readonly requestId: number
  readonly request: WorkerRequest
}

export type WorkerMessage =
  /** The thread has loaded its code. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'reply'; readonly requestId: number; readonly reply: WorkerReply }
