/** Search over the headings and texts of all pages, in the browser: `/` begins it, arrows and Enter go. */

import type { SearchEntry } from '../search-index.ts'
import { rank } from './rank.ts'

const MAX_FOUND = 8

export function search(): void {
  const input = document.querySelector<HTMLInputElement>('#search')
  const list = document.querySelector<HTMLElement>('#results')
  if (input === null || list === null) return
  let entries: Promise<SearchEntry[]> | undefined
  const load = (): Promise<SearchEntry[]> => {
    entries ??= fetch('/docs/search.json').then((response) => response.json() as Promise<SearchEntry[]>)
    return entries
  }
  let at = -1
  const options = (): HTMLAnchorElement[] => [...list.querySelectorAll('a')]
  const mark = (index: number): void => {
    at = index
    for (const [each, option] of options().entries())
      option.setAttribute('aria-selected', String(each === at))
    const current = options()[at]
    if (current === undefined) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', current.id)
    current?.scrollIntoView({ block: 'nearest' })
  }
  const close = (): void => {
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    mark(-1)
  }
  input.addEventListener('focus', () => void load())
  input.addEventListener('input', async () => {
    const query = input.value
    const found = rank(await load(), query).slice(0, MAX_FOUND)
    if (query !== input.value) return
    if (query.trim() === '') return close()
    list.replaceChildren(...(found.length === 0 ? [nothing(query)] : found.map(option)))
    list.hidden = false
    input.setAttribute('aria-expanded', 'true')
    mark(found.length === 0 ? -1 : 0)
  })
  input.addEventListener('keydown', (event) => {
    const count = options().length
    if (event.key === 'ArrowDown' && count > 0) mark((at + 1) % count)
    else if (event.key === 'ArrowUp' && count > 0) mark((at - 1 + count) % count)
    else if (event.key === 'Enter') options()[at]?.click()
    else if (event.key === 'Escape') {
      close()
      input.blur()
    } else return
    event.preventDefault()
  })
  input.addEventListener('blur', () => setTimeout(close, 150))
  document.addEventListener('keydown', (event) => {
    const isTyping = (event.target as Element).closest('input, textarea, select') !== null
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    input.focus()
  })
}

function option({ href, page, heading }: SearchEntry, index: number): HTMLElement {
  const link = document.createElement('a')
  link.id = `result-${index}`
  link.href = href
  link.tabIndex = -1
  link.setAttribute('role', 'option')
  const name = document.createElement('strong')
  name.textContent = heading === '' ? page : heading
  const where = document.createElement('span')
  where.textContent = heading === '' ? '' : page
  link.append(name, where)
  return link
}

function nothing(query: string): HTMLElement {
  const text = document.createElement('p')
  text.textContent = `Nothing about “${query}”`
  return text
}
