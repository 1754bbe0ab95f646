/** What the search of the pages looks through: one entry for each heading. */

import type { Guide } from './guides.ts'
import type { Html } from './html.ts'
import type { Page } from './layout.ts'

/** Of a page's text so much is looked through under each heading. */
const MAX_TEXT = 600

export interface SearchEntry {
  /** Page and anchor. */
  readonly href: string
  readonly page: string
  /** Empty: the page's own beginning. */
  readonly heading: string
  readonly text: string
}

export function searchIndex(guides: readonly Guide[], reference: readonly Page[]): SearchEntry[] {
  const ofGuides = guides
    .filter(({ name }) => !name.startsWith('adr/'))
    .flatMap(({ path, title, sections }) =>
      sections.map(
        (section): SearchEntry => ({
          href: section.id === '' ? path : `${path}#${section.id}`,
          page: title,
          heading: section.title,
          text: section.text.trim().slice(0, MAX_TEXT),
        }),
      ),
    )
  const ofReference = reference.flatMap(({ path, title, headings }) =>
    headings.map(
      ({ id, text }): SearchEntry => ({
        href: `${path}#${id}`,
        page: `API: ${title}`,
        heading: text,
        text: '',
      }),
    ),
  )
  return [...ofGuides, ...ofReference]
}

/** Every id on a page that a link may name. */
export function idsOf(body: Html): Set<string> {
  return new Set([...body.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? ''))
}
