/** Guides as pages: what their Markdown becomes, and what they may not have. */
import { expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'

const render = (body: string) => renderMarkdown(`# Title\n\n${body}`, 'guide')

test('neighbours in different languages are tabs, and a language that comes again begins the next', () => {
  const { body } = render(
    '```bash\ncurl a\n```\n\n<!-- run: refused first -->\n```python\nb\n```\n\n```bash\ncurl c\n```\n',
  )
  expect(body.text.match(/role="tab"/g)).toHaveLength(2)
  expect(body.text.match(/<figure/g)).toHaveLength(2)
  expect(body.text).not.toContain('refused first')
})

test('what was printed stands apart from what prints it, with nothing to copy', () => {
  const { body } = render('```bash\nls\n```\n\n<!-- run: output -->\n```text\nfile\n```\n')
  expect(body.text.match(/<figure class="code(?: output)?"/g)).toEqual([
    '<figure class="code"',
    '<figure class="code output"',
  ])
  expect(body.text.match(/class="copy"/g)).toHaveLength(1)
})

test('headings of one name have anchors of their own, and links go from page to page', () => {
  const { headings, links, body } = render(
    '## Retry-After\n\nSee [there](webhooks.md#order) and [here](#retry-after-1).\n\n## Retry-After\n',
  )
  expect(headings.map(({ id }) => id)).toEqual(['retry-after', 'retry-after-1'])
  expect(links).toEqual(['/docs/webhooks#order', '/docs/guide#retry-after-1'])
  expect(body.text).toContain('href="/docs/webhooks#order"')
})

test('code is text whatever it says, and carries no style', () => {
  const { body } = render('```json\n{"a": "<script>alert(1)</script>"}\n```\n\n`<img onerror=x>`\n')
  expect(body.text).not.toMatch(/<script|<img|style=/)
})

test.each(['<script>alert(1)</script>', 'a <b>word</b>', '![picture](x.png)'])('%s is refused', (source) => {
  expect(() => render(source)).toThrow('docs/guide.md')
})

test('a guide has one title', () => {
  expect(() => renderMarkdown('## Second\n', 'guide')).toThrow('no title')
  expect(() => render('# Again')).toThrow('second title')
})
