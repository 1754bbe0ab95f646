import { expect, test } from 'vitest'
import { readSteering } from './sandbox-engine.ts'

test.each([
  ['no directive', { handoff: false, error: false, slowMs: 0, say: undefined }],
  ['please [[handoff]]', { handoff: true }],
  ['[[error]]', { error: true }],
  ['[[slow 3s]] hello', { slowMs: 3_000 }],
  ['[[slow 250ms]]', { slowMs: 250 }],
  ['[[slow 99999s]]', { slowMs: 60_000 }],
  ['[[say We open at 9.]]', { say: 'We open at 9.' }],
  ['[[slow 1s]][[handoff]]', { slowMs: 1_000, handoff: true }],
  ['[[Handoff]] [[ error ]] [[slow]] [[say]]', { handoff: false, error: false, slowMs: 0, say: undefined }],
])('%s', (text, expected) => {
  expect(readSteering(text)).toMatchObject(expected)
})
