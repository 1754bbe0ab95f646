import { describe, expect, it } from 'vitest'
import { stem } from './stemmer.ts'

describe('the stem of an English word', () => {
  // Pairs from the sample vocabulary published with the algorithm.
  it.each([
    ['consign', 'consign'],
    ['consigned', 'consign'],
    ['consistency', 'consist'],
    ['consolation', 'consol'],
    ['consolingly', 'consol'],
    ['knightly', 'knight'],
    ['knocked', 'knock'],
    ['generously', 'generous'],
    ['hopping', 'hop'],
    ['hoping', 'hope'],
    ['agreed', 'agre'],
    ['ponies', 'poni'],
    ['ties', 'tie'],
    ['gas', 'gas'],
    ['youth', 'youth'],
    ['say', 'say'],
    ['by', 'by'],
  ])('of %s is %s', (word, expected) => {
    expect(stem(word)).toBe(expected)
  })

  it('is shared by the forms customers use', () => {
    for (const forms of [
      'cancel cancelled cancellation',
      'refund refunds refundable',
      'pay paid payment',
      'tooth teeth',
    ]) {
      expect(new Set(forms.split(' ').map(stem)).size, forms).toBe(1)
    }
  })

  it('of a word with other letters is the word', () => {
    expect(stem('öffnungszeiten')).toBe('öffnungszeiten')
    expect(stem('2nds')).toBe('2nds')
  })
})
