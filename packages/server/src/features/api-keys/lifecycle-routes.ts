/** Routes that rotate keys, keep them apart when they may be in the wrong hands, and say what happens then. */
import { EmptyBody, ok, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { callerOf } from './caller.ts'
import type { Changed } from './editor.ts'
import type { IncidentService } from './incidents.ts'
import type { RotationService } from './rotation.ts'
import {
  ApiKeyParams,
  ChangedApiKey,
  DEFAULT_OVERLAP_SECONDS,
  DEFAULT_QUARANTINE_REASON,
  KeySettings,
  QuarantineBody,
  RotateBody,
  RotatedApiKey,
  toWire,
  UpdateKeySettingsBody,
} from './schema.ts'
import { toReceipt } from './service.ts'
import type { KeySettingsService } from './settings.ts'

export interface LifecycleRoutesOptions {
  rotations: RotationService
  incidents: IncidentService
  settings: KeySettingsService
  clock: Clock
}

const tags = ['API keys']

export function lifecycleRoutes(
  app: HttpServer,
  { rotations, incidents, settings, clock }: LifecycleRoutesOptions,
): void {
  const answer = ({ key, receipt }: Pick<Changed, 'key' | 'receipt'>) =>
    ok({ ...toWire(key, clock.nowMs()), ...toReceipt(receipt) })
  const changed = { 200: success(ref(ChangedApiKey), 'Every server knows.') }
  const config = { access: 'api_keys:write' } as const
  /** Of what could let somebody in, or keep somebody out. */
  const proved = { ...config, needsProof: true } as const

  app.post(
    '/api_keys/:id/rotate',
    {
      config: { ...proved, answersWithSecret: true },
      schema: {
        operationId: 'rotateApiKey',
        summary: 'Give a key a new secret',
        description:
          'The key keeps its id, name, permissions and history. The old secret works until the overlap ends; its answers carry `Deprecation` and `Sunset`. 409 for a key that rotates already, and for one that is revoked or expired.',
        tags,
        params: ApiKeyParams,
        body: RotateBody,
        response: { 200: success(ref(RotatedApiKey), 'The new secret is in this answer only.') },
      },
    },
    async (request) => {
      const overlapSeconds = request.body?.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS
      const id = request.params.id as Id<'key'>
      const { key, secret, receipt } = await rotations.rotate(callerOf(request), id, overlapSeconds)
      return ok({ ...toWire(key, clock.nowMs()), ...toReceipt(receipt), secret })
    },
  )

  app.post(
    '/api_keys/:id/rotate/finish',
    {
      config: proved,
      schema: {
        operationId: 'finishApiKeyRotation',
        summary: 'End the old secret now',
        description:
          'GET /v1/api_keys/{id}/usage says who still uses it. Finishing again changes nothing; 409 for a key that is not being rotated.',
        tags,
        params: ApiKeyParams,
        body: EmptyBody,
        response: changed,
      },
    },
    async (request) => answer(await rotations.finish(callerOf(request), request.params.id as Id<'key'>)),
  )

  app.post(
    '/api_keys/:id/rotate/cancel',
    {
      config: proved,
      schema: {
        operationId: 'cancelApiKeyRotation',
        summary: 'Go back to the old secret',
        description:
          'Ends the new secret: for a rotation whose answer was lost. 409 once the overlap has ended.',
        tags,
        params: ApiKeyParams,
        body: EmptyBody,
        response: changed,
      },
    },
    async (request) => answer(await rotations.cancel(callerOf(request), request.params.id as Id<'key'>)),
  )

  app.post(
    '/api_keys/:id/quarantine',
    {
      config,
      schema: {
        operationId: 'quarantineApiKey',
        summary: 'Let a key only read, from where it was used before',
        description:
          'It may only read, and only from the addresses that it was used from in the last 30 days: a key that was not used in them works from nowhere. `release` ends it.',
        tags,
        params: ApiKeyParams,
        body: QuarantineBody,
        response: changed,
      },
    },
    async (request) => {
      const reason = request.body?.reason ?? DEFAULT_QUARANTINE_REASON
      return answer(await incidents.quarantine(callerOf(request), request.params.id as Id<'key'>, reason))
    },
  )

  app.post(
    '/api_keys/:id/release',
    {
      config: proved,
      schema: {
        operationId: 'releaseApiKey',
        summary: 'End a key’s quarantine',
        description: 'Also takes the notes `leaked` and `used_in_browser` away: you have dealt with them.',
        tags,
        params: ApiKeyParams,
        body: EmptyBody,
        response: changed,
      },
    },
    async (request) => answer(await incidents.release(callerOf(request), request.params.id as Id<'key'>)),
  )

  app.get(
    '/api_keys/settings',
    {
      config: { access: 'api_keys:read' },
      schema: {
        operationId: 'getApiKeySettings',
        summary: 'What holds for all keys of the environment',
        tags,
        response: { 200: success(ref(KeySettings)) },
      },
    },
    async (request) => ok(await settings.get(request.principal)),
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/api_keys/settings',
    config,
    schema: {
      operationId: 'updateApiKeySettings',
      summary: 'Choose what becomes of leaked keys',
      description: 'Takes a key with all permissions (`*`).',
      tags,
      body: UpdateKeySettingsBody,
      response: { 200: success(ref(KeySettings)) },
    },
    handler: async (request) => ok(await settings.update(callerOf(request), request.body)),
  })
}
