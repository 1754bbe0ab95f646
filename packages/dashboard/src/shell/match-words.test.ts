import { expect, it } from 'vitest'
import { matchWords } from './match-words.ts'

it('finds what has every typed word, and puts beginnings first', () => {
  const lines = ['Webhooks', 'Grace Hopper grace@navy.example', 'Programs', 'Go to usage']
  const found = (typed: string) =>
    lines
      .filter((line) => matchWords(line, typed) > 0)
      .toSorted((a, b) => matchWords(b, typed) - matchWords(a, typed))
  expect(found('gr')).toEqual(['Grace Hopper grace@navy.example', 'Programs'])
  expect(found('hop gra')).toEqual(['Grace Hopper grace@navy.example'])
  expect(found('us')).toEqual(['Go to usage'])
  expect(found('grace turing')).toEqual([])
})

it('finds by other words for the same, after those that are called so', () => {
  expect(matchWords('API Keys', 'secret', ['secret', 'token'])).toBeGreaterThan(0)
  expect(matchWords('API Keys', 'secret', ['secret'])).toBeLessThan(matchWords('Secret things', 'secret'))
})
