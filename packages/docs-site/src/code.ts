/** Code on a page: one block, or the same thing in several languages as tabs. A script of the page makes both work. */
import { highlight } from './highlight.ts'
import { type Html, html } from './html.ts'

export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** A file's name, or what the code is. */
  readonly title?: string | undefined
  /** What was printed, and nothing to copy. */
  readonly isOutput?: boolean
}

const LABELS: Readonly<Record<string, string>> = {
  bash: 'Shell',
  sh: 'Shell',
  javascript: 'JavaScript',
  js: 'JavaScript',
  typescript: 'TypeScript',
  ts: 'TypeScript',
  python: 'Python',
  ruby: 'Ruby',
  json: 'JSON',
  env: '.env',
  text: 'Text',
}
/** Where a reader who is signed in is told which key of theirs fits. */
const KEY = /AGENTCLARA_API_KEY|YOUR_API_KEY/

export function codeBlock(block: CodeBlock): Html {
  const { title, isOutput = false } = block
  return html`<figure class="code${isOutput ? ' output' : ''}"${keyMark([block])}>
<figcaption><span>${title ?? (isOutput ? 'Prints' : labelOf(block))}</span>${isOutput ? undefined : copyButton}</figcaption>
${pre(block)}</figure>`
}

/** `id` is unique on the page. */
export function codeTabs(blocks: readonly CodeBlock[], id: string): Html {
  const tabs = blocks.map(
    (block, index) =>
      html`<button type="button" role="tab" id="${id}-tab-${index}" aria-controls="${id}-panel-${index}" aria-selected="${index === 0 ? 'true' : 'false'}" tabindex="${index === 0 ? 0 : -1}" data-language="${block.language}">${labelOf(block)}</button>`,
  )
  const panels = blocks.map(
    (block, index) =>
      html`<div role="tabpanel" id="${id}-panel-${index}" aria-labelledby="${id}-tab-${index}"${index === 0 ? undefined : html` hidden`}>${pre(block)}</div>`,
  )
  return html`<figure class="code tabs"${keyMark(blocks)}>
<figcaption><div role="tablist" aria-label="Language">${tabs}</div>${copyButton}</figcaption>
${panels}</figure>`
}

const copyButton = html`<button type="button" class="copy" hidden>Copy</button>`

function keyMark(blocks: readonly CodeBlock[]): Html | undefined {
  return blocks.some(({ code, isOutput }) => isOutput !== true && KEY.test(code))
    ? html` data-key`
    : undefined
}

function labelOf({ language, code, title }: CodeBlock): string {
  if (title !== undefined) return title
  if (/^(?:bash|sh)$/.test(language) && /\bcurl\b/.test(code)) return 'cURL'
  return LABELS[language] ?? language
}

/** Wide code scrolls by itself, also by the keyboard. */
function pre({ code, language }: CodeBlock): Html {
  return html`<pre tabindex="0"><code>${highlight(code, language)}</code></pre>`
}
