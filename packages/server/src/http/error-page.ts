/** One error explained, as a page for a browser and as Markdown for docs/errors. */
import type { ErrorCode, ErrorEntry } from '../errors.ts'

export function errorMarkdown(code: ErrorCode, entry: ErrorEntry): string {
  const steps = entry.fix.map((step, index) => `${index + 1}. ${step}`).join('\n')
  return `# ${code}\n\nStatus ${entry.status}, "${entry.error}".\n\n## When\n\n${entry.when}\n\n## What to do\n\n${steps}\n`
}

export function errorPage(code: ErrorCode, entry: ErrorEntry): string {
  const steps = entry.fix.map((step) => `<li>${toHtml(step)}</li>`).join('')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${code} · AgentClara</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1.25rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1rem; margin: 2rem 0 .5rem }
p, ol { margin: 0 } ol { padding-left: 1.25rem } .status { opacity: .7 }
code, h1 { font-family: ui-monospace, monospace }
</style>
<main>
<h1>${code}</h1>
<p class="status">Status ${entry.status} · “${toHtml(entry.error)}”</p>
<h2>When it happens</h2>
<p>${toHtml(entry.when)}</p>
<h2>What to do</h2>
<ol>${steps}</ol>
</main>
</html>
`
}

/** Text of the error table: escaped, with \`code\` as code. */
function toHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\[([^\]]+)\]\((\/[^)]+)\)/g, '<a href="$2">$1</a>')
}
