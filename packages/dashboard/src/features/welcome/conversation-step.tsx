/** A customer's question, and Clara's answer with what it rests on. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { can, useMe } from '../../lib/session.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { CodeTabs } from '../../ui/code-block.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { type Answer, askClara } from './ask-clara.ts'
import { conversationSnippets, EXAMPLE_QUESTION } from './conversation-snippets.ts'
import { hasConversationQuery } from './queries.ts'
import { Step } from './step.tsx'

export function ConversationStep({ secret }: { readonly secret: string | undefined }) {
  const me = useMe()
  const queryClient = useQueryClient()
  const hasConversation = useQuery(hasConversationQuery).data === true
  const ask = useMutation({
    mutationFn: askClara,
    onSuccess: () => queryClient.setQueryData(hasConversationQuery.queryKey, true),
  })
  const mayAsk = can(me, 'conversations:write') && can(me, 'knowledge:write')
  return (
    <Step
      number={2}
      title="Send Clara a message"
      isDone={hasConversation}
      description="A customer writes, Clara answers from what your business taught her, and shows the words that her answer rests on. If she knows nothing yet, the button teaches her your opening hours on Saturdays as an example."
    >
      {mayAsk && (
        <div>
          <Button isBusy={ask.isPending} onClick={() => ask.mutate()}>
            Ask “{EXAMPLE_QUESTION}”
          </Button>
        </div>
      )}
      {ask.error !== null && <ErrorNotice error={ask.error} />}
      {ask.data !== undefined && <AnswerShown answer={ask.data} />}
      <p className="text-sm text-muted">The same from your own code:</p>
      <CodeTabs
        purpose="asks Clara"
        tabs={conversationSnippets(`${globalThis.location.origin}/v1`, secret)}
      />
    </Step>
  )
}

function AnswerShown({ answer }: { readonly answer: Answer }) {
  return (
    <div role="status" className="flex flex-col gap-3 rounded-lg border bg-surface p-4 text-sm">
      <Line who="Customer">{EXAMPLE_QUESTION}</Line>
      <Line who="Clara">{answer.text ?? 'She is still writing. The conversation shows her answer.'}</Line>
      {answer.citations.map(({ title, quote }) => (
        <blockquote
          key={`${title}:${quote}`}
          className="ml-20 border-l-2 border-accent pl-3 text-muted max-sm:ml-0"
        >
          “{quote}”<footer className="mt-0.5 text-xs text-faint">from {title}</footer>
        </blockquote>
      ))}
      <div className="border-t pt-3">
        <LinkButton size="sm" to="/conversations/$id" params={{ id: answer.conversationId }}>
          Open the conversation
        </LinkButton>
      </div>
    </div>
  )
}

function Line({ who, children }: { readonly who: string; readonly children: string }) {
  return (
    <p className="grid gap-x-4 sm:grid-cols-[4rem_1fr]">
      <span className="text-faint">{who}</span>
      <span>{children}</span>
    </p>
  )
}
