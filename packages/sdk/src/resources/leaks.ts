/** Leaks: secrets that were found where they don't belong. */
import type { Api, Body } from '../api.ts'
import type { RequestOptions } from '../transport.ts'

/** The API also takes GitHub's signed list, which only GitHub sends. */
export type ReportLeak = Exclude<Body<'reportLeaks'>, readonly unknown[]>

export class Leaks {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Anyone who holds a secret may report it; the answer is the same whatever it is. Needs no key. */
  async report(body: ReportLeak, options?: RequestOptions): Promise<void> {
    await this.#api.call('post', '/leaks', { body }, options)
  }
}
