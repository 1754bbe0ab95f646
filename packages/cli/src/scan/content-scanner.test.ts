import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newSecret, randomLetters } from '../testing/command.ts'
import { ContentScanner } from './content-scanner.ts'

const MIB = 1 << 20

function scanAll(content: Uint8Array, pieceBytes = content.length) {
  const scanner = new ContentScanner()
  for (let i = 0; i < content.length; i += pieceBytes) scanner.write(content.subarray(i, i + pieceBytes))
  return scanner.finish()
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

test('a secret is found at every offset around the end of the buffer, in UTF-8 and UTF-16', () => {
  const secret = newSecret()
  for (let offset = MIB - 170; offset <= MIB + 10; offset++) {
    const content = Buffer.alloc(MIB + 4_096, '.')
    content.write(secret, offset)
    expect(scanAll(content), `${offset}`).toEqual([
      { secret, environment: 'live', line: 1, column: offset + 1 },
    ])
    if (offset % 2 === 1) continue
    const wide = Buffer.alloc(MIB + 4_096, '.\0')
    wide.write(secret, offset, 'utf16le')
    expect(
      scanAll(wide).map((find) => find.secret),
      `wide ${offset}`,
    ).toEqual([secret])
  }
})

test('a letter that follows behind the end of the buffer makes it no secret', () => {
  const secret = newSecret()
  for (let offset = MIB - 100; offset <= MIB; offset++) {
    const content = Buffer.alloc(MIB + 100, '.')
    content.write(`${secret}x`, offset)
    expect(scanAll(content)).toEqual([])
  }
})

test('line and column are those of the text, however it is cut into pieces', () => {
  const filler = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n', 'ä', '😀', '漢')),
  )
  fc.assert(
    fc.property(
      fc.array(filler, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 50 }),
      (parts, piece) => {
        const expected = []
        let text = ''
        for (const part of parts) {
          text += `${part.join('')} `
          const secret = newSecret('test')
          const lines = text.split('\n')
          expected.push({
            secret,
            environment: 'test',
            line: lines.length,
            column: [...(lines.at(-1) ?? '')].length + 1,
          })
          text += `${secret} `
        }
        expect(scanAll(Buffer.from(text), piece)).toEqual(expected)
        const withMark = expected.map((find) =>
          find.line === 1 ? { ...find, column: find.column + 1 } : find,
        )
        expect(scanAll(Buffer.from(`\ufeff${text}`, 'utf16le'), piece)).toEqual(withMark)
        expect(scanAll(utf16be(`\ufeff${text}`), piece)).toEqual(withMark)
      },
    ),
  )
})

test('lines are counted across buffers', () => {
  const secret = newSecret()
  const text = `${'0123456789\n'.repeat(400_000)}abc ${secret}\n`
  expect(scanAll(Buffer.from(text), 65_536)).toEqual([
    { secret, environment: 'live', line: 400_001, column: 5 },
  ])
  const oneLine = `${'x;'.repeat(2_000_000)}${secret}`
  expect(scanAll(Buffer.from(oneLine), 65_536)).toEqual([
    { secret, environment: 'live', line: 1, column: 4_000_001 },
  ])
})

test('Latin-1 around a secret hides nothing', () => {
  const secret = newSecret()
  expect(scanAll(Buffer.from(`Schlüssel: é${secret}ñ`, 'latin1')).map((find) => find.secret)).toEqual([
    secret,
  ])
})

test('UTF-16 without byte order mark, at odd offsets of binary content, and beside plain secrets, is found', () => {
  const [narrow, wide, swapped] = [newSecret(), newSecret('test'), newSecret()]
  const content = Buffer.concat([
    Buffer.from([1, 0, 7]),
    Buffer.from(`漢${wide}漢`, 'utf16le'),
    Buffer.from([0, 0xff]),
    Buffer.from(narrow),
    Buffer.from([0]),
    utf16be(`漢${swapped}漢`),
  ])
  expect(scanAll(content).map((find) => find.secret)).toEqual([wide, narrow, swapped])
  expect(scanAll(Buffer.from(`${wide}x`, 'utf16le'))).toEqual([])
})

test('one content leaves nothing behind for the next', () => {
  const scanner = new ContentScanner()
  const secret = newSecret()
  scanner.write(Buffer.from(`\n\n${secret.slice(0, 20)}`))
  expect(scanner.finish()).toEqual([])
  scanner.write(Buffer.from(secret.slice(20)))
  expect(scanner.finish()).toEqual([])
  scanner.write(Buffer.from(secret))
  expect(scanner.finish()).toMatchObject([{ line: 1, column: 1 }])
})

test('thousands of keys as of Stripe are none', () => {
  const keys = Array.from(
    { length: 20_000 },
    (_, i) => `sk_${i % 2 ? 'live' : 'test'}_${randomLetters(i % 3 ? 24 : 99 + (i % 9))}`,
  )
  expect(scanAll(Buffer.from(keys.join('\n')))).toEqual([])
  expect(scanAll(Buffer.from(keys.join('\n'), 'utf16le'))).toEqual([])
})

test('content made to be slow takes time in proportion to its length', () => {
  const wide = (text: string) => Buffer.from(text, 'utf16le').toString('latin1')
  for (const piece of [
    'sk_live_',
    'sk_',
    wide('sk_'),
    wide('sk_live_'),
    wide(`sk_live_${'a'.repeat(30)}`),
    `sk_live_${'a'.repeat(30)}\0`,
  ]) {
    const content = Buffer.alloc(16 * MIB, piece, 'latin1')
    const startMs = performance.now()
    expect(scanAll(content)).toEqual([])
    expect(performance.now() - startMs, JSON.stringify(piece)).toBeLessThan(20_000)
  }
})
