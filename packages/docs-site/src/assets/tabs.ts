/** Tabs by the pattern of the ARIA Authoring Practices; the language that was chosen is chosen everywhere, and kept. */

const STORED = 'agentclara.language'

export function tabs(): void {
  const lists = [...document.querySelectorAll<HTMLElement>('[role=tablist]')]
  for (const list of lists) {
    list.addEventListener('click', (event) => {
      const tab = (event.target as Element).closest<HTMLElement>('[role=tab]')
      if (tab !== null) choose(tab.dataset.language ?? '', lists, tab)
    })
    list.addEventListener('keydown', (event) => {
      const all = tabsOf(list)
      const at = all.indexOf(document.activeElement as HTMLElement)
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
      if (next === undefined || at === -1) return
      event.preventDefault()
      const tab = all[(next + all.length) % all.length]
      tab?.focus()
      choose(tab?.dataset.language ?? '', lists, tab)
    })
  }
  const stored = localStorage.getItem(STORED)
  if (stored !== null) for (const list of lists) select(list, stored)
}

/** What was pressed stays where it is on the screen while blocks above it change their height. */
function choose(language: string, lists: readonly HTMLElement[], pressed: HTMLElement | undefined): void {
  const before = pressed?.getBoundingClientRect().top ?? 0
  for (const list of lists) select(list, language)
  localStorage.setItem(STORED, language)
  scrollBy(0, (pressed?.getBoundingClientRect().top ?? 0) - before)
}

function select(list: HTMLElement, language: string): void {
  const all = tabsOf(list)
  if (!all.some((tab) => tab.dataset.language === language)) return
  for (const tab of all) {
    const isChosen = tab.dataset.language === language
    tab.setAttribute('aria-selected', String(isChosen))
    tab.tabIndex = isChosen ? 0 : -1
    const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '')
    if (panel !== null) panel.hidden = !isChosen
  }
}

function tabsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role=tab]')]
}
