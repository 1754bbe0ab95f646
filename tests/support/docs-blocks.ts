/**
 * The code blocks of a guide, and how they are marked so that a test can run them.
 *
 * A fenced block says its language. `bash`, `javascript` (`js`), `typescript` (`ts`), `python` and `ruby` are run, `json` must parse,
 * `env` must be lines NAME=value, `text` is only shown. Any other language is an error. Blocks of different languages
 * with nothing but white space and marks between them are one group: the same thing said in each (tabs on the page).
 *
 * Where that isn't enough, a comment stands before the block, which readers don't see: `<!-- run: MARK; MARK -->`.
 *
 *     file NAME             the block is the content of a file; blocks after it find it in their folder
 *     output                what the group before printed, or in time one in the background: of `json` each field that is shown, of `text` each line; `…` is anything
 *     exits N               the command ends with N instead of 0
 *     eventually            is run again until it succeeds and printed its `output`
 *     background on PORT    goes on until the page ends; what follows waits until it listens there
 *     background until TEXT the same, until it printed TEXT
 *     refused first         the server refuses what it asks at first (503, then 429), as a busy one would
 *     elsewhere FILE        is run by the test FILE, not here
 *
 * `<!-- run with: PAGE NAME, PAGE NAME -->` gives a page files that other pages show.
 *
 * Blocks are run as they stand, but for: `http://localhost:4000` (where the server is), `YOUR_API_KEY` (a new key of the
 * test environment), `--workspace Acme` (the page's own), port 3000 (a free one), and ids and secrets that are cut: `cust_…` is the contact that was last printed.
 */

export const RUNNABLE = ['bash', 'javascript', 'typescript', 'python', 'ruby'] as const
export type RunnableLanguage = (typeof RUNNABLE)[number]
export type Language = RunnableLanguage | 'json' | 'env' | 'text'

const LANGUAGES: Readonly<Record<string, Language>> = {
  bash: 'bash',
  sh: 'bash',
  javascript: 'javascript',
  js: 'javascript',
  typescript: 'typescript',
  ts: 'typescript',
  python: 'python',
  ruby: 'ruby',
  json: 'json',
  env: 'env',
  text: 'text',
}

export interface Marks {
  file?: string
  isOutput: boolean
  exits: number
  isEventual: boolean
  background?: { port: number } | { text: string }
  isRefusedFirst: boolean
  elsewhere?: string
}

export interface Block {
  /** Of its first line of code, from 1. */
  line: number
  language: Language
  code: string
  marks: Marks
}

export interface Page {
  /** From the folder of the repository. */
  path: string
  groups: Block[][]
  /** Files that other pages show: the page's name, the file's name. */
  borrowed: { page: string; file: string }[]
}

const FENCE = /^(\s*)```(\S*)\s*$/
const MARK = /^\s*<!-- run: (.*) -->\s*$/
const WITH = /^<!-- run with: (.*) -->$/m

/** Throws for a language or mark that it doesn't know, and for a fence that doesn't end. */
export function parsePage(path: string, markdown: string): Page {
  const groups: Block[][] = []
  const lines = markdown.split('\n')
  let marks: string | undefined
  let isAdjacent = false
  for (let index = 0; index < lines.length; index++) {
    const text = lines[index] ?? ''
    const where = `${path}:${index + 1}`
    const mark = MARK.exec(text)?.[1]
    const fence = FENCE.exec(text)
    if (mark !== undefined) marks = mark
    else if (fence !== null) {
      const end = lines.findIndex((line, at) => at > index && line.trim() === '```')
      if (end === -1) throw new Error(`${where}: the block has no end`)
      const block: Block = {
        line: index + 2,
        language: languageOf(fence[2] ?? '', where),
        code: `${lines
          .slice(index + 1, end)
          .map((line) => line.slice(fence[1]?.length ?? 0))
          .join('\n')}\n`,
        marks: parseMarks(marks ?? '', where),
      }
      const group = groups.at(-1)
      if (isAdjacent && group !== undefined && belongs(group, block)) group.push(block)
      else groups.push([block])
      marks = undefined
      isAdjacent = true
      index = end
    } else if (text.trim() !== '') isAdjacent = false
  }
  return { path, groups, borrowed: parseBorrowed(markdown) }
}

/** Output ends a group, and so does a language that it has already. */
function belongs(group: readonly Block[], block: Block): boolean {
  if (block.marks.isOutput || group.some(({ marks }) => marks.isOutput)) return false
  return group.every(({ language }) => language !== block.language)
}

function languageOf(name: string, where: string): Language {
  const language = LANGUAGES[name]
  if (language === undefined)
    throw new Error(`${where}: no language "${name}" is known to tests/support/docs-blocks.ts`)
  return language
}

function parseMarks(text: string, where: string): Marks {
  const marks: Marks = { isOutput: false, exits: 0, isEventual: false, isRefusedFirst: false }
  for (const mark of text.split(';').map((part) => part.trim())) {
    const [, word, rest = ''] = /^(file|exits|elsewhere|background on|background until) (.+)$/.exec(mark) ?? [
      '',
      mark,
    ]
    if (word === 'file') marks.file = rest
    else if (word === 'exits') marks.exits = Number(rest)
    else if (word === 'elsewhere') marks.elsewhere = rest
    else if (word === 'background on') marks.background = { port: Number(rest) }
    else if (word === 'background until') marks.background = { text: rest }
    else if (word === 'output') marks.isOutput = true
    else if (word === 'eventually') marks.isEventual = true
    else if (word === 'refused first') marks.isRefusedFirst = true
    else if (word !== '')
      throw new Error(`${where}: no mark "${mark}" is known to tests/support/docs-blocks.ts`)
  }
  return marks
}

function parseBorrowed(markdown: string): Page['borrowed'] {
  const list = WITH.exec(markdown)?.[1]?.split(',') ?? []
  return list.map((entry) => {
    const [page = '', file = ''] = entry.trim().split(' ')
    return { page, file }
  })
}

export function isRunnable(language: Language): language is RunnableLanguage {
  return (RUNNABLE as readonly string[]).includes(language)
}
