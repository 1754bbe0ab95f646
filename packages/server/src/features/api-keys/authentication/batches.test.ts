import { expect, test } from 'vitest'
import { Batches } from './batches.ts'

/** Answers a key with its square, once it is told to. */
function squares() {
  const asked: (readonly number[])[] = []
  const answer: (() => void)[] = []
  const batches = new Batches<number, number>((keys) => {
    asked.push(keys)
    return new Promise((resolve) => answer.push(() => resolve(keys.map((key) => key * key))))
  })
  return { batches, asked, answer }
}

test('all that wait are asked about at once, and each gets its own answer', async () => {
  const { batches, asked, answer } = squares()
  const first = batches.find('a', 0)
  const others = Array.from({ length: 400 }, (_, index) => batches.find('a', index + 1))
  expect(asked).toEqual([[0]])
  answer[0]?.()
  expect(await first).toBe(0)
  expect(asked).toHaveLength(2)
  answer[1]?.()
  expect(await Promise.all(others)).toEqual(Array.from({ length: 400 }, (_, index) => (index + 1) ** 2))
  expect(asked).toHaveLength(2)
})

test('of more than fit at once the one that came last is asked about first', async () => {
  const { batches, asked, answer } = squares()
  const all = Array.from({ length: 10_000 }, (_, index) => batches.find('a', index))
  const last = batches.find('a', 10_000)
  answer[0]?.()
  await all[0]
  answer[1]?.()
  expect(await last).toBe(10_000 ** 2)
  expect(asked[1]).toContain(10_000)
})

test('other names don’t wait', async () => {
  const { batches, answer } = squares()
  void batches.find('a', 1)
  const other = batches.find('b', 2)
  answer[1]?.()
  expect(await other).toBe(4)
})

test('a failure is that of those who asked, and ends with them', async () => {
  let hasFailed = false
  const batches = new Batches<number, number>(async (keys) => {
    if (hasFailed) return keys
    hasFailed = true
    throw new Error('gone')
  })
  const first = batches.find('a', 1)
  const second = batches.find('a', 2)
  await expect(first).rejects.toThrow('gone')
  expect(await second).toBe(2)
  expect(await batches.find('a', 3)).toBe(3)
})
