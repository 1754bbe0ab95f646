import { expect, test } from 'vitest'
import type { Engine, Question } from './engine.ts'
import { readSteering, SandboxEngine } from './sandbox-engine.ts'

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

test('of several messages the last one steers, and no directive is part of what is asked', async () => {
  const asked: string[] = []
  const inner: Engine = {
    async reply({ text }) {
      asked.push(text)
      return { kind: 'answer', text: 'From the engine.', citations: [], confidence: 1 }
    },
  }
  const engine = new SandboxEngine(inner)
  const ask = (first: string, latest: string) => {
    const question: Question = {
      environmentId: 'env_1',
      environment: 'test',
      text: `${first}\n${latest}`,
      latest,
      signal: new AbortController().signal,
    }
    return engine.reply(question)
  }
  expect(await ask('[[error]]When are you open?', 'Hello?')).toMatchObject({ text: 'From the engine.' })
  expect(asked).toEqual([' When are you open?\nHello?'])
  expect(await ask('[[error]]', '[[say Soon.]]')).toMatchObject({ text: 'Soon.' })
})
