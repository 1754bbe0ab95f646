/** Code to read and to copy. Of several languages one is shown; the choice is remembered on this browser. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { rememberedTab } from '../lib/remembered.ts'
import { classNames } from './class-names.ts'
import { CopyButton } from './copy-button.tsx'

interface CodeBlockProps {
  code: string
  /** Said to those who don't see it, and used by nothing else: code is shown as it is. */
  language: string
  title?: ReactNode
}

export function CodeBlock({ code, language, title }: CodeBlockProps) {
  return (
    <figure className="overflow-hidden rounded-lg border bg-sunken">
      <figcaption className="flex items-center justify-between gap-2 border-b py-1 pr-1 pl-3 text-xs text-faint">
        <span className="min-w-0 truncate">{title ?? language}</span>
        <CopyButton text={code} label="Copy code" isQuiet />
      </figcaption>
      <Code code={code} label={`Code in ${language}`} />
    </figure>
  )
}

function Code({ code, label }: { code: string; label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-112 overflow-auto px-3 py-2.5"
    >
      <pre className="font-mono text-xs/5 whitespace-pre">
        <code>{code}</code>
      </pre>
    </section>
  )
}

interface CodeTab {
  id: string
  label: string
  language: string
  code: string
}

interface CodeTabsProps {
  tabs: readonly CodeTab[]
  label?: string
  /** What the code does: tells two on one page apart for those who don't see them. */
  purpose?: string
}

export function CodeTabs({ tabs, label = 'Language', purpose }: CodeTabsProps) {
  const remembered = useSyncExternalStore(rememberedTab.subscribe, rememberedTab.get)
  const shown = tabs.find((tab) => tab.id === remembered) ?? tabs[0]
  if (shown === undefined) return null
  return (
    <figure className="overflow-hidden rounded-lg border bg-sunken">
      <figcaption className="flex items-center justify-between gap-2 border-b pr-1 pl-1.5">
        <fieldset className="flex min-w-0 overflow-x-auto">
          <legend className="sr-only">{label}</legend>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              aria-pressed={tab.id === shown.id}
              onClick={() => rememberedTab.set(tab.id)}
              className={classNames(
                'border-b-2 px-2 py-1.5 text-xs whitespace-nowrap focus-visible:-outline-offset-2',
                tab.id === shown.id
                  ? 'border-accent font-medium text-text'
                  : 'border-transparent text-muted hover:text-text',
              )}
            >
              {tab.label}
            </button>
          ))}
        </fieldset>
        <CopyButton text={shown.code} label="Copy code" isQuiet />
      </figcaption>
      <Code
        code={shown.code}
        label={`Code in ${shown.language}${purpose === undefined ? '' : ` that ${purpose}`}`}
      />
    </figure>
  )
}
