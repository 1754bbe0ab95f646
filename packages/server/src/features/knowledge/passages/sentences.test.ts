import { describe, expect, it } from 'vitest'
import { MAX_SENTENCE_LENGTH, splitSentences } from './sentences.ts'

function sentences(text: string, isMarkdown = false): string[] {
  const found: string[] = []
  splitSentences(text, 0, text.length, { isMarkdown }, (start, end) => {
    found.push(text.slice(start, end))
  })
  return found
}

describe('a sentence ends where a reader would say it ends', () => {
  it.each<[string, string[]]>([
    ['We are open. Come in!', ['We are open.', 'Come in!']],
    ['Is it free? Yes. No deposit.', ['Is it free?', 'Yes.', 'No deposit.']],
    ['Ask Dr. Okafor or Prof. J. P. Lind. She helps.', ['Ask Dr. Okafor or Prof. J. P. Lind.', 'She helps.']],
    ['Pets, e.g. Dogs, i.e. small ones, stay out.', ['Pets, e.g. Dogs, i.e. small ones, stay out.']],
    ['He lives in the U.S. The shop is there.', ['He lives in the U.S.', 'The shop is there.']],
    ['The U.S. Embassy is near.', ['The U.S. Embassy is near.']],
    ['Rooms, meals, etc. are extra.', ['Rooms, meals, etc. are extra.']],
    ['Bring a towel, soap, etc. We have lockers.', ['Bring a towel, soap, etc.', 'We have lockers.']],
    ['Version 2.1 follows 2.0. Version 3 is next.', ['Version 2.1 follows 2.0.', 'Version 3 is next.']],
    [
      'Edit /etc/apt/sources.list. Then run apt-get update.',
      ['Edit /etc/apt/sources.list.', 'Then run apt-get update.'],
    ],
    ['Edit sources.list. apt-get reads it.', ['Edit sources.list.', 'apt-get reads it.']],
    [
      'See https://a.example/x?y=1!z and www.b.example. Done.',
      ['See https://a.example/x?y=1!z and www.b.example.', 'Done.'],
    ],
    ['Wait... then go on.', ['Wait... then go on.']],
    ['So it was lost... The end.', ['So it was lost...', 'The end.']],
    ['“Stay.” He stayed.', ['“Stay.”', 'He stayed.']],
    ['"Why?" he asked. Nobody knew.', ['"Why?" he asked.', 'Nobody knew.']],
    ['It is done (see page 3. There is more). Good.', ['It is done (see page 3. There is more).', 'Good.']],
    ['It is done. (See page 3.) Good.', ['It is done.', '(See page 3.)', 'Good.']],
    ['See No. 5 and no. 6. Thanks.', ['See No. 5 and no. 6.', 'Thanks.']],
    ['No. This is a matter of taste.', ['No.', 'This is a matter of taste.']],
    [
      'Open at 9 a.m. and close at 5 p.m. Monday to Friday.',
      ['Open at 9 a.m. and close at 5 p.m. Monday to Friday.'],
    ],
    ['营业时间是九点。星期天休息！', ['营业时间是九点。', '星期天休息！']],
    ['   \n ', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(sentences(text)).toEqual(expected)
  })
})

describe('a line break inside prose', () => {
  it('belongs to the sentence where the text is wrapped', () => {
    const wrapped =
      'If you have severe pain, call us before nine in the morning and we\nwill see you on the same day. The Emergency service answers outside\nof our hours.'
    expect(sentences(wrapped)).toEqual([
      'If you have severe pain, call us before nine in the morning and we\nwill see you on the same day.',
      'The Emergency service answers outside\nof our hours.',
    ])
  })

  it('ends the sentence where the writer broke a line that had room', () => {
    expect(sentences('Monday: 9:00 - 17:00\nTuesday: 9:00 - 13:00\nWednesday: closed')).toEqual([
      'Monday: 9:00 - 17:00',
      'Tuesday: 9:00 - 13:00',
      'Wednesday: closed',
    ])
  })

  it('ends the row of a table laid out with white space', () => {
    const table = 'apt-get update             ->  apt update\napt-get upgrade            ->  apt upgrade'
    expect(sentences(table)).toHaveLength(2)
  })

  it('counts once when it is written CRLF', () => {
    const text = 'Every dish can be made without gluten if you tell us when you order\r\nit. Thanks.'
    expect(sentences(text)).toEqual([
      'Every dish can be made without gluten if you tell us when you order\r\nit.',
      'Thanks.',
    ])
  })
})

describe('in Markdown', () => {
  it('code between backticks is never cut', () => {
    expect(sentences('Call `a. B` first. Then go.', true)).toEqual(['Call `a. B` first.', 'Then go.'])
  })

  it('a link that a formatter broke stays in its sentence', () => {
    const text =
      'The options are the same as those of [`createServer`\nmethod](https://nodejs.example/docs/api/http.html). Done.'
    expect(sentences(text, true)).toHaveLength(2)
  })
})

it('a sentence without an end is cut at a white space before it gets too long to quote', () => {
  const pieces = sentences('word '.repeat(1000))
  expect(pieces.every((piece) => piece.length <= MAX_SENTENCE_LENGTH && /^word.*word$/.test(piece))).toBe(
    true,
  )
})
