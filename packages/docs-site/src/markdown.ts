/**
 * A guide's Markdown as HTML: headings that can be linked to, code in tabs, links from file to file as links from page
 * to page. Marks for the tests (`<!-- run: … -->`, see tests/support/docs-blocks.ts) say how a block is shown, too.
 */
import MarkdownIt, { type Token } from 'markdown-it'
import { type CodeBlock, codeBlock, codeTabs } from './code.ts'
import { escapeHtml, Html } from './html.ts'

export interface Heading {
  readonly id: string
  readonly text: string
  /** 2 or 3. */
  readonly level: number
}

export interface Document {
  readonly title: string
  /** The text before the first heading of level 2, for lists and search engines. */
  readonly description: string
  readonly headings: readonly Heading[]
  readonly body: Html
  /** Of this site, with the anchor: `/docs/webhooks#retries`. */
  readonly links: readonly string[]
  /** What search looks at, by heading; the first is what stands before them. */
  readonly sections: readonly { readonly id: string; readonly title: string; readonly text: string }[]
}

/** The type of tokens that are HTML already. */
const CODE = 'code_group'
const COMMENT = /^\s*<!--([\s\S]*?)-->\s*$/

/** `name` is the file's, below docs/ and without `.md`. Throws for HTML, which guides don't have, and without one title. */
export function renderMarkdown(source: string, name: string): Document {
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false })
  const tokens = markdown.parse(source, {})
  const links: string[] = []
  const headings: Heading[] = []
  const sections: { id: string; title: string; text: string }[] = [{ id: '', title: '', text: '' }]
  const ids = new Set<string>()
  let title = ''
  let description = ''

  for (const [index, token] of tokens.entries()) {
    const inline = tokens[index + 1]
    if (token.type === 'heading_open' && inline !== undefined) {
      const text = plainText(inline)
      const level = Number(token.tag.slice(1))
      if (level === 1) {
        if (title !== '') throw new Error(`docs/${name}.md has a second title: ${text}`)
        title = text
        continue
      }
      const id = uniqueId(text, ids)
      token.attrSet('id', id)
      if (level <= 3) headings.push({ id, text, level })
      sections.push({ id, title: text, text: '' })
    }
    if (token.type !== 'inline') continue
    if (tokens[index - 1]?.type === 'heading_open') {
      resolveLinks(token, name, links)
      continue
    }
    resolveLinks(token, name, links)
    const text = plainText(token)
    if (description === '' && headings.length === 0) description = text
    const section = sections.at(-1)
    if (section !== undefined) section.text += `${text} `
  }
  if (title === '') throw new Error(`docs/${name}.md has no title`)

  markdown.renderer.rules.html_block = (all, index) => comment(all[index], name)
  markdown.renderer.rules.html_inline = (all, index) => comment(all[index], name)
  markdown.renderer.rules[CODE] = (all, index) => all[index]?.content ?? ''
  markdown.renderer.rules.table_open = () =>
    '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'
  markdown.renderer.rules.table_close = () => '</table></div>'
  // A cell without text is the head of nothing.
  markdown.renderer.rules.th_open = (all, index) => (all[index + 1]?.content === '' ? '<td>' : '<th>')
  markdown.renderer.rules.th_close = (all, index) => (all[index - 1]?.content === '' ? '</td>' : '</th>')
  const withoutTitle = tokens.filter((_, index) => !isTitle(tokens, index))
  const body = markdown.renderer.render(groupCode(withoutTitle), markdown.options, {})
  return { title, description, headings, body: new Html(body), links, sections }
}

function isTitle(tokens: readonly Token[], index: number): boolean {
  return [index, index - 1, index - 2].some((at) => {
    const token = tokens[at]
    return token?.type === 'heading_open' && token.tag === 'h1'
  })
}

function comment(token: Token | undefined, name: string): string {
  const content = token?.content ?? ''
  if (!COMMENT.test(content)) throw new Error(`docs/${name}.md has HTML: ${content.trim()}`)
  return ''
}

/** Puts each run of code blocks, with nothing between them but marks, into one token of HTML. */
function groupCode(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  let run: { token: Token; block: CodeBlock }[] = []
  let marks = ''
  let count = 0
  const end = (): void => {
    for (const group of groupsOf(run)) {
      const [first] = group
      if (first === undefined) continue
      const blocks = group.map(({ block }) => block)
      first.token.type = CODE
      first.token.content = (
        group.length === 1 ? codeBlock(first.block) : codeTabs(blocks, `code-${++count}`)
      ).text
      result.push(first.token)
    }
    run = []
    marks = ''
  }
  for (const token of tokens) {
    if (token.type === 'fence') {
      const block = { language: token.info.trim() || 'text', code: token.content, ...lookOf(marks) }
      run.push({ token, block })
      marks = ''
    } else if (token.type === 'html_block' && COMMENT.test(token.content)) {
      marks += COMMENT.exec(token.content)?.[1] ?? ''
    } else {
      end()
      result.push(token)
    }
  }
  end()
  return result
}

/** Neighbours of different languages are one group; a language that comes again begins the next, and output stands alone. */
function groupsOf<Item extends { readonly block: CodeBlock }>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = []
  for (const item of items) {
    const { language, isOutput } = item.block
    const group = groups.at(-1)
    const joins =
      isOutput !== true &&
      group?.every(({ block }) => block.isOutput !== true && block.language !== language) === true
    if (joins) group?.push(item)
    else groups.push([item])
  }
  return groups
}

function lookOf(marks: string): Pick<CodeBlock, 'title' | 'isOutput'> {
  const parts = marks
    .replace(/^\s*run(?: with)?:/, '')
    .split(';')
    .map((part) => part.trim())
  const file = parts.map((part) => /^file\s+(\S+)$/.exec(part)?.[1]).find((found) => found !== undefined)
  return { ...(file === undefined ? {} : { title: file }), isOutput: parts.includes('output') }
}

/** From files to pages. Links to what isn't part of the site are left as they are. */
function resolveLinks(token: Token, name: string, links: string[]): void {
  for (const child of token.children ?? []) {
    if (child.type === 'image') throw new Error(`docs/${name}.md shows a picture: guides are read without`)
    if (child.type !== 'link_open') continue
    const href = String(child.attrGet('href') ?? '')
    const target = pageOf(href, name)
    if (target === undefined) continue
    child.attrSet('href', target)
    links.push(target)
  }
}

function pageOf(href: string, name: string): string | undefined {
  if (/^[a-z]+:/i.test(href)) return undefined
  if (href.startsWith('#')) return `/docs/${name}${href}`
  const url = new URL(href, `file:///docs/${name}`)
  const path = url.pathname.replace(/\.md$/, '').replace(/\/README$/, '')
  return `${path}${url.hash}`
}

function plainText(token: Token): string {
  return (token.children ?? [])
    .map(({ type, content }) => (type === 'softbreak' || type === 'hardbreak' ? ' ' : content))
    .join('')
    .trim()
}

/** As in the address bar: lower case, words joined by hyphens; the second of a name is given a number. */
function uniqueId(text: string, taken: Set<string>): string {
  const base = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
  let id = base
  for (let count = 1; taken.has(id); count++) id = `${base}-${count}`
  taken.add(id)
  return escapeHtml(id)
}
