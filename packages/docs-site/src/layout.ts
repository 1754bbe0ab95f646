/** What every page of the documentation has around its text: head, navigation, what is on it, what comes next. */
import { type Html, html } from './html.ts'
import type { Heading } from './markdown.ts'

export interface Page {
  readonly path: string
  readonly title: string
  readonly description: string
  readonly headings: readonly Heading[]
  readonly body: Html
}

export interface NavigationGroup {
  readonly title: string
  readonly about: string
  readonly pages: readonly { readonly path: string; readonly title: string }[]
}

export interface Assets {
  /** Addresses of files whose names change with what they say. */
  readonly styles: readonly string[]
  readonly script: string
  readonly theme: string
  readonly fonts: readonly string[]
}

export function layout(page: Page, navigation: readonly NavigationGroup[], assets: Assets): string {
  const inOrder = navigation.flatMap(({ pages }) => pages)
  const at = inOrder.findIndex(({ path }) => path === page.path)
  const [previous, next] = at === -1 ? [] : [inOrder[at - 1], inOrder[at + 1]]
  const heading = page.path === '/docs' ? 'AgentClara documentation' : `${page.title} · AgentClara`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<meta name="description" content="${shorten(page.description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
${assets.fonts.map((href) => html`<link rel="preload" href="${href}" as="font" type="font/woff2" crossorigin>\n`)}${assets.styles.map((href) => html`<link rel="stylesheet" href="${href}">\n`)}<script src="${assets.theme}"></script>
<script type="module" src="${assets.script}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header class="top">
<button type="button" class="menu" aria-expanded="false" aria-controls="navigation">Menu</button>
<a class="brand" href="/docs"><strong>AgentClara</strong> <span>Docs</span></a>
<div class="search" role="search">
<label class="hidden" for="search">Search the documentation</label>
<input id="search" type="search" placeholder="Search" autocomplete="off" role="combobox" aria-expanded="false" aria-controls="results" aria-autocomplete="list">
<kbd aria-hidden="true">/</kbd>
<div id="results" role="listbox" aria-label="Pages found" hidden></div>
</div>
<button type="button" class="theme" hidden>Theme</button>
<a class="dashboard" href="/">Dashboard</a>
</header>
<div class="columns">
<nav id="navigation" aria-label="Documentation">
${navigation.map((group) => navigationGroup(group, page.path))}
</nav>
<main id="content" tabindex="-1">
<article>
<h1>${page.title}</h1>
${page.body}
</article>
${at === -1 ? undefined : html`<footer class="around">${around(previous, 'Previous')}${around(next, 'Next')}</footer>`}
</main>
<aside>${contents(page.headings)}</aside>
</div>
</body>
</html>
`.text
}

function navigationGroup({ title, pages }: NavigationGroup, current: string): Html {
  const links = pages.map(
    (page) => html`<li><a href="${page.path}"${currentMark(page.path, current)}>${page.title}</a></li>\n`,
  )
  return html`<h2>${title}</h2>
<ul>
${links}</ul>
`
}

/** The page itself, or the one that it is below: `errors` of `errors/not_found`. Calls have `/docs/api` beside them. */
function currentMark(path: string, current: string): Html | undefined {
  if (path === current) return html` aria-current="page"`
  if (path !== '/docs/api' && current.startsWith(`${path}/`)) return html` aria-current="true"`
  return undefined
}

function around(page: { path: string; title: string } | undefined, label: string): Html {
  if (page === undefined) return html`<span></span>`
  return html`<a class="${label.toLowerCase()}" href="${page.path}"><span>${label}</span> ${page.title}</a>`
}

function contents(headings: readonly Heading[]): Html | undefined {
  if (headings.length < 2) return undefined
  const links = headings.map(
    ({ id, text, level }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>\n`,
  )
  return html`<nav aria-label="On this page"><h2>On this page</h2>
<ul>
${links}</ul></nav>`
}

/** As much as search engines show. */
function shorten(text: string): string {
  if (text.length <= 160) return text
  return `${text.slice(0, text.lastIndexOf(' ', 159))}…`
}
