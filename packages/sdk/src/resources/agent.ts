/** Clara herself. */
import type { Api, Body } from '../api.ts'
import type { AgentAnswer } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Agent {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** A question outside of any conversation, answered with the quotes that the answer rests on. Permission: `agent:write`. */
  ask(body: Body<'askAgent'>, options?: RequestOptions): Promise<AgentAnswer> {
    return this.#api.call('post', '/agent/ask', { body }, options)
  }
}
