/** What fails to end keeps nothing else from ending. */
import { expect, test } from 'vitest'
import { closeAll } from './close-all.ts'

test('ends everything in order and throws the first failure', async () => {
  const ended: string[] = []
  const ends = (name: string) => async () => void ended.push(name)
  const fails = (name: string) => async () => {
    ended.push(name)
    throw new Error(name)
  }
  const throws = () => {
    ended.push('thrown')
    throw new Error('thrown')
  }
  const closing = closeAll([ends('a'), fails('b'), throws, fails('c'), ends('d')])
  await expect(closing).rejects.toThrow('b')
  expect(ended).toEqual(['a', 'b', 'thrown', 'c', 'd'])
  await expect(closeAll([ends('e')])).resolves.toBeUndefined()
})
