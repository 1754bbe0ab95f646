/** Whether what a block printed is what its page shows. `…` stands for anything; the page may show less than was printed. */

/** What differs, in words; undefined when nothing does. */
export function differenceOfText(shown: string, printed: string): string | undefined {
  let rest = printed
  for (const line of shown.split('\n').filter((text) => text.trim() !== '' && text.trim() !== '…')) {
    const pattern = new RegExp(patternOf(line.trim()), 'i')
    const found = pattern.exec(rest)
    if (found === null) return `the line ${JSON.stringify(line.trim())} was not printed`
    rest = rest.slice(found.index + found[0].length)
  }
  return undefined
}

/** Compares with each JSON document that was printed, and with its `data`; what the last one lacks is told. */
export function differenceOfJson(shown: string, printed: string): string | undefined {
  const expected: unknown = JSON.parse(shown)
  const documents = jsonIn(printed)
  if (documents.length === 0) return 'no JSON was printed'
  let difference: string | undefined
  for (const document of documents) {
    const candidates = [document, ...(isObject(document) && 'data' in document ? [document.data] : [])]
    for (const candidate of candidates) {
      difference = differenceOf(expected, candidate, '')
      if (difference === undefined) return undefined
    }
  }
  return difference
}

/** Answers that stand one after the other, on lines or not, among other texts. */
function jsonIn(text: string): unknown[] {
  const parts = [text, ...text.split(/(?=\{"success")/), ...text.split('\n')]
  return parts.flatMap((part) => {
    try {
      return [JSON.parse(part) as unknown]
    } catch {
      return []
    }
  })
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
/** Numbers that are different each time. */
const MEASURED = /_ms$|^(sequence|score|confidence|response_bytes|request_bytes|idle_seconds)$/

function differenceOf(expected: unknown, actual: unknown, path: string): string | undefined {
  const differs = `${path || 'the answer'} is ${JSON.stringify(actual)}, and the page shows ${JSON.stringify(expected)}`
  if (typeof expected === 'string') {
    if (typeof actual !== 'string') return differs
    if (INSTANT.test(expected)) return INSTANT.test(actual) ? undefined : differs
    return new RegExp(`^${patternOf(expected)}$`, 's').test(actual) ? undefined : differs
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return differs
    return firstOf(expected.map((item, index) => differenceOf(item, actual[index], `${path}[${index}]`)))
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return differs
    return firstOf(
      Object.entries(expected).map(([name, value]) =>
        name in actual
          ? differenceOf(value, actual[name], `${path}.${name}`)
          : `${path}.${name} is not there`,
      ),
    )
  }
  if (
    typeof expected === 'number' &&
    typeof actual === 'number' &&
    MEASURED.test(path.split('.').at(-1) ?? '')
  )
    return undefined
  return expected === actual ? undefined : differs
}

function firstOf(differences: (string | undefined)[]): string | undefined {
  return differences.find((difference) => difference !== undefined)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function patternOf(text: string): string {
  return text
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'))
    .join('.*?')
}
