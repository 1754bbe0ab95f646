/**
 * Reduces an English word to its stem, so that "installing", "installed" and "installation" meet.
 * Follows the published description of the Porter2 algorithm (https://snowballstem.org/algorithms/english/stemmer.html),
 * with a short table of irregular forms that no suffix rule can reach.
 */

const VOWELS = 'aeiouy'
const DOUBLES = new Set(['bb', 'dd', 'ff', 'gg', 'mm', 'nn', 'pp', 'rr', 'tt'])
const LI_ENDINGS = 'cdeghkmnrt'

const WHOLE_WORDS = new Map(
  Object.entries({
    skis: 'ski',
    skies: 'sky',
    dying: 'die',
    lying: 'lie',
    tying: 'tie',
    idly: 'idl',
    gently: 'gentl',
    ugly: 'ugli',
    early: 'earli',
    only: 'onli',
    singly: 'singl',
    sky: 'sky',
    news: 'news',
    atlas: 'atlas',
    cosmos: 'cosmos',
    bias: 'bias',
    inning: 'inning',
    outing: 'outing',
    canning: 'canning',
    herring: 'herring',
    earring: 'earring',
    proceed: 'proceed',
    exceed: 'exceed',
    succeed: 'succeed',
    does: 'do',
    goes: 'go',
    went: 'go',
    gone: 'go',
    bought: 'buy',
    brought: 'bring',
    broke: 'break',
    broken: 'break',
    built: 'build',
    chose: 'choos',
    chosen: 'choos',
    came: 'come',
    children: 'child',
    feet: 'foot',
    forgot: 'forget',
    forgotten: 'forget',
    found: 'find',
    gave: 'give',
    got: 'get',
    gotten: 'get',
    given: 'give',
    held: 'hold',
    kept: 'keep',
    knew: 'know',
    known: 'know',
    left: 'leav',
    lost: 'lose',
    loss: 'lose',
    made: 'make',
    meant: 'mean',
    men: 'man',
    met: 'meet',
    mice: 'mous',
    paid: 'pay',
    payment: 'pay',
    payments: 'pay',
    people: 'person',
    ran: 'run',
    sent: 'send',
    shown: 'show',
    sold: 'sell',
    spent: 'spend',
    stole: 'steal',
    stolen: 'steal',
    taken: 'take',
    took: 'take',
    teeth: 'tooth',
    thought: 'think',
    told: 'tell',
    women: 'woman',
    written: 'write',
    wrote: 'write',
    delivery: 'deliv',
    deliveries: 'deliv',
    arrival: 'arriv',
    arrivals: 'arriv',
    later: 'late',
    earlier: 'earli',
    cheaper: 'cheap',
    cheapest: 'cheap',
    bigger: 'big',
    longer: 'long',
    decision: 'decid',
    decisions: 'decid',
  }),
)

// Longest suffix first within each step; an empty replacement deletes.
const STEP_2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['iveness', 'ive'],
  ['ization', 'ize'],
  ['ousness', 'ous'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['tional', 'tion'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ation', 'ate'],
  ['entli', 'ent'],
  ['fulli', 'ful'],
  ['iviti', 'ive'],
  ['ousli', 'ous'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['anci', 'ance'],
  ['ator', 'ate'],
  ['enci', 'ence'],
  ['izer', 'ize'],
  ['bli', 'ble'],
]
const STEP_3: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
]
const STEP_4 = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'al',
  'er',
  'ic',
]

const isVowel = (word: string, at: number): boolean => VOWELS.includes(word.charAt(at))

function hasVowel(word: string, end: number): boolean {
  for (let at = 0; at < end; at++) if (isVowel(word, at)) return true
  return false
}

// The region after the first consonant that follows a vowel, counted from `from`.
function regionAfter(word: string, from: number): number {
  for (let at = from + 1; at < word.length; at++) {
    if (!isVowel(word, at) && isVowel(word, at - 1)) return at + 1
  }
  return word.length
}

function endsInShortSyllable(word: string): boolean {
  const last = word.length - 1
  if (last === 1) return isVowel(word, 0) && !isVowel(word, 1)
  return (
    last > 1 &&
    !isVowel(word, last) &&
    !'wxY'.includes(word.charAt(last)) &&
    isVowel(word, last - 1) &&
    !isVowel(word, last - 2)
  )
}

function stripPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2)
  if (word.endsWith('ied') || word.endsWith('ies')) return word.slice(0, word.length > 4 ? -2 : -1)
  if (word.endsWith('us') || word.endsWith('ss') || !word.endsWith('s')) return word
  return hasVowel(word, word.length - 2) ? word.slice(0, -1) : word
}

function stripPast(word: string, r1: number): string {
  for (const suffix of ['eedly', 'eed']) {
    if (word.endsWith(suffix))
      return word.length - suffix.length >= r1 ? word.slice(0, -suffix.length + 2) : word
  }
  const suffix = ['ingly', 'edly', 'ing', 'ed'].find((each) => word.endsWith(each))
  if (suffix === undefined || !hasVowel(word, word.length - suffix.length)) return word
  const rest = word.slice(0, -suffix.length)
  if (rest.endsWith('at') || rest.endsWith('bl') || rest.endsWith('iz')) return `${rest}e`
  if (DOUBLES.has(rest.slice(-2))) return rest.slice(0, -1)
  return rest.length <= r1 && endsInShortSyllable(rest) ? `${rest}e` : rest
}

function replaceSuffix(word: string, r1: number, table: readonly (readonly [string, string])[]): string {
  for (const [suffix, replacement] of table) {
    if (word.endsWith(suffix)) {
      return word.length - suffix.length >= r1 ? word.slice(0, -suffix.length) + replacement : word
    }
  }
  return word
}

function stepTwo(word: string, r1: number): string {
  if (word.endsWith('ogi')) return word.length - 3 >= r1 && word.at(-4) === 'l' ? word.slice(0, -1) : word
  const replaced = replaceSuffix(word, r1, STEP_2)
  if (replaced !== word || !word.endsWith('li') || word.length - 2 < r1) return replaced
  return LI_ENDINGS.includes(word.charAt(word.length - 3)) ? word.slice(0, -2) : word
}

function stepFour(word: string, r2: number): string {
  for (const suffix of STEP_4) {
    if (word.endsWith(suffix)) return word.length - suffix.length >= r2 ? word.slice(0, -suffix.length) : word
  }
  const stripsIon = word.endsWith('sion') || word.endsWith('tion')
  return stripsIon && word.length - 3 >= r2 ? word.slice(0, -3) : word
}

function stepFive(word: string, r1: number, r2: number): string {
  const last = word.length - 1
  if (word.endsWith('e')) {
    const drops = last >= r2 || (last >= r1 && !endsInShortSyllable(word.slice(0, -1)))
    return drops ? word.slice(0, -1) : word
  }
  return word.endsWith('ll') && last >= r2 ? word.slice(0, -1) : word
}

/** The stem of a lower-case word of the letters a to z; any other word comes back as it is. */
export function stem(word: string): string {
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word
  const whole = WHOLE_WORDS.get(word)
  if (whole !== undefined) return whole
  // A "y" that begins a word or follows a vowel is a consonant; it is written "Y" until the end.
  let stemmed = word.replace(/^y|(?<=[aeiou])y/g, 'Y')
  const prefix = ['gener', 'commun', 'arsen'].find((each) => stemmed.startsWith(each))
  const r1 = prefix?.length ?? regionAfter(stemmed, 0)
  const r2 = regionAfter(stemmed, r1)
  stemmed = stripPast(stripPlural(stemmed), r1)
  const last = stemmed.length - 1
  if (last > 1 && /[yY]$/.test(stemmed) && !isVowel(stemmed, last - 1)) stemmed = `${stemmed.slice(0, -1)}i`
  stemmed = replaceStepThree(stepTwo(stemmed, r1), r1, r2)
  return stepFive(stepFour(stemmed, r2), r1, r2).toLowerCase()
}

function replaceStepThree(word: string, r1: number, r2: number): string {
  if (word.endsWith('ative') && !word.endsWith('ational')) {
    return word.length - 5 >= r2 ? word.slice(0, -5) : word
  }
  return replaceSuffix(word, r1, STEP_3)
}
