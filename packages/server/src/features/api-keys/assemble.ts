/** Puts the parts of API keys together: who makes and changes them, who knows whose a token is, and what is noted of their use. */
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Db, Tx } from '../../db/client.ts'
import type { EventLog } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { Throttle } from '../../lib/throttle.ts'
import { Authenticator } from './authentication/authenticator.ts'
import { ClickWatch } from './authentication/click-watch.ts'
import { ClientTokenCodec } from './authentication/client-token.ts'
import { KeyChanges } from './authentication/key-changes.ts'
import { PrincipalCache } from './authentication/principal-cache.ts'
import { KeyEditor } from './editor.ts'
import { KeyEnding } from './ending.ts'
import { IncidentService } from './incidents.ts'
import { OwnershipService } from './ownership.ts'
import { RotationService } from './rotation.ts'
import { ApiKeyService } from './service.ts'
import { KeySettingsService } from './settings.ts'
import { StillAllowed, type StillAllowedOptions } from './still-allowed.ts'
import { listKeysOfWorkspace } from './store.ts'
import { KeyUpkeep } from './upkeep.ts'
import { UsageRecorder } from './usage/recorder.ts'
import { UsageService } from './usage/service.ts'
import { addUsage } from './usage/store.ts'

/** Requests with unknown keys that an address may make at once, and then each minute, before it is answered 429. */
const FAILURES = { burst: 60, perMinute: 60 }

export interface AssembleKeysOptions {
  db: Db
  clock: Clock
  events: EventLog
  /** Of the secrets of keys. */
  hmacKey: KeyObject
  clientTokensKey: KeyObject
  nodeId: Id<'node'>
  /** Tells all servers on this database. */
  notify(channel: string, payload: string): void
  assertStillMember: StillAllowedOptions['assertStillMember']
  log: Logger
}

export function assembleKeys(options: AssembleKeysOptions) {
  const { db, clock, events, hmacKey, clientTokensKey, nodeId, notify, assertStillMember, log } = options
  const cache = new PrincipalCache()
  const clicks = new ClickWatch()
  const usageRecorder = new UsageRecorder({
    clock,
    write: (batch) => addUsage(db, batch),
    onError: (error) => log.warn({ err: error }, 'use of keys not recorded; kept for the next time'),
  })
  const flushUsage = () => usageRecorder.flush()
  const clientTokens = new ClientTokenCodec(clientTokensKey)
  const failures = new Throttle(FAILURES)
  const changes = new KeyChanges({ db, cache, clicks, nodeId, notify })
  const stillAllowed = new StillAllowed({ clock, assertStillMember })
  const editor = new KeyEditor({ db, clock, events, changes, stillAllowed })
  const apiKeys = new ApiKeyService({ db, editor, hmacKey })
  return {
    cache,
    clicks,
    usageRecorder,
    flushUsage,
    clientTokens,
    authenticator: new Authenticator({ db, cache, hmacKey, clientTokens, failures }),
    changes,
    stillAllowed,
    apiKeys,
    incidents: new IncidentService({
      db,
      editor,
      hmacKey,
      flushUsage,
      onError: (error) =>
        log.error({ err: error }, 'a key in the wrong hands: not noted, or not told to all nodes'),
    }),
    rotations: new RotationService({ editor, hmacKey }),
    settings: new KeySettingsService(db, clock, stillAllowed),
    usage: new UsageService({ db, clock, apiKeys, flushUsage }),
    upkeep: new KeyUpkeep({ db, clock, editor }),
    ownership: new OwnershipService({ db, editor }),
    ending: new KeyEnding(changes, cache),
    /** What holds for all keys of a workspace has changed. */
    announceWorkspace: async (tx: Tx, id: Id<'ws'>) =>
      changes.announceMany(tx, await listKeysOfWorkspace(tx, id)),
  }
}
