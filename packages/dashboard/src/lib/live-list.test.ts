/** A list that grows shows each item once, in order, and is the same when nothing is new. */
import { expect, test } from 'vitest'
import { withNewer } from './live-list.ts'

const item = (at: number) => ({ id: `i${at}`, at })
const compare = (a: { at: number }, b: { at: number }) => b.at - a.at
const page = (...ats: number[]) => ({ data: ats.map(item), has_more: true, next_cursor: 'c' })
const pages = { pages: [page(5, 4), page(3, 2)], pageParams: [null, 'c'] }

test('what is new is put in its place, what is known stays once', () => {
  const grown = withNewer(pages, [item(7), item(5), item(4.5), item(3)], compare)
  expect(grown.pages.map(({ data }) => data.map(({ at }) => at))).toEqual([
    [7, 5, 4.5, 4],
    [3, 2],
  ])
  expect(grown.pages[1]).toBe(pages.pages[1])
})

test('without anything new it is the same object', () => {
  expect(withNewer(pages, [item(5)], compare)).toBe(pages)
  expect(withNewer(pages, [], compare)).toBe(pages)
})
