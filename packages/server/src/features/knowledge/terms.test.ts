import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, terms, words } from './terms.ts'

describe('terms', () => {
  it('meet where question and text use other forms of the same words', () => {
    expect(terms('How do I install packages?')).toEqual(terms('Installing a package'))
    expect(terms('cancelling appointments')).toEqual(terms('the cancellation of an appointment'))
    expect(terms('my children paid')).toEqual(terms('a child pays'))
  })

  it('fold case, diacritics, compatibility forms and apostrophes', () => {
    expect(terms('ＣＡＦÉ')).toEqual(terms('cafe'))
    expect(terms('STRASSE')).toEqual(terms('Straße'))
    expect(terms('the dentist’s chair')).toEqual(terms("dentist's chairs"))
    expect(fold('İstanbul Øre')).toBe('istanbul ore')
  })

  it('hold a compound as a whole and by its parts', () => {
    expect(terms('apt-get')).toEqual(['aptget', 'apt', 'get'])
    expect(terms('bodyLimit')).toEqual(['bodylimit', 'bodi', 'limit'])
    expect(terms('e-mail')[0]).toBe(terms('email')[0])
  })

  it('tell numbers apart', () => {
    expect(terms('2.1')[0]).toBe('2.1')
    expect(terms('9:00')[0]).toBe('9:00')
  })

  it('are pairs of characters in a script written without spaces', () => {
    expect(terms('営業時間')).toEqual(['営業', '業時', '時間'])
  })

  it('of any text whatever come without error and without stop words', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units)
        expect(terms(text).length).toBeGreaterThanOrEqual(
          words(text).filter((word) => !word.isStopWord).length,
        )
      }),
    )
    expect(terms('what is it and why')).toEqual([])
  })
})
