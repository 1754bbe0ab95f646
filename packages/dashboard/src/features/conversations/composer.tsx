/** Where a person writes: to the customer, or a note for the team. What was typed stays until it was sent. */
import type { Conversation } from '@agentclara/sdk'
import { Send } from 'lucide-react'
import { useId, useState } from 'react'
import { shownKeys } from '../../lib/keyboard.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { type Draft, useSendMessage } from './mutations.ts'

const kinds = [
  { value: 'public', label: 'Reply' },
  { value: 'internal', label: 'Note' },
] as const

const MAX_LENGTH = 20_000

export function Composer({ conversation }: { conversation: Conversation }) {
  const hintId = useId()
  const [visibility, setVisibility] = useState<Draft['visibility']>('public')
  const [content, setContent] = useState('')
  const send = useSendMessage(conversation.id)
  const isEmpty = content.trim() === ''
  const submit = () => {
    if (isEmpty || send.isPending) return
    setContent('')
    // What could not be sent comes back, unless something else was typed meanwhile.
    send.mutate(
      { content, visibility },
      { onError: () => setContent((typed) => (typed === '' ? content : typed)) },
    )
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {send.isError && <ErrorNotice error={send.error} />}
      <div className="rounded-lg border border-control bg-surface">
        <textarea
          aria-label={visibility === 'public' ? 'Reply to the customer' : 'Note for the team'}
          aria-describedby={hintId}
          rows={3}
          maxLength={MAX_LENGTH}
          value={content}
          placeholder={
            visibility === 'public' ? 'Write to the customer…' : 'Write a note that only your team sees…'
          }
          onChange={(event) => setContent(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
            event.preventDefault()
            submit()
          }}
          className="block w-full resize-y bg-transparent rounded-t-lg px-3 py-2.5 text-base"
        />
        <div className="flex flex-wrap items-center justify-between gap-2 border-t p-1.5">
          <Segmented label="Kind of message" value={visibility} onChange={setVisibility} options={kinds} />
          <Button
            type="submit"
            variant="primary"
            size="sm"
            disabled={isEmpty}
            icon={<Send size={13} aria-hidden />}
            title={`${shownKeys('mod').join('')} Enter`}
          >
            {visibility === 'public' ? 'Send' : 'Add note'}
          </Button>
        </div>
      </div>
      <p id={hintId} className="text-xs text-faint">
        {hintOf(conversation, visibility)}
      </p>
    </form>
  )
}

function hintOf({ handled_by: handler, status }: Conversation, visibility: Draft['visibility']): string {
  if (visibility === 'internal') return 'The customer never sees notes, and Clara goes on as before.'
  if (handler === 'clara')
    return 'When you reply, you take over: Clara writes no more until you return the conversation to her.'
  if (status === 'resolved' || status === 'closed')
    return 'The conversation stays as it is; the customer’s next message opens it again.'
  return 'You handle this conversation; Clara does not write in it.'
}
