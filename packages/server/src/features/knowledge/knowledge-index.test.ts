import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer } from './answer.ts'
import { type IndexedSource, KnowledgeIndex } from './knowledge-index.ts'
import type { SourceType } from './passages.ts'

function source(
  id: string,
  type: SourceType,
  title: string,
  content: string,
  alternateQuestions: string[] = [],
): IndexedSource {
  return { id, type, title, content, url: null, alternateQuestions }
}

const LIBRARY = [
  source('card', 'faq', 'How do I get a library card?', 'Bring an ID to any branch. The card is free.', [
    'Become a member',
  ]),
  source('loan', 'faq', 'How long can I keep books?', 'Three weeks. You can renew twice.', [
    'When do I have to return a book?',
  ]),
  source('room', 'faq', 'Can I book a meeting room?', 'Yes, online, two hours at a time.', [
    'Study room reservation',
  ]),
  source(
    'rules',
    'markdown',
    'House rules',
    '# Cafe\n\nThe cafe opens at 9:00. Only **water** may be taken to the reading room.\n',
  ),
]

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        'card ',
        'room',
        'The ',
        'cafe. ',
        'How ',
        '? ',
        '\n\n',
        '# ',
        '- ',
        ': ',
        '|a|\n|-|\n',
        '😀',
        '\ud800',
      ),
    )
    .map((pieces) => pieces.join('')),
)

describe('whatever the sources and the query', () => {
  it('hits are exact slices of their source, scored from 0 to 1, best first, the same each time', () => {
    const type = fc.constantFrom<SourceType>('text', 'markdown', 'faq')
    const sources = fc.array(fc.tuple(type, text, text, fc.array(text, { maxLength: 3 })), { maxLength: 4 })
    fc.assert(
      fc.property(sources, text, fc.integer({ min: 0, max: 8 }), (made, query, limit) => {
        const all = made.map(([of, title, content, others], at) =>
          source(`src_${at}`, of, title, content, others),
        )
        const index = KnowledgeIndex.build(all)
        expect(index.sourceCount).toBe(all.length)
        const hits = index.search(query, limit)
        expect(hits.length).toBeLessThanOrEqual(limit)
        let before = 1
        for (const hit of hits) {
          const from = all.find(({ id }) => id === hit.sourceId)
          expect(hit.quote).toBe(from?.content.slice(hit.start, hit.end))
          expect(hit.quote).not.toBe('')
          expect(hit.score).toBeGreaterThanOrEqual(0)
          expect(hit.score).toBeLessThanOrEqual(before)
          before = hit.score
        }
        expect(KnowledgeIndex.build(all).search(query, limit)).toEqual(hits)
        for (const { sourceId, quote, start, end } of answer(index, query)?.citations ?? []) {
          expect(quote).toBe(all.find(({ id }) => id === sourceId)?.content.slice(start, end))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a query of ten thousand characters is answered in a moment', () => {
    const index = KnowledgeIndex.build(LIBRARY)
    for (const query of [
      'how do i get a library card '.repeat(360),
      'x'.repeat(10_000),
      'zq? '.repeat(2500),
      '日本'.repeat(5000),
    ]) {
      const startedAt = performance.now()
      index.search(query, 10)
      expect(performance.now() - startedAt).toBeLessThan(1000)
    }
  })
})

it('a paragraph of forty thousand sentences about the same thing is searched in a moment', () => {
  const index = KnowledgeIndex.build([source('long', 'text', 'Long', 'Cards are free. '.repeat(40_000))])
  const startedAt = performance.now()
  expect(index.search('are the cards free?', 5)).toHaveLength(1)
  expect(performance.now() - startedAt).toBeLessThan(2000)
})

describe('a search', () => {
  const index = KnowledgeIndex.build(LIBRARY)
  const best = (query: string): string | undefined => index.search(query, 3)[0]?.sourceId

  it('finds a FAQ by its question, its other wordings and its answer', () => {
    expect(best('library card')).toBe('card')
    expect(best('how can I become a member')).toBe('card')
    expect(best('renew')).toBe('loan')
    expect(best('return a book')).toBe('loan')
  })

  it('forgives a mistyped word', () => {
    expect(best('study room resrvation')).toBe('room')
    expect(best('libary crad')).toBe('card')
  })

  it('quotes the passages of a text with their heading', () => {
    expect(index.search('when does the cafe open', 1)).toMatchObject([
      { sourceId: 'rules', quote: 'The cafe opens at 9:00.', heading: 'Cafe' },
    ])
  })

  it('quotes the same words once', () => {
    const twice = KnowledgeIndex.build([
      source('a', 'text', 'A', 'Dogs stay outside.'),
      source('b', 'text', 'B', 'Dogs stay outside.'),
    ])
    expect(twice.search('dogs', 10)).toHaveLength(1)
  })

  it('of an empty index, or for nothing, finds nothing', () => {
    expect(KnowledgeIndex.build([]).search('card', 10)).toEqual([])
    expect(index.search('', 10)).toEqual([])
    expect(index.search('what is it?', 10)).toEqual([])
    expect(index.search('card', 0)).toEqual([])
  })

  it('counts sources and passages', () => {
    expect(index.sourceCount).toBe(4)
    expect(index.passageCount).toBe(3 + 5)
  })
})

it('two thousand FAQ sources are built and searched in a moment', () => {
  const sources = Array.from({ length: 2000 }, (_, at) => {
    const name = `widget${at}`
    return source(name, 'faq', `How do I install ${name}?`, `Open the box of ${name}. Press the button.`, [
      `${name} setup`,
    ])
  })
  const startedAt = performance.now()
  const index = KnowledgeIndex.build(sources)
  expect(index.search('how do I install widget1234', 1)[0]?.sourceId).toBe('widget1234')
  expect(performance.now() - startedAt).toBeLessThan(3000)
})
