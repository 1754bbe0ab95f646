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
    <Tr
      to="/conversations/$id"
      params={{ id }}
      className="max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3"
    >
      <Td isLink className="max-w-0 max-sm:max-w-full">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 sm:flex-nowrap">
          <span
            className={classNames('size-1.5 shrink-0 rounded-full', unread ? 'bg-accent' : 'max-sm:hidden')}
            aria-hidden
          />
          <span
            className={classNames(
              'truncate max-sm:min-w-0 max-sm:flex-1 sm:shrink-0',
              isWithoutCustomer ? 'sm:max-w-full' : 'sm:max-w-56',
              unread && 'font-semibold',
            )}
          >
            {title}
          </span>
          {unread && <span className="sr-only">(unread)</span>}
          {more !== null && (
            <span className="min-w-0 truncate font-normal text-muted max-sm:basis-full sm:flex-1">
              {more}
            </span>
          )}
        </span>
      </Td>
      <Td className="text-muted max-sm:hidden">{channelWords[channel]}</Td>
      <Td className="whitespace-nowrap text-muted max-sm:hidden">{handlerWords[conversation.handled_by]}</Td>
      <Td className="max-sm:col-span-2 max-sm:row-start-2">
        <StatusBadge conversation={conversation} />
      </Td>
      <Td className="text-muted max-sm:text-xs">
        <RelativeTime at={timestamp} />
      </Td>
    </Tr>
  )
}
