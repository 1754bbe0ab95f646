/** What holds for all keys of an environment. */
import type { Db } from '../../db/client.ts'
import type { Scope } from '../../principal.ts'
import type { Caller } from './editor.ts'
import { assertMayGrant } from './rules.ts'
import { getEnvironment, setLeakResponse } from './store.ts'

export interface KeySettingsValues {
  leak_response: 'quarantine' | 'revoke'
}

export class KeySettingsService {
  readonly #db: Db

  constructor(db: Db) {
    this.#db = db
  }

  async get({ environmentId }: Scope): Promise<KeySettingsValues> {
    const { leak_response } = await getEnvironment(this.#db, environmentId)
    return { leak_response }
  }

  /** It decides over keys of every permission, so the caller must have all of them. */
  async update(caller: Caller, { leak_response }: KeySettingsValues): Promise<KeySettingsValues> {
    assertMayGrant(caller.limits.grants, ['*'])
    await setLeakResponse(this.#db, caller.environmentId, leak_response)
    return { leak_response }
  }
}
