/** JSON cut into what is shown differently: names, texts, other values, and what stands between. Takes any text. */

export interface JsonToken {
  kind: 'name' | 'text' | 'value' | 'rest'
  text: string
  /** Where it begins: tells tokens apart. */
  at: number
}

const PARTS =
  /("(?:[^"\\\n]|\\.)*")(\s*:)?|(?<![\w.])(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/g

export function jsonTokens(text: string): JsonToken[] {
  // Pages and plain words have numbers and quotes, too.
  if (!/^\s*[[{]/.test(text)) return text === '' ? [] : [{ kind: 'rest', text, at: 0 }]
  const tokens: JsonToken[] = []
  let end = 0
  const add = (kind: JsonToken['kind'], part: string) => {
    if (part !== '') tokens.push({ kind, text: part, at: end })
    end += part.length
  }
  for (const match of text.matchAll(PARTS)) {
    add('rest', text.slice(end, match.index))
    const [, quoted, colon, value] = match
    if (quoted !== undefined) {
      add(colon === undefined ? 'text' : 'name', quoted)
      add('rest', colon ?? '')
    } else add('value', value ?? '')
  }
  add('rest', text.slice(end))
  return tokens
}

/** Indented when it is JSON, as it is otherwise. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
