/** What was said, in order: the customer on one side, Clara and people on the other, notes apart from both. */
import type { Message } from '@agentclara/sdk'
import { Bot, FileText, StickyNote, UserRound } from 'lucide-react'
import { Fragment } from 'react'
import { clockTime, shortDate } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { classNames } from '../../ui/class-names.ts'
import { isPending } from './mutations.ts'

interface MessageListProps {
  messages: readonly Message[]
  customer: string
}

export function MessageList({ messages, customer }: MessageListProps) {
  const nowMs = useNow()
  let day = ''
  return (
    <ol className="flex flex-col gap-4" aria-label="Messages">
      {messages.map((message) => {
        const date = shortDate(new Date(message.timestamp), nowMs)
        const isNewDay = date !== day
        day = date
        return (
          <Fragment key={message.id}>
            {isNewDay && (
              <li className="flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
                {date}
              </li>
            )}
            <MessageItem message={message} customer={customer} />
          </Fragment>
        )
      })}
    </ol>
  )
}

function MessageItem({ message, customer }: { message: Message; customer: string }) {
  const { sender, visibility, content, timestamp, citations } = message
  const isNote = visibility === 'internal'
  const isOurs = sender !== 'customer'
  const name = isNote
    ? 'Note'
    : sender === 'customer'
      ? customer
      : sender === 'assistant'
        ? 'Clara'
        : 'A person'
  const Icon = isNote ? StickyNote : sender === 'assistant' ? Bot : UserRound
  const at = new Date(timestamp)
  return (
    <li
      className={classNames(
        'flex flex-col gap-1',
        isOurs ? 'items-end' : 'items-start',
        isPending(message) && 'opacity-60',
      )}
    >
      <div className="flex items-center gap-1.5 text-xs text-faint">
        <Icon size={12} aria-hidden />
        <span className="max-w-56 truncate font-medium text-muted">{name}</span>
        <time dateTime={timestamp} className="tabular">
          {isPending(message) ? 'Sending…' : clockTime(at)}
        </time>
      </div>
      <div
        className={classNames(
          'max-w-[min(36rem,88%)] rounded-xl px-3.5 py-2 text-base wrap-anywhere whitespace-pre-wrap',
          isNote
            ? 'border border-dashed border-line-strong bg-warning-soft'
            : sender === 'customer'
              ? 'rounded-tl-sm border bg-surface'
              : sender === 'assistant'
                ? 'rounded-tr-sm bg-accent-soft'
                : 'rounded-tr-sm bg-selected',
        )}
      >
        {content}
      </div>
      {citations.length > 0 && <Citations citations={citations} />}
    </li>
  )
}

/** What Clara's answer rests on: each source by its title, the words that she used of it when opened. */
function Citations({ citations }: { citations: Message['citations'] }) {
  const bySource = Map.groupBy(citations, ({ source_id: id }) => id)
  return (
    <ul className="flex max-w-[min(36rem,88%)] flex-col items-end gap-1" aria-label="Sources">
      {[...bySource].map(([id, quotes]) => (
        <li key={id} className="min-w-0 max-w-full">
          <details className="rounded-md border bg-surface text-xs">
            <summary className="flex list-none items-center gap-1.5 rounded-md px-2 py-1 text-muted hover:text-text [&::-webkit-details-marker]:hidden">
              <FileText size={12} aria-hidden className="shrink-0" />
              <span className="truncate">{quotes[0]?.title}</span>
            </summary>
            <div className="flex flex-col gap-2 border-t px-2.5 py-2 text-sm text-muted">
              {quotes.map(({ start, quote }) => (
                <blockquote key={start} className="border-l-2 border-line-strong pl-2 wrap-anywhere">
                  {quote}
                </blockquote>
              ))}
              {quotes[0]?.url != null && <p className="text-xs wrap-anywhere text-faint">{quotes[0].url}</p>}
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}
