/** The guides of docs/: read, put in order, and turned into pages. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Document, renderMarkdown } from './markdown.ts'
import { groups } from './site-map.ts'

export interface Guide extends Document {
  /** Below docs/, without `.md`: `webhooks`, `errors/not_found`. */
  readonly name: string
  readonly path: string
  /** The heading of its group in the navigation; undefined: it is reached by links alone. */
  readonly group: string | undefined
}

/** Those of the navigation first, in its order. Throws for a guide that the navigation doesn't name, and for one that it does but isn't there. */
export async function readGuides(folder: string): Promise<Guide[]> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length).replaceAll('\\', '/'))
    .sort()
  const listed = groups.flatMap(({ title, pages }) => pages.map((name) => ({ name, group: title })))
  for (const { name } of listed)
    if (!names.includes(name)) throw new Error(`site-map.ts names docs/${name}.md, which is not there`)
  const others = names.filter((name) => !listed.some((one) => one.name === name))
  const lost = others.filter((name) => !name.includes('/'))
  if (lost.length > 0)
    throw new Error(`site-map.ts does not name ${lost.map((name) => `docs/${name}.md`).join(', ')}`)
  return Promise.all(
    [...listed, ...others.map((name) => ({ name, group: undefined }))].map(async ({ name, group }) => {
      const document = renderMarkdown(await readFile(join(folder, `${name}.md`), 'utf8'), name)
      return { ...document, name, group, path: `/docs/${name}` }
    }),
  )
}
