/** Rows of conversations, on every page that lists some. */
import type { Conversation } from '@agentclara/sdk'
import { classNames } from '../../ui/class-names.ts'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { StatusBadge } from './status-badge.tsx'
import { channelWords, customerOf, handlerWords } from './words.ts'

interface ConversationTableProps {
  conversations: readonly Conversation[]
  label: string
  /** Where all are of one customer. */
  isWithoutCustomer?: boolean
}

export function ConversationTable({
  conversations,
  label,
  isWithoutCustomer = false,
}: ConversationTableProps) {
  return (
    <Table label={label}>
      <THead>
        <Th className="w-full">{isWithoutCustomer ? 'Conversation' : 'Customer'}</Th>
        <Th>Channel</Th>
        <Th>Handled by</Th>
        <Th>Status</Th>
        <Th>Last message</Th>
      </THead>
      <TBody>
        {conversations.map((conversation) => (
          <Row key={conversation.id} conversation={conversation} isWithoutCustomer={isWithoutCustomer} />
        ))}
      </TBody>
    </Table>
  )
}

interface RowProps {
  conversation: Conversation
  isWithoutCustomer: boolean
}

function Row({ conversation, isWithoutCustomer }: RowProps) {
  const { id, unread, channel, subject, last_message: last, timestamp } = conversation
  const title = isWithoutCustomer ? (subject ?? last ?? 'No message yet') : customerOf(conversation)
  const more = isWithoutCustomer ? (subject === null ? null : last) : (subject ?? last)
  return (
    <Tr to="/conversations/$id" params={{ id }}>
      <Td isLink className="max-w-0 max-sm:max-w-full">
        <span className="flex min-w-0 items-center gap-2">
          <span
            className={classNames('size-1.5 shrink-0 rounded-full', unread ? 'bg-accent' : 'max-sm:hidden')}
            aria-hidden
          />
          <span
            className={classNames(
              'shrink-0 truncate',
              isWithoutCustomer ? 'max-w-full' : 'max-w-56',
              unread && 'font-semibold',
            )}
          >
            {title}
          </span>
          {unread && <span className="sr-only">(unread)</span>}
          {more !== null && <span className="min-w-0 flex-1 truncate font-normal text-muted">{more}</span>}
        </span>
      </Td>
      <Td label="Channel" className="text-muted">
        {channelWords[channel]}
      </Td>
      <Td label="Handled by" className="whitespace-nowrap text-muted">
        {handlerWords[conversation.handled_by]}
      </Td>
      <Td label="Status">
        <StatusBadge conversation={conversation} />
      </Td>
      <Td label="Last message" className="text-muted">
        <RelativeTime at={timestamp} />
      </Td>
    </Tr>
  )
}
