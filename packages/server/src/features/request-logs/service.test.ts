/** Reading request logs doesn't wait for all that others may have noted. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../lib/ids.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { RequestLogService } from './service.ts'

let server: TestApp
beforeAll(async () => {
  server = await createTestApp()
})
afterAll(() => server.close())

test('a reader gets an answer while writing takes without end', async () => {
  const stuck = new RequestLogService({ db: server.db, flush: () => new Promise(() => {}) })
  const scope = { environmentId: newId('env'), environment: 'test' as const, workspaceId: newId('ws') }
  const page = { limit: 10, offset: 0, after: undefined }
  const startMs = performance.now()
  expect((await stuck.list(scope, {}, page)).items).toEqual([])
  expect(performance.now() - startMs).toBeLessThan(5_000)
})
