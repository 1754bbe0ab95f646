import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConversationStatus, HandledBy } from '../../db/tables/conversations.ts'
import {
  afterMessage,
  type Command,
  type ConversationState,
  startsTurn,
  transition,
  withStatus,
} from './state.ts'

const statuses: ConversationStatus[] = ['open', 'pending', 'snoozed', 'resolved', 'closed']
const handlers: HandledBy[] = ['clara', 'human', 'none']
const commands: Command[] = ['close', 'resolve', 'reopen', 'handoff', 'return_to_clara']

const states = fc.record<ConversationState>({
  status: fc.constantFrom(...statuses),
  handledBy: fc.constantFrom(...handlers),
  controlVersion: fc.nat(),
})

/** For each status, which commands apply while Clara handles the conversation. */
test.each<[ConversationStatus, Command[]]>([
  ['open', ['close', 'resolve', 'handoff']],
  ['pending', ['close', 'resolve', 'reopen', 'handoff']],
  ['snoozed', ['close', 'resolve', 'reopen', 'handoff']],
  ['resolved', ['close', 'reopen']],
  ['closed', ['reopen']],
])('a conversation that is %s takes %j', (status, allowed) => {
  const state: ConversationState = { status, handledBy: 'clara', controlVersion: 0 }
  expect(commands.filter((command) => transition(state, command) !== undefined)).toEqual(allowed)
})

test('who handles it changes only by handoff and return, and each counts', () => {
  const clara: ConversationState = { status: 'open', handledBy: 'clara', controlVersion: 4 }
  const human = transition(clara, 'handoff')
  expect(human).toEqual({ status: 'open', handledBy: 'human', controlVersion: 5 })
  expect(human && transition(human, 'handoff')).toBeUndefined()
  expect(human && transition(human, 'return_to_clara')).toEqual({
    status: 'open',
    handledBy: 'clara',
    controlVersion: 6,
  })
})

test('control never counts down, and counts up whenever a reply must no longer land', () => {
  fc.assert(
    fc.property(states, fc.constantFrom(...commands), (state, command) => {
      const after = transition(state, command)
      if (after === undefined) return
      expect(after.controlVersion).toBeGreaterThanOrEqual(state.controlVersion)
      const isOver = after.status === 'closed' || after.status === 'resolved'
      if (isOver || after.handledBy !== state.handledBy)
        expect(after.controlVersion).toBeGreaterThan(state.controlVersion)
    }),
  )
})

test('a customer’s message opens whatever was over, waiting or snoozed, and leaves control as it is', () => {
  fc.assert(
    fc.property(states, (state) => {
      const after = afterMessage(state, 'customer', 'public')
      expect(after.status).toBe('open')
      expect(after.handledBy).toBe(state.handledBy)
      expect(startsTurn(after, 'customer', 'public')).toBe(state.handledBy === 'clara')
    }),
  )
})

test('a person’s message takes control once; a note and an assistant’s message change nothing', () => {
  fc.assert(
    fc.property(states, (state) => {
      const taken = afterMessage(state, 'human', 'public')
      expect(taken.handledBy).toBe('human')
      expect(afterMessage(taken, 'human', 'public')).toEqual(taken)
      expect(afterMessage(state, 'human', 'internal')).toBe(state)
      expect(afterMessage(state, 'assistant', 'public')).toBe(state)
      expect(startsTurn(taken, 'human', 'public')).toBe(false)
    }),
  )
})

test('setting the status that it has is no change', () => {
  fc.assert(fc.property(states, (state) => withStatus(state, state.status) === state))
})
