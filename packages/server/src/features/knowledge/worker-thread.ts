/** The knowledge thread: owns the indexes of the environments in use, and answers one request after the other. */
import { parentPort } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import type { Id } from '../../lib/ids.ts'
import { answer } from './answer.ts'
import { KnowledgeIndex } from './knowledge-index.ts'
import type { RequestMessage, WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts'

/**
 * What is kept over all environments, about 50 million characters of ordinary text. Far enough below the thread's
 * heap limit that what others know never makes the build of one environment fail.
 */
const KEPT_BYTES = 400_000_000
/** What a passage takes, measured on texts of two words a sentence and of twelve. */
const PASSAGE_BYTES = 400

interface KeptIndex {
  version: number
  index: KnowledgeIndex
  characters: number
}

const indexes = new LRUCache<Id<'env'>, KeptIndex>({
  maxSize: KEPT_BYTES,
  sizeCalculation: ({ characters, index }) => 1 + 2 * characters + PASSAGE_BYTES * index.passageCount,
})

function reply(request: WorkerRequest): WorkerReply {
  if (request.kind === 'build') {
    const { environmentId, version, sources, characters } = request
    // The old index goes first: the two needn't fit in memory together.
    indexes.delete(environmentId)
    indexes.set(environmentId, { version, index: KnowledgeIndex.build(sources), characters })
    return indexes.has(environmentId)
      ? { kind: 'built' }
      : { kind: 'failed', message: 'the index takes more memory than one environment may use' }
  }
  const kept = indexes.get(request.environmentId)
  if (kept === undefined || kept.version < request.version) return { kind: 'missing' }
  return request.kind === 'search'
    ? { kind: 'found', hits: kept.index.search(request.query, request.limit) }
    : { kind: 'answered', answer: answer(kept.index, request.question) }
}

function replyOrFail(request: WorkerRequest): WorkerReply {
  try {
    return reply(request)
  } catch (error) {
    return { kind: 'failed', message: String(error) }
  }
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message)
}

parentPort?.on('message', ({ requestId, request }: RequestMessage) =>
  send({ kind: 'reply', requestId, reply: replyOrFail(request) }),
)
send({ kind: 'ready' })
