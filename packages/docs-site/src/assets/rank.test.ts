/** What search puts first. */
import { expect, test } from 'vitest'
import type { SearchEntry } from '../search-index.ts'
import { rank } from './rank.ts'

const entry = (page: string, heading: string, text = ''): SearchEntry => ({ href: '', page, heading, text })

test('a heading comes before a text, and a page before its parts', () => {
  const entries = [
    entry('Contacts', 'Merge', 'rotate a key'),
    entry('API keys', 'Rotate a key'),
    entry('Rotate', ''),
  ]
  expect(rank(entries, 'rotate').map(({ page }) => page)).toEqual(['Rotate', 'API keys', 'Contacts'])
})

test('every word must be there', () => {
  expect(rank([entry('API keys', 'Rotate')], 'rotate webhook')).toEqual([])
  expect(rank([entry('API keys', 'Rotate')], ' ')).toEqual([])
})
