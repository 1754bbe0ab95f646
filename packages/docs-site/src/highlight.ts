/** Code in colours, by classes: the pages allow no style attribute. */
import { createCssVariablesTheme, createHighlighter } from 'shiki'
import { Html } from './html.ts'

const LANGUAGES = [
  'bash',
  'javascript',
  'typescript',
  'python',
  'ruby',
  'json',
  'dotenv',
  'http',
  'sql',
] as const
const ALIASES: Readonly<Record<string, string>> = {
  sh: 'bash',
  js: 'javascript',
  ts: 'typescript',
  env: 'dotenv',
}

const theme = createCssVariablesTheme({ name: 'by-class', variablePrefix: '--code-' })
const highlighter = await createHighlighter({ themes: [theme], langs: [...LANGUAGES] })

/** The lines of the code, to be put into `<pre><code>`. Languages that aren't known are shown as they are. */
export function highlight(code: string, language: string): Html {
  const known = ALIASES[language] ?? language
  const lang = (LANGUAGES as readonly string[]).includes(known) ? known : 'text'
  const text = highlighter.codeToHtml(code.replace(/\n$/, ''), {
    lang,
    theme: 'by-class',
    structure: 'inline',
    transformers: [
      {
        name: 'classes',
        span(node) {
          const { style } = node.properties
          node.properties.style = undefined
          const role = /--code-(?:token-)?([\w-]+)/.exec(String(style))?.[1]
          if (role !== undefined && role !== 'foreground') node.properties.class = `c-${role}`
        },
      },
    ],
  })
  return new Html(text.replaceAll('<br>', '\n'))
}
