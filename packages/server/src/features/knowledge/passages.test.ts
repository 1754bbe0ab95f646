import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Passage, type SourceType, splitIntoPassages } from './passages.ts'

const TYPES: readonly SourceType[] = ['text', 'markdown', 'faq']
const type = fc.constantFrom(...TYPES)

const anyCodeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units))
const marks = fc.constantFrom(
  ...[
    '# ',
    '## ',
    '- ',
    '* ',
    '1. ',
    '2.1. ',
    '2.1.3 ',
    '> ',
    '| ',
    '|',
    '|-|-|',
    '```',
    '~~~',
    '---',
    '===',
    '***',
  ],
  ...[
    '`',
    '[a](b)',
    '[',
    ']',
    '(',
    ')',
    '<a id="x">',
    '<h2>',
    '**',
    '_',
    '"',
    '“',
    '”',
    ':',
    '…',
    '...',
    '. ',
    '? ',
    '! ',
  ],
  ...['\n', '\n\n', '\r\n', '\r', '\t', '    ', ' ', '\u2028', '\u00a0', '\ufeff', '\u200b', '\0'],
  ...[
    'Dr. ',
    'e.g. ',
    'U.S. ',
    'Chapter 3. ',
    'word',
    'Word ',
    'words of a longer line that goes on and on ',
    '3.5',
    '日本。',
  ],
  ...['é', 'e\u0301', '😀', '👩‍👩‍👧', '\ud83d', '\ude00', 'ﷺ', 'اهلا. ', 'हिन्दी। '],
)
const likeADocument = fc.array(marks, { maxLength: 120 }).map((pieces) => pieces.join(''))
const content = fc.oneof(anyCodeUnits, fc.string({ unit: 'binary' }), likeADocument)

const quotes = (of: SourceType, text: string): string[] =>
  splitIntoPassages(of, text).map(({ start, end }) => text.slice(start, end))

describe('whatever the content', () => {
  it('passages are slices of it, in order, without overlap, and never split a character', () => {
    fc.assert(
      fc.property(type, content, (of, text) => {
        let end = 0
        let block = 0
        for (const passage of splitIntoPassages(of, text)) {
          expect(passage.start).toBeGreaterThanOrEqual(end)
          expect(passage.end).toBeGreaterThan(passage.start)
          expect(passage.end).toBeLessThanOrEqual(text.length)
          expect(passage.block).toBeGreaterThanOrEqual(block)
          expect(passage.heading).toBe(passage.headings.at(-1) ?? null)
          if (text.isWellFormed()) expect(text.slice(passage.start, passage.end).isWellFormed()).toBe(true)
          end = passage.end
          block = passage.block
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the same content gives the same passages, and CRLF the same as LF', () => {
    fc.assert(
      fc.property(type, likeADocument, (of, text) => {
        const lf = text.replace(/\r\n?/g, '\n')
        const folded = (each: string): string => each.replace(/\s+/g, ' ')
        expect(quotes(of, lf.replaceAll('\n', '\r\n')).map(folded)).toEqual(quotes(of, lf).map(folded))
      }),
      { numRuns: 1000 },
    )
  })

  it('a mebibyte of it is split in a moment', () => {
    const hostile = [
      'a',
      '\n',
      'a. ',
      '. ',
      '(',
      '[',
      '`',
      '# a\n',
      '> a\n',
      '<',
      '|-|\n',
      '- a\n',
      '1.1. A\n\n',
      '"',
      '\ud800',
    ]
    for (const of of ['text', 'markdown'] as const) {
      for (const piece of hostile) {
        const text = piece.repeat(Math.ceil(2 ** 20 / piece.length))
        const startedAt = performance.now()
        splitIntoPassages(of, text)
        expect(performance.now() - startedAt, `${of}: ${JSON.stringify(piece)}`).toBeLessThan(6000)
      }
    }
  })
})

const named = (of: SourceType, text: string): string[] =>
  splitIntoPassages(of, text).map((each: Passage) => `${each.kind}: ${text.slice(each.start, each.end)}`)

describe('plain text', () => {
  const manual = [
    'Visitor Manual',
    '',
    'Table of Contents',
    '',
    '1. Tickets',
    '    1.1. Where do I buy a ticket?',
    '    1.2. Can I return it?',
    '',
    '1.1. Where do I buy a ticket?',
    '',
    '    At the desk, or at https://tickets.example/buy. You may pay as fol-',
    '    lows:',
    '',
    '      * cash,',
    '',
    '      * card.',
    '',
    'Opening hours',
    '=============',
    'We open at 9.',
    '',
    'Lost and found',
    'Ask the guard at the main gate. Everything is kept for a month.',
    '',
    'Terms:',
    '',
    '  guest',
    '',
    '      A person with a ticket. A child is a guest too.',
  ].join('\n')

  it('its headings are numbered, underlined or bare, and a table of contents heads nothing', () => {
    const passages = splitIntoPassages('text', manual)
    const heading = (quote: string): string | null | undefined =>
      passages.find(({ start }) => manual.startsWith(quote, start))?.heading
    expect(heading('At the desk')).toBe('1.1. Where do I buy a ticket?')
    expect(heading('We open')).toBe('Opening hours')
    expect(heading('Ask the guard')).toBe('Lost and found')
    expect(heading('A person')).toBe('guest')
    expect(named('text', manual)).toContain('heading: 1.1. Where do I buy a ticket?')
  })

  it('a list knows the sentence that introduces it', () => {
    const item = splitIntoPassages('text', manual).find(({ start }) => manual.startsWith('card.', start))
    expect(item).toMatchObject({ kind: 'list_item' })
    expect(item?.introduction).toMatch(/lows:$/)
  })

  it('a numbered line that states something is no heading', () => {
    expect(named('text', '3.1. The guest pays the rent monthly.\n\n10.30 is a time.')).toEqual([
      'sentence: 3.1. The guest pays the rent monthly.',
      'sentence: 10.30 is a time.',
    ])
  })
})

describe('Markdown', () => {
  const page = [
    '---',
    'title: House rules',
    '---',
    '# House *rules*',
    '<a id="x"></a>',
    '',
    '- [Prices](#prices)',
    '',
    'Prices',
    '------',
    '',
    'All prices are per night:',
    '',
    '| Room | Price |',
    '|------|-------|',
    '| Single | £70 |',
    '',
    '> Breakfast is included. It is served',
    '> until ten.',
    '',
    '1. Pay by card.',
    '   Cash is fine too.',
    '',
    '```sh',
    'npm start',
    '```',
    '',
    '[ref]: https://example.com',
  ].join('\n')

  it('headings, rows, items, quotations and code are told apart', () => {
    expect(named('markdown', page)).toEqual([
      'heading: House *rules*',
      'heading: [Prices](#prices)',
      'heading: Prices',
      'sentence: All prices are per night:',
      'heading: | Room | Price |',
      'list_item: | Single | £70 |',
      'sentence: Breakfast is included.',
      'sentence: It is served\n> until ten.',
      'list_item: Pay by card.',
      'list_item: Cash is fine too.',
      'code: npm start',
    ])
  })

  it('a row knows its columns and everything its headings', () => {
    const row = splitIntoPassages('markdown', page).find(({ start }) => page.startsWith('| Single', start))
    expect(row).toMatchObject({ introduction: '| Room | Price |', headings: ['House *rules*', 'Prices'] })
  })
})

it('the sentences of a FAQ answer are of the kind answer', () => {
  expect(named('faq', 'Yes. Until noon.')).toEqual(['answer: Yes.', 'answer: Until noon.'])
})
