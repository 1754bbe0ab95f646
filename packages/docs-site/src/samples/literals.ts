/** JSON as literals of each language, over several lines where one would be long. */
import type { Json } from './examples.ts'

interface Dialect {
  text(value: string): string
  /** A field's name with what follows it. */
  name(value: string): string
  null: string
  true: string
  false: string
  indent: string
  /** Between the brackets of what stands on one line. */
  padding: string
}

const single = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const double = (value: string): string => JSON.stringify(value)
const isWord = (value: string): boolean => /^[A-Za-z_]\w*$/.test(value)

const javascript: Dialect = {
  text: single,
  name: (value) => `${isWord(value) ? value : single(value)}: `,
  null: 'null',
  true: 'true',
  false: 'false',
  indent: '  ',
  padding: ' ',
}
const python: Dialect = {
  text: double,
  name: (value) => `${double(value)}: `,
  null: 'None',
  true: 'True',
  false: 'False',
  indent: '    ',
  padding: '',
}
// In Ruby #{…} in double quotes is code.
const ruby: Dialect = {
  text: (value) => double(value).replaceAll('#', '\\#'),
  name: (value) => (isWord(value) ? `${value}: ` : `${double(value)} => `),
  null: 'nil',
  true: 'true',
  false: 'false',
  indent: '  ',
  padding: ' ',
}

const WIDTH = 70

export const literal = {
  javascript: (value: Json) => write(value, javascript, ''),
  python: (value: Json) => write(value, python, ''),
  ruby: (value: Json) => write(value, ruby, ''),
}

function write(value: Json, dialect: Dialect, margin: string): string {
  if (value === null) return dialect.null
  if (typeof value === 'string') return dialect.text(value)
  if (typeof value === 'boolean') return value ? dialect.true : dialect.false
  if (typeof value === 'number') return String(value)
  const deeper = margin + dialect.indent
  const isList = Array.isArray(value)
  const items = isList
    ? value.map((item) => write(item, dialect, deeper))
    : Object.entries(value).map(([name, item]) => `${dialect.name(name)}${write(item, dialect, deeper)}`)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (items.length === 0) return `${open}${close}`
  const padding = isList ? '' : dialect.padding
  const line = `${open}${padding}${items.join(', ')}${padding}${close}`
  if (line.length <= WIDTH && !line.includes('\n')) return line
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join('')}${margin}${close}`
}
