/** The navigation of small screens, and the choice of light or dark. */

const STORED = 'agentclara.theme'
const CHOICES = ['system', 'light', 'dark'] as const

export function menu(): void {
  const button = document.querySelector<HTMLButtonElement>('button.menu')
  const set = (isOpen: boolean): void => {
    document.body.classList.toggle('menu-open', isOpen)
    button?.setAttribute('aria-expanded', String(isOpen))
  }
  button?.addEventListener('click', () => set(button.getAttribute('aria-expanded') !== 'true'))
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.body.classList.contains('menu-open')) {
      set(false)
      button?.focus()
    }
  })
  document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest' })
}

export function themeButton(): void {
  const button = document.querySelector<HTMLButtonElement>('button.theme')
  if (button === null) return
  const show = (): void => {
    button.textContent = `Theme: ${localStorage.getItem(STORED) ?? 'system'}`
  }
  button.hidden = false
  show()
  button.addEventListener('click', () => {
    const at = CHOICES.indexOf((localStorage.getItem(STORED) ?? 'system') as (typeof CHOICES)[number])
    const next = CHOICES[(at + 1) % CHOICES.length] ?? 'system'
    if (next === 'system') {
      localStorage.removeItem(STORED)
      document.documentElement.removeAttribute('data-theme')
    } else {
      localStorage.setItem(STORED, next)
      document.documentElement.dataset.theme = next
    }
    show()
  })
}
