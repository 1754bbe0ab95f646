import { describe, expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

describe('a quote read by a person', () => {
  it.each([
    ['See the [guide](./Guide.md "title") and **call** `foo_bar()`.', 'See the guide and call foo_bar().'],
    ['upon [`close`](#close) the\n> server stops', 'upon close the server stops'],
    ['the [CGI][cgi] and ![logo](a.png)', 'the CGI and logo'],
    ['snake_case and 2 * 3 * 4 stay', 'snake_case and 2 * 3 * 4 stay'],
    ['an <code>inline</code> tag, 3 < 4', 'an inline tag, 3 < 4'],
  ])('%j', (markdown, expected) => {
    expect(plainText('markdown', markdown, null)).toBe(expected)
  })

  it('has white space folded and in plain text nothing else changed', () => {
    expect(plainText('text', 'a  *b*\r\n   [c](d)', null)).toBe('a *b* [c](d)')
  })

  it('names the columns of a row', () => {
    expect(plainText('markdown', '| Single | **£70** | |', '| Room | Price | Note |')).toBe(
      'Room: Single, Price: £70',
    )
  })
})
