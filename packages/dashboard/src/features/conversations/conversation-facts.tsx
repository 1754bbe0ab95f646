/** What is known of a conversation, beside it. */
import type { Conversation } from '@agentclara/sdk'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { channelWords, handlerWords } from './words.ts'

export function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const {
    id,
    customer_id: customerId,
    customer_name: name,
    customer_email: email,
    customer_phone: phone,
  } = conversation
  const metadata = Object.entries(conversation.metadata)
  return (
    <aside aria-label="About this conversation" className="lg:sticky lg:top-28 lg:self-start">
      <dl className="grid gap-4 rounded-lg border bg-surface p-4 text-sm sm:grid-cols-2 lg:grid-cols-1">
        <Fact label="Customer">
          {customerId === null ? (
            <span className="text-muted">The contact was deleted</span>
          ) : (
            <Link
              to="/contacts/$id"
              params={{ id: customerId }}
              className="font-medium text-accent hover:underline"
            >
              {name ?? 'Contact'}
            </Link>
          )}
          {email !== null && <div className="text-muted">{email}</div>}
          {phone !== null && <div className="text-muted tabular">{phone}</div>}
        </Fact>
        <Fact label="Handled by">{handlerWords[conversation.handled_by]}</Fact>
        <Fact label="Channel">{channelWords[conversation.channel]}</Fact>
        <Fact label="Began">
          <RelativeTime at={conversation.created_at} />
        </Fact>
        {conversation.tags.length > 0 && (
          <Fact label="Tags">
            <div className="flex flex-wrap gap-1">
              {conversation.tags.map((tag) => (
                <Link key={tag} to="/conversations" search={{ tag }} className="rounded-sm">
                  <Badge>{tag}</Badge>
                </Link>
              ))}
            </div>
          </Fact>
        )}
        {metadata.map(([field, value]) => (
          <Fact key={field} label={field}>
            {typeof value === 'string' ? (
              value
            ) : (
              <code className="font-mono text-xs">{JSON.stringify(value)}</code>
            )}
          </Fact>
        ))}
        <Fact label="Id">
          <span className="flex items-center gap-1">
            <code className="min-w-0 truncate font-mono text-xs text-muted">{id}</code>
            <CopyButton text={id} label="Copy the conversation’s id" isQuiet />
          </span>
        </Fact>
      </dl>
    </aside>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs wrap-anywhere text-faint">{label}</dt>
      <dd className="mt-0.5 min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}
