/** Builds the documentation into dist/: guides, errors, decisions, the API reference, and what their search reads. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { type Guide, readGuides } from './guides.ts'
import { html } from './html.ts'
import { type Assets, layout, type NavigationGroup, type Page } from './layout.ts'
import type { OpenApi } from './reference/document.ts'
import { referenceIndex, referencePages } from './reference/pages.ts'
import { samplesOf } from './samples/samples.ts'
import { idsOf, searchIndex } from './search-index.ts'
import { groups } from './site-map.ts'
import { colours } from './theme.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const dist = fileURLToPath(new URL('../dist', import.meta.url))

/** Paths of the server that pages link to and that are no pages. */
const ELSEWHERE = /^\/(?:openapi\.json|$|settings\/|sign-)/

async function main(): Promise<void> {
  const assets = await buildAssets()
  const guides = await readGuides(join(root, 'docs'))
  // Written by this repository.
  const api = JSON.parse(await readFile(join(root, 'openapi.json'), 'utf8')) as OpenApi
  const reference = referencePages(api, (call) => samplesOf(call, api))
  const navigation: NavigationGroup[] = [
    ...groups.map(({ title, about }) => ({
      title,
      about,
      pages: guides.filter(({ group }) => group === title),
    })),
    {
      title: 'API reference',
      about: 'Every call with its fields, what it needs, and an example in four languages.',
      pages: [{ path: '/docs/api', title: 'All calls' }, ...reference],
    },
  ]
  const pages = [front(navigation), ...guides, referenceIndex(api, reference), ...reference]
  assertLinksLead(pages, guides)
  const missing: Page = {
    path: '/docs/404',
    title: 'There is no such page',
    description: 'No page of the documentation is at this address.',
    headings: [],
    body: html`<p>Perhaps it has moved: search for it, or begin at <a href="/docs">the start</a>.</p>`,
  }
  for (const page of [...pages, missing])
    await write(
      page.path === '/docs' ? 'docs/index.html' : `${page.path.slice(1)}.html`,
      layout(page, navigation, assets),
    )
  await write('docs/search.json', JSON.stringify(searchIndex(guides, reference)))
}

/** Where `/docs` leads: each group of pages with what it is about. */
function front(navigation: readonly NavigationGroup[]): Page {
  const groupsWithText = navigation.map(
    ({ title, about, pages }) => html`<section><h2>${title}</h2>
<p>${about}</p>
<ul>
${pages.map(({ path, title: name }) => html`<li><a href="${path}">${name}</a></li>\n`)}</ul></section>
`,
  )
  return {
    path: '/docs',
    title: 'Documentation',
    description: 'Keys, conversations, contacts, webhooks: how to build on AgentClara, and how to run it.',
    headings: [],
    body: html`<p class="lead">How to build on AgentClara, and how to run it. In a hurry? The <a href="/docs/quickstart">quickstart</a> goes from nothing to Clara’s first answer.</p>
<div class="front">${groupsWithText}</div>`,
  }
}

/** Throws for each link of a guide to a page or a heading that isn't there. */
function assertLinksLead(pages: readonly Page[], guides: readonly Guide[]): void {
  const ids = new Map(pages.map(({ path, body }) => [path, idsOf(body)]))
  const dead = guides.flatMap(({ name, links }) =>
    links
      .filter((link) => {
        if (ELSEWHERE.test(link)) return false
        const [path = '', anchor] = link.split('#')
        const found = ids.get(path)
        return found === undefined || (anchor !== undefined && anchor !== '' && !found.has(anchor))
      })
      .map((link) => `docs/${name}.md links to ${link}, which is not there`),
  )
  if (dead.length > 0) throw new Error(dead.join('\n'))
}

/** Styles, scripts and fonts with names that change with what they say; where they are then. */
async function buildAssets(): Promise<Assets> {
  const styles = await readFile(join(root, 'packages/dashboard/src/styles.css'), 'utf8')
  const coloursId = 'virtual:colours.css'
  await build({
    configFile: false,
    root: here,
    base: '/docs/',
    logLevel: 'warn',
    plugins: [
      {
        name: 'colours-of-the-dashboard',
        resolveId: (id) => (id === coloursId ? id : undefined),
        load: (id) => (id === coloursId ? colours(styles) : undefined),
      },
    ],
    build: {
      outDir: join(dist, 'docs'),
      emptyOutDir: true,
      manifest: 'manifest.json',
      assetsInlineLimit: 0,
      modulePreload: false,
      target: 'es2022',
      rollupOptions: { input: { docs: join(here, 'assets/docs.ts'), theme: join(here, 'assets/theme.ts') } },
    },
  })
  // Written by the build just now.
  const manifest = JSON.parse(await readFile(join(dist, 'docs/manifest.json'), 'utf8')) as Record<
    string,
    { file: string; css?: string[] }
  >
  const docs = manifest['assets/docs.ts']
  const theme = manifest['assets/theme.ts']
  if (docs === undefined || theme === undefined)
    throw new Error('the build of the assets has no docs.ts or theme.ts')
  const fonts = Object.values(manifest).filter(({ file }) => /inter-latin-wght/.test(file))
  const at = (file: string): string => `/docs/${file}`
  return {
    styles: (docs.css ?? []).map(at),
    script: at(docs.file),
    theme: at(theme.file),
    fonts: fonts.map(({ file }) => at(file)),
  }
}

async function write(name: string, text: string): Promise<void> {
  const file = join(dist, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

await main()
