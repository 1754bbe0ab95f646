/** What may be done with a conversation in its state: taking over and giving back in sight, the rest behind. */
import type { Conversation } from '@agentclara/sdk'
import { useNavigate } from '@tanstack/react-router'
import { Bot, Check, CircleX, Hand, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { describeError } from '../../lib/errors.ts'
import { useShortcut } from '../../lib/keyboard.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.ts'
import { useConversationAction, useDeleteConversation } from './mutations.ts'
import { type Action, actionsOf } from './words.ts'

const looks: Record<Action, { label: string; done: string; Icon: typeof Hand; key: string }> = {
  handOff: { label: 'Take over', done: 'You handle it now', Icon: Hand, key: 't' },
  returnToClara: { label: 'Return to Clara', done: 'Clara answers again', Icon: Bot, key: 'b' },
  reopen: { label: 'Reopen', done: 'Reopened', Icon: RotateCcw, key: 'o' },
  resolve: { label: 'Resolve', done: 'Resolved', Icon: Check, key: 'e' },
  close: { label: 'Close', done: 'Closed', Icon: CircleX, key: 'x' },
}

export function ConversationActions({ conversation }: { conversation: Conversation }) {
  const navigate = useNavigate()
  const [isDeleting, setIsDeleting] = useState(false)
  const act = useConversationAction(conversation.id)
  const remove = useDeleteConversation(conversation.id)
  const possible = actionsOf(conversation)
  const run = (action: Action) => {
    act.mutate(action, {
      onSuccess: () => toast.success(looks[action].done),
      onError: (error) => toast.error(describeError(error).sentence),
    })
  }
  return (
    <>
      {possible.map((action) => (
        <ActionShortcut key={action} action={action} onRun={() => run(action)} />
      ))}
      {possible
        .filter((action) => action !== 'close')
        .map((action) => {
          const { label, Icon } = looks[action]
          return (
            <Button
              key={action}
              icon={<Icon size={14} aria-hidden />}
              isBusy={act.isPending && act.variables === action}
              disabled={act.isPending}
              onClick={() => run(action)}
            >
              {label}
            </Button>
          )
        })}
      <Menu
        label="More actions"
        items={[
          ...(possible.includes('close')
            ? [{ label: 'Close', icon: <CircleX size={14} />, shortcut: 'X', onSelect: () => run('close') }]
            : []),
          {
            label: 'Delete…',
            tone: 'danger',
            icon: <Trash2 size={14} />,
            onSelect: () => setIsDeleting(true),
          },
        ]}
      />
      <ConfirmDialog
        isOpen={isDeleting}
        onClose={() => setIsDeleting(false)}
        title="Delete this conversation?"
        confirmLabel="Delete"
        tone="danger"
        onConfirm={async () => {
          await remove.mutateAsync()
          toast.success('Conversation deleted')
          await navigate({ to: '/conversations', search: {} })
        }}
      >
        <p>Its messages go with it, for good. Events that tell of it stay for 30 days.</p>
      </ConfirmDialog>
    </>
  )
}

function ActionShortcut({ action, onRun }: { action: Action; onRun: () => void }) {
  const { label, key } = looks[action]
  useShortcut({ keys: key, label, group: 'This conversation' }, onRun)
  return null
}
