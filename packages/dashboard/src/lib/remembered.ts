/** Small choices that this browser remembers. Where storage is refused (private windows), they last as long as the page. */

export interface Remembered {
  get: () => string | null
  set: (value: string | null) => void
  subscribe: (onChange: () => void) => () => void
}

/** `scope` tab: each tab keeps its own, and a new tab begins with the latest of any. */
export function remembered(
  key: string,
  { scope = 'browser' }: { scope?: 'browser' | 'tab' } = {},
): Remembered {
  const name = `agentclara.${key}`
  const listeners = new Set<() => void>()
  const read = () => {
    try {
      return (scope === 'tab' ? sessionStorage.getItem(name) : null) ?? localStorage.getItem(name)
    } catch {
      return null
    }
  }
  const write = (value: string | null) => {
    try {
      for (const storage of scope === 'tab' ? [sessionStorage, localStorage] : [localStorage]) {
        if (value === null) storage.removeItem(name)
        else storage.setItem(name, value)
      }
    } catch {
      // It is remembered for as long as the page is open.
    }
  }
  let current = read()
  // What a tab began with stays its own, whatever others choose later.
  if (scope === 'tab' && current !== null) write(current)
  return {
    get: () => current,
    set: (value) => {
      if (value === current) return
      current = value
      write(value)
      for (const listener of listeners) listener()
    },
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}

/** The language in which code is shown. */
export const rememberedTab = remembered('code-tab')
