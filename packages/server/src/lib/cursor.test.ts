import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { CursorCodec } from './cursor.ts'

const cursors = new CursorCodec(createSecretKey(Buffer.alloc(32, 7)))

test('a cursor gives back the position that it was made from', () => {
  const position = ['2026-01-01T00:00:00.000Z', null, 42, 'cust_Ünï']
  expect(cursors.decode('contacts', cursors.encode('contacts', position))).toEqual(position)
})

test('a cursor of another list, another key or with one character changed is refused', () => {
  const cursor = cursors.encode('contacts', ['a'])
  expect(cursors.decode('events', cursor)).toBeUndefined()
  expect(new CursorCodec(createSecretKey(Buffer.alloc(32, 8))).decode('contacts', cursor)).toBeUndefined()
  for (let i = 0; i < cursor.length; i++) {
    const changed = cursor.slice(0, i) + (cursor[i] === 'A' ? 'B' : 'A') + cursor.slice(i + 1)
    const decoded = cursors.decode('contacts', changed)
    // The last character of base64url may carry unused bits: the same bytes are the same cursor.
    if (!Buffer.from(changed, 'base64url').equals(Buffer.from(cursor, 'base64url')))
      expect(decoded).toBeUndefined()
  }
  for (const junk of ['', 'x', '€', 'A'.repeat(500)]) expect(cursors.decode('contacts', junk)).toBeUndefined()
})
