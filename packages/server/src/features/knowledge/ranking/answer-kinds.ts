/** What kind of answer a question wants (a price, a time, a number, …) and which sentences hold one. */

/** A kind doubles as a term of the index: "#money" is held by every passage that names an amount of money. */
export type AnswerKind =
  | '#money'
  | '#time'
  | '#duration'
  | '#number'
  | '#person'
  | '#address'
  | '#email'
  | '#phone'

const NUMBERS = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?'
const CURRENCIES =
  'eur|euros?|usd|dollars?|gbp|pounds?|chf|francs?|cents?|pence|yen|rupees?|sek|nok|dkk|pln|aud|cad'
const UNITS = '(?:milli)?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|quarters?|years?)'
const DAYS =
  '(?:mon|tues|wednes|thurs|fri|satur|sun)days?|week(?:ends?|days?)|holidays?|daily|every (?:day|night|morning|evening|week|month|year|hour)'
const MONTHS =
  'january|february|march|april|june|july|august|september|october|november|december|\\d{1,2} may|may \\d{1,2}'
const STREETS = 'street|st|road|rd|avenue|ave|lane|ln|square|drive|way|place|boulevard|blvd|court|quay'

const anyOf = (...patterns: string[]): RegExp => new RegExp(patterns.join('|'), 'iu')

// Looked for where a digit is.
const HELD_WITH_DIGITS: readonly (readonly [AnswerKind, RegExp])[] = [
  ['#money', anyOf('[€$£¥₹] ?\\d', '\\d ?[€£¥₹$]', `\\d ?(?:${CURRENCIES})\\b`)],
  [
    '#time',
    anyOf(
      "\\b\\d{1,2}:\\d\\d\\b|\\b\\d{1,2} ?(?:am|pm|a\\.m|p\\.m|o'clock)\\b",
      '\\b(?:24/7|(?:19|20)\\d\\d)\\b',
    ),
  ],
  ['#duration', anyOf(`\\b\\d{1,6}[ -](?:\\w{1,12} )?${UNITS}\\b`, '\\b\\d{1,6} ?(?:ms|s|h|min)\\b')],
  [
    '#phone',
    anyOf(
      '(?<![\\w.-])(?:\\+|\\(?0)\\d[\\d ()/-]{5,18}\\d(?![\\w-])',
      '(?<![\\w.-])\\(?\\d{3}\\)?[ -]\\d{3,4}[ -]?\\d{4}(?![\\w-])',
    ),
  ],
  [
    '#address',
    anyOf(
      `\\b\\d{1,5}[a-z]? (?:\\p{L}[\\p{L}'.]{0,20} ){1,4}(?:${STREETS})\\b`,
      '\\p{L}(?:street|stra(?:ss|ß)e|weg|platz|gasse) \\d',
    ),
  ],
  ['#number', /\d/],
]
const HELD_IN_WORDS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    '#money',
    anyOf(
      '\\bfree of charge\\b|\\b(?:is|are|for|completely|entirely) free(?! to| soft| and|-)\\b',
      '\\bno (?:\\w{1,12} )?(?:cost|charge|fee)s?\\b|\\bcosts? nothing\\b',
    ),
  ],
  ['#time', anyOf(`\\b(?:${DAYS}|${MONTHS}|noon|midnight|around the clock)\\b`)],
  [
    '#duration',
    anyOf(
      `\\b(?:an?|half|few|several|${NUMBERS})[ -](?:\\w{1,12} )?${UNITS}\\b|\\b(?:permanently|for ?ever)\\b`,
    ),
  ],
  ['#number', anyOf(`\\b(?:${NUMBERS})\\b`)],
  ['#person', /\b\p{Lu}\p{Ll}{1,20} (?:\p{Lu}\. ?){0,3}\p{Lu}\p{Ll}{1,20}\b/u],
]
const HELD_WITH_AT: readonly [AnswerKind, RegExp] = ['#email', /[\w.+-]{1,64}@[\w-]{1,64}\.\w/]

/** The kinds of answer a sentence holds; one may come twice. Linear in the sentence's length. */
export function kindsHeld(sentence: string): AnswerKind[] {
  const kinds: AnswerKind[] = []
  const hold = ([kind, pattern]: readonly [AnswerKind, RegExp]): void => {
    if (pattern.test(sentence)) kinds.push(kind)
  }
  if (/\d/.test(sentence)) HELD_WITH_DIGITS.forEach(hold)
  HELD_IN_WORDS.forEach(hold)
  if (sentence.includes('@')) hold(HELD_WITH_AT)
  return kinds
}

/** A kind of answer a question wants. */
export interface WantedKind {
  /** The kinds that will do, with how well, 0 to 1. */
  readonly kinds: readonly (readonly [AnswerKind, number])[]
  /** Words that ask for the kind and say nothing else. */
  readonly words: ReadonlySet<string>
}

const wanted = (pattern: RegExp, kinds: WantedKind['kinds'], words = ''): readonly [RegExp, WantedKind] => [
  pattern,
  { kinds, words: new Set(words.split(' ')) },
]

const WANTED: readonly (readonly [RegExp, WantedKind])[] = [
  wanted(
    /\bhow long\b|\bhow (?:much|many) (?:time|hours|days|minutes|weeks|months|years)\b/,
    [['#duration', 1]],
    'time hours days minutes weeks months years take takes last',
  ),
  wanted(/\bhow many\b/, [['#number', 1]]),
  wanted(
    /\bhow (?:much|expensive)\b|\b(?:prices?|costs?|fees?|rates?)\b|\bcharged?\b.{0,40}\bfor\b/,
    [['#money', 1]],
    'price prices cost costs fee fees charge rate rates expensive pay',
  ),
  wanted(
    /\bhow (?:late|early|soon)\b/,
    [
      ['#time', 1],
      ['#duration', 1],
    ],
    'late early soon time',
  ),
  wanted(
    /(?:^|\b(?:know|me|and|until|since|from|by|to) )when\b|\b(?:what|which) (?:time|date|day|days|hours)\b|\bhow often\b|\b(?:opening|business|office) (?:hours|times)\b/,
    [
      ['#time', 1],
      ['#duration', 0.8],
    ],
    'time times date day days hours often',
  ),
  wanted(/(?:^|\b(?:know|me|and|to|of) )who\b/, [['#person', 1]]),
  wanted(
    /\b(?:tele)?phone number\b|\bnumber (?:to|can i|do i) call\b|\bwhat(?:'s| is) (?:your|the) number\b/,
    [['#phone', 1]],
    'number phone telephone',
  ),
  wanted(/\be-?mail address\b|\byour e-?mail\b/, [['#email', 1]], 'address email mail'),
  wanted(
    /\bwhere (?:are|can i find) you\b|(?<!\b(?:ip|web|mac) )\baddress(?:es)?\b|\bhow do (?:i|we) get to you\b/,
    [['#address', 1]],
    'address addresses located location find get',
  ),
]

/** The kind of answer that a question, in lower case, wants; undefined if its words don't tell. */
export function kindWanted(question: string): WantedKind | undefined {
  return WANTED.find(([pattern]) => pattern.test(question))?.[1]
}
