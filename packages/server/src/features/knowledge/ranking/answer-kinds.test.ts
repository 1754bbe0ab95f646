import { describe, expect, it } from 'vitest'
import { kindsHeld, kindWanted } from './answer-kinds.ts'

describe('a sentence holds', () => {
  it.each([
    ['A check-up costs 39 EUR.', '#money', true],
    ['From £70 a night.', '#money', true],
    ['Cots are free.', '#money', true],
    ['Packages are free to redistribute.', '#money', false],
    ['Open from 8:00 on.', '#time', true],
    ['Closed on weekends.', '#time', true],
    ['You may ask.', '#time', false],
    ['It takes about 50 minutes.', '#duration', true],
    ['Call 0800 555 0199.', '#phone', true],
    ['Call (212) 555-0199.', '#phone', true],
    ['From 1996-2021 and 2014-08-01.', '#phone', false],
    ['Write to desk@hall.example.', '#email', true],
    ['We are at 12 Lindenhof Street.', '#address', true],
    ['Ask Mia Torres.', '#person', true],
    ['Two rooms.', '#number', true],
  ] as const)('%j: %s is %s', (sentence, kind, expected) => {
    expect(kindsHeld(sentence).includes(kind)).toBe(expected)
  })
})

describe('a question wants', () => {
  it.each([
    ['how much is a cleaning?', '#money'],
    ['what does the membership cost?', '#money'],
    ['how long does it take?', '#duration'],
    ['how many rooms do you have?', '#number'],
    ['when do you open?', '#time'],
    ['do you know when it starts?', '#time'],
    ['who does root canals?', '#person'],
    ["what's your phone number?", '#phone'],
    ['what is your e-mail address?', '#email'],
    ['what is your address?', '#address'],
    ['what happens when i am late?', undefined],
    ['someone who helps', undefined],
  ])('%j: %s', (question, kind) => {
    expect(kindWanted(question)?.kinds[0]?.[0]).toBe(kind)
  })
})
