/** Sources made to be slow, or to fail: whoever may add one must not be able to stop the others from being found. */
import { describe, expect, it } from 'vitest'
import { answer } from './answer.ts'
import { type IndexedSource, KnowledgeIndex } from './knowledge-index.ts'
import { type SourceType, splitIntoPassages } from './passages.ts'
import { words } from './terms.ts'

const source = (type: SourceType, content: string): IndexedSource => ({
  id: type,
  type,
  title: 'Title',
  content,
  url: null,
  alternateQuestions: [],
})

/** Milliseconds for building an index of the content and asking it, the best of some runs. */
function fastestMs(type: SourceType, content: string, question: string, runCount: number): number {
  const runs = Array.from({ length: runCount }, () => {
    const startedAt = performance.now()
    const index = KnowledgeIndex.build([source(type, content)])
    index.search(question, 5)
    answer(index, question)
    return performance.now() - startedAt
  })
  return Math.min(...runs)
}

const columns = (count: number): string =>
  Array.from({ length: count }, (_, at) => `c${at.toString(36)}|`).join('')
const deepTerms = (depth: number): string =>
  Array.from({ length: depth }, (_, at) => {
    const indent = '\t'.repeat(at)
    return `${indent}Term number ${at}\n\n${indent}\tOne thing. Another thing.\n\n`
  }).join('')

describe('four times the content costs about four times the time, not sixteen times', () => {
  it.each<[string, SourceType, (size: number) => string, number, string]>([
    [
      'a wide and long table',
      'markdown',
      (size) => `|${'ab|'.repeat(size * 7)}\n|---|---|\n${'| x | y |\n'.repeat(size)}`,
      500,
      'what is x ab?',
    ],
    [
      'a long table whose header has many names',
      'markdown',
      (size) => `|${columns(250)}\n|---|---|\n${'|x|\n'.repeat(size)}`,
      10_000,
      'what is c1 c2 c3 x?',
    ],
    ['headings alone', 'markdown', (size) => '# h\n'.repeat(size), 10_000, 'what is h?'],
    ['a list of one word', 'markdown', (size) => '- card free\n'.repeat(size), 10_000, 'card free?'],
    [
      'a list with a long introduction',
      'markdown',
      (size) => `${'The list of things '.repeat(15)}:\n\n${'- x y\n'.repeat(size)}`,
      10_000,
      'list of things x?',
    ],
    [
      'two lists in turn',
      'markdown',
      (size) => `${'One list of things '.repeat(15)}:\n\n${'- x:\n  - y\n'.repeat(size)}`,
      8000,
      'list of things x?',
    ],
    ['one paragraph', 'text', (size) => 'Cards are free. '.repeat(size), 10_000, 'are the cards free?'],
    ['sentences that refer back', 'text', (size) => 'It is x. '.repeat(size), 10_000, 'is it x?'],
    ['headings one below the other', 'text', deepTerms, 180, 'what is term number 12?'],
  ])(
    '%s',
    (_, type, make, size, question) => {
      const once = fastestMs(type, make(size), question, 2)
      expect(fastestMs(type, make(4 * size), question, 2)).toBeLessThan(9 * once + 1000)
    },
    120_000,
  )
})

describe('a mebibyte is indexed in a moment', () => {
  it.each<[string, string]>([
    ['a word in camel case', 'aaA'.repeat(330_000)],
    ['a word of hyphens', 'a-b'.repeat(330_000)],
    ['one ligature of eighteen letters', '\ufdfa'.repeat(1_000_000)],
    ['that ligature among Thai letters', 'ก\ufdfa'.repeat(500_000)],
    ['words that all differ', Array.from({ length: 160_000 }, (__, at) => `${at.toString(36)}q`).join(' ')],
    ['Thai', 'ภาษาไทยกขคงจ'.repeat(83_000)],
  ])(
    '%s',
    (_, content) => {
      for (const type of ['faq', 'text'] as const) {
        expect(fastestMs(type, content, 'what is aa?', 1), type).toBeLessThan(10_000)
      }
    },
    120_000,
  )
})

describe('what is read again and again is short', () => {
  it('the header that every row of a table carries', () => {
    const rows = splitIntoPassages('markdown', `|${columns(20_000)}\n|---|---|\n${'| x | y |\n'.repeat(50)}`)
    const introductions = rows.flatMap(({ introduction }) => introduction ?? [])
    expect(introductions).toHaveLength(50)
    for (const introduction of introductions) {
      expect(introduction.length).toBeLessThanOrEqual(1000)
      expect(introduction).toMatch(/^\|c0\|c1\|.*\|$/)
    }
  })

  it('the headings that every passage carries', () => {
    const depths = splitIntoPassages('text', deepTerms(100)).map(({ headings }) => headings.length)
    expect(Math.max(...depths)).toBe(12)
  })

  it('the parts and the letters of a word', () => {
    for (const text of ['aaA'.repeat(200_000), '\ufdfa'.repeat(200_000), 'ก\ufdfa'.repeat(100_000)]) {
      const found = words(text)
      expect(found.length).toBeLessThanOrEqual(2 * text.length)
      for (const { surface, parts } of found) {
        if (surface.length > 64 || parts.length > 64) expect.fail(`${surface.length}, ${parts.length}`)
      }
    }
  })
})

it('a source that cannot be read is left out and named; the others are found', () => {
  const lost: IndexedSource = {
    ...source('text', ''),
    id: 'lost',
    get content(): string {
      throw new Error('The content is gone')
    },
  }
  const index = KnowledgeIndex.build([lost, source('faq', 'Yes.'), source('markdown', 'Dogs stay outside.')])
  expect(index.skipped).toEqual(['lost'])
  expect(index.sourceCount).toBe(2)
  expect(index.search('dogs', 1)).toMatchObject([{ sourceId: 'markdown' }])
})

it('a word that only a text holds is no riddle to the index of questions', () => {
  const faqs = Array.from({ length: 60 }, (_, at) => ({ ...source('faq', 'Yes.'), id: `faq_${at}` }))
  const index = KnowledgeIndex.build([...faqs, { ...source('text', 'Dogs stay outside.'), title: '' }])
  expect(index.search('title dogs', 3).map(({ score }) => score)).not.toContain(Number.NaN)
})
