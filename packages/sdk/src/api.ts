/**
 * Calls by their paths, typed by what the server says that they take and give: a path, a parameter or a field that
 * isn't in openapi.json doesn't compile.
 */
import type { operations, paths } from './generated/wire.ts'
import { List, type Page } from './page.ts'
import type { Call, Method, RequestOptions, Transport } from './transport.ts'

type Operation = { parameters: { query?: unknown }; responses: unknown; requestBody?: unknown }

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never
type SuccessOf<O> = O extends { responses: infer R } ? Json<R[keyof R]> : never
type DataOf<O> = SuccessOf<O> extends infer Success ? (Success extends { data: infer D } ? D : never) : never
type QueryOf<O extends Operation> = NonNullable<O['parameters']['query']>
type BodyOf<O extends Operation> = NonNullable<Json<NonNullable<O['requestBody']>>>

/** The query parameters of an operation, by its operationId. */
export type Query<Id extends keyof operations> = QueryOf<operations[Id]>
/** What an operation is sent, by its operationId. */
export type Body<Id extends keyof operations> = BodyOf<operations[Id]>
/** What an operation answers, by its operationId. */
export type Data<Id extends keyof operations> = DataOf<operations[Id]>

type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, Operation> ? P : never
}[keyof paths]
type At<P extends keyof paths, M extends Method> =
  paths[P] extends Record<M, infer O extends Operation> ? O : never

interface Parts<O extends Operation> {
  /** What stands for `{id}` in the path. */
  id?: string
  query?: QueryOf<O> | undefined
  body?: BodyOf<O> | undefined
}

export class Api {
  readonly transport: Transport

  constructor(transport: Transport) {
    this.transport = transport
  }

  /** The answer's `data`. Throws what Transport.send does. */
  async call<M extends Method, P extends PathsOf<M>>(
    method: M,
    path: P,
    parts: Parts<At<P, M>> = {},
    options?: RequestOptions,
  ): Promise<DataOf<At<P, M>>> {
    const { data } = await this.transport.send(callOf(method, path, parts), options)
    // The server's answers are checked against the same schemas that these types are made from.
    return data as DataOf<At<P, M>>
  }

  /** A list, which asks for nothing until it is awaited or walked. */
  list<P extends PathsOf<'get'>>(
    path: P,
    parts: Parts<At<P, 'get'>> = {},
    options?: RequestOptions,
  ): List<DataOf<At<P, 'get'>> extends readonly (infer T)[] ? T : never> {
    return new List((cursor) => this.#page(callOf('get', path, parts), cursor, options))
  }

  async #page<T>(call: Call, cursor: string | undefined, options?: RequestOptions): Promise<Page<T>> {
    // The next page follows from the cursor alone.
    const query = cursor === undefined ? call.query : { ...call.query, offset: undefined, cursor }
    const answer = await this.transport.send({ ...call, query }, options)
    // As in `call`.
    const { data, pagination } = answer as { data: T[]; pagination: Omit<Page<T>, 'data'> }
    return { data, has_more: pagination.has_more, next_cursor: pagination.next_cursor }
  }
}

interface AnyParts {
  id?: string
  query?: object | undefined
  body?: unknown
}

function callOf(method: Method, path: string, { id, query, body }: AnyParts): Call {
  const filled = path.replace('{id}', () => segmentOf(id)).slice(1)
  return { method, path: filled, body, query }
}

/** Throws TypeError for what would name another path. */
function segmentOf(id: string | undefined): string {
  const text = String(id ?? '')
  if (text === '' || text === '.' || text === '..') throw new TypeError('An id is needed, such as key_….')
  return encodeURIComponent(text)
}
