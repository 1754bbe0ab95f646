import { expect, test } from 'vitest'
import { smallTalkOf } from './small-talk.ts'

test.each([
  ['hi', 'greeting'],
  ['Hello!', 'greeting'],
  ['hey there', 'greeting'],
  ['Good morning, Clara', 'greeting'],
  ['Thanks!', 'thanks'],
  ['thank you so much for your help', 'thanks'],
  ['Can I speak to a person please?', 'person'],
  ['I want to talk to a human', 'person'],
  ['human please', 'person'],
  ['agent', 'person'],
  ['Could you connect me with someone?', 'person'],
  ['Hello, when do you open?', undefined],
  ['Thanks, and where can I park?', undefined],
  ['How many people can I bring?', undefined],
  ['Who is the person in charge of billing?', undefined],
  ['Do I need an agent to rent a flat?', undefined],
  ['', undefined],
  ['?!', undefined],
])('%j is %s', (text, expected) => {
  expect(smallTalkOf(text)).toBe(expected)
})
