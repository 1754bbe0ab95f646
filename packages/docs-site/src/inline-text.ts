/** Descriptions of the API as HTML: `code`, links, and nothing else. */
import MarkdownIt from 'markdown-it'
import { Html } from './html.ts'

const markdown = new MarkdownIt('zero').enable(['backticks', 'link', 'emphasis'])
const blocks = new MarkdownIt({ html: false })

/** One line of it. */
export function inlineText(text: string): Html {
  return new Html(markdown.renderInline(text))
}

/** Paragraphs and lists. */
export function blockText(text: string): Html {
  return new Html(blocks.render(text))
}
