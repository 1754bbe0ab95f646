import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, SseParser } from './sse-parser.ts'

function parse(chunks: readonly string[]): Block[] {
  const parser = new SseParser()
  return chunks.flatMap((chunk) => parser.push(chunk))
}

const line = fc.stringMatching(/^[ -~äß漢]{0,20}$/)
const block = fc.record({ id: fc.nat().map(String), data: fc.array(line, { minLength: 1, maxLength: 3 }) })
const newline = fc.constantFrom('\n', '\r\n', '\r')

test('events are the same wherever the network cuts the stream, and whichever ends its lines have', () => {
  fc.assert(
    fc.property(fc.array(block), newline, fc.array(fc.nat(), { maxLength: 30 }), (blocks, end, cuts) => {
      const text = blocks
        .map(({ id, data }) =>
          [`: comment`, `id: ${id}`, ...data.map((each) => `data: ${each}`), '', ''].join(end),
        )
        .join('')
      const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
      const chunks = [...at, text.length].map((to, index) => text.slice(at[index - 1] ?? 0, to))
      // With CR alone, the last empty line could still become CR LF.
      const expected = blocks.map(({ id, data }) => ({ id, data: data.join('\n') }))
      expect(parse([...chunks, '\n'])).toEqual(expected)
    }),
  )
})

test('an id without data is told, a comment is not, and what the end cuts off is none', () => {
  expect(parse(['retry: 1000\nid: 7\n\n: \n\ndata: {}\n\nid: 9\ndata: {"cut'])).toEqual([
    { id: '7', data: undefined },
    { id: undefined, data: '{}' },
  ])
})
