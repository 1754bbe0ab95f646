import { expect, test } from 'vitest'
import { fieldsProblem, findJsonProblem, mergeFields, textProblem } from './json.ts'

test('what can’t be stored and given back unchanged is found, with its place', () => {
  expect(findJsonProblem({ a: [{ b: 'x\0' }] })).toMatchObject({ path: 'a[0].b' })
  expect(findJsonProblem({ a: '\ud800' })).toMatchObject({ path: 'a' })
  expect(findJsonProblem(JSON.parse('{"a":1e999}'))).toMatchObject({ path: 'a' })
  expect(findJsonProblem({ 'x\0': 1 })).toBeDefined()
  expect(findJsonProblem(JSON.parse('{"a":{"__proto__":{"b":1}}}'))).toMatchObject({ path: 'a' })
  expect(findJsonProblem(Array.from({ length: 10_001 }, () => 1))).toBeDefined()
  expect(findJsonProblem({ a: 'Grüße 👋', b: [1, null, true, -0.5] })).toBeUndefined()
})

test('deep nesting ends the search, not the process', () => {
  const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000))
  expect(findJsonProblem(deep)?.problem).toContain('32 levels')
})

test('astral characters are well-formed, halves of them are not', () => {
  expect(textProblem('👋')).toBeUndefined()
  expect(textProblem('👋'.slice(0, 1))).toBeDefined()
})

test('fields merge by name and null removes one', () => {
  expect(mergeFields({ a: 1, b: 2 }, { b: null, c: 3 })).toEqual({ a: 1, c: 3 })
})

test('objects of own fields are bounded in number, names and size', () => {
  expect(fieldsProblem({ a: 1 })).toBeUndefined()
  expect(fieldsProblem(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i])))).toContain(
    '50',
  )
  expect(fieldsProblem({ ['k'.repeat(65)]: 1 })).toContain('64')
  expect(fieldsProblem({ a: 'x'.repeat(17_000) })).toContain('16 KiB')
})
