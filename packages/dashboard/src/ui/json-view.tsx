/** JSON to read: indented, quietly coloured, with the ids in it as links to their pages. Shows any other text as it is. */
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { linkOfId } from '../lib/resource-link.ts'
import { CopyButton } from './copy-button.tsx'
import { type JsonToken, jsonTokens, prettyJson } from './json-tokens.ts'

interface JsonViewProps {
  /** As it went over the wire, or a value of it. */
  value: unknown
  title: string
  /** Stands beside the title: its size, that it was cut. */
  note?: ReactNode
}

const colours: Record<JsonToken['kind'], string | undefined> = {
  name: 'text-muted',
  text: 'text-success',
  value: 'text-accent',
  rest: 'text-faint',
}

export function JsonView({ value, title, note }: JsonViewProps) {
  const text = useMemo(
    () => (typeof value === 'string' ? prettyJson(value) : JSON.stringify(value, null, 2)),
    [value],
  )
  const tokens = useMemo(() => jsonTokens(text), [text])
  return (
    <figure className="min-w-0 overflow-hidden rounded-lg border bg-sunken">
      <figcaption className="flex min-h-8 items-center gap-2 border-b py-1 pr-1 pl-3 text-xs text-faint">
        <span className="font-medium text-muted">{title}</span>
        <span className="min-w-0 flex-1 truncate">{note}</span>
        <CopyButton text={text} label={`Copy ${title.toLowerCase()}`} isQuiet />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={title} className="max-h-96 overflow-auto px-3 py-2.5">
        <pre className="font-mono text-xs/5 wrap-anywhere whitespace-pre-wrap">
          <code>
            {tokens.map((token) => (
              <Token key={token.at} token={token} />
            ))}
          </code>
        </pre>
      </section>
    </figure>
  )
}

function Token({ token }: { token: JsonToken }) {
  const link = token.kind === 'text' ? linkOfId(token.text.slice(1, -1)) : undefined
  if (link === undefined) return <span className={colours[token.kind]}>{token.text}</span>
  return (
    <Link
      {...link}
      className="rounded-sm text-success underline decoration-dotted underline-offset-2 hover:decoration-solid"
    >
      {token.text}
    </Link>
  )
}
