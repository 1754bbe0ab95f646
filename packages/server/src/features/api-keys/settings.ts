/** What holds for all keys of an environment. */
import type { Db } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Scope } from '../../principal.ts'
import { recordAudit } from './audit-store.ts'
import type { Caller } from './editor.ts'
import { assertMayGrant } from './rules.ts'
import type { StillAllowed } from './still-allowed.ts'
import { getEnvironment, lockEnvironment, setLeakResponse } from './store.ts'

export interface KeySettingsValues {
  leak_response: 'quarantine' | 'revoke'
}

export class KeySettingsService {
  readonly #db: Db
  readonly #clock: Clock
  readonly #stillAllowed: StillAllowed

  constructor(db: Db, clock: Clock, stillAllowed: StillAllowed) {
    this.#db = db
    this.#clock = clock
    this.#stillAllowed = stillAllowed
  }

  async get({ environmentId }: Scope): Promise<KeySettingsValues> {
    const { leak_response } = await getEnvironment(this.#db, environmentId)
    return { leak_response }
  }

  /** It decides over keys of every permission, so the caller must have all of them. */
  async update(caller: Caller, { leak_response: to }: KeySettingsValues): Promise<KeySettingsValues> {
    const { environmentId, actor, limits } = caller
    assertMayGrant(limits.grants, ['*'], { error: 'Only a key with all permissions may change this' })
    await transactOnce(this.#db, caller, async (tx) => {
      await lockEnvironment(tx, environmentId)
      await this.#stillAllowed.assert(tx, caller)
      const { leak_response: from } = await getEnvironment(tx, environmentId)
      if (from === to) return
      await setLeakResponse(tx, environmentId, to)
      const at = new Date(this.#clock.nowMs())
      const changes = { leak_response: { from, to } }
      await recordAudit(tx, { environmentId, keyId: null, action: 'settings_updated', actor, changes, at })
    })
    return { leak_response: to }
  }
}
