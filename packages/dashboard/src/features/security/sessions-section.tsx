/** Where one is signed in, and signing out there. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { describeError } from '../../lib/errors.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { type Session, sessionsQuery } from './queries.ts'
import { userAgentInWords } from './user-agent.ts'

export function SessionsSection() {
  const queryClient = useQueryClient()
  const sessions = useQuery(sessionsQuery)
  const [isLeavingOthers, setIsLeavingOthers] = useState(false)
  const hasOthers = sessions.data?.some((session) => !session.is_current) === true
  return (
    <Section
      title="Where you are signed in"
      description="A session ends by itself after 30 days without use."
      actions={
        hasOthers && <Button onClick={() => setIsLeavingOthers(true)}>Sign out everywhere else</Button>
      }
    >
      {sessions.isPending && <TableSkeleton columns={3} rows={2} />}
      {sessions.error !== null && <ErrorNotice error={sessions.error} onRetry={() => sessions.refetch()} />}
      {sessions.data !== undefined && <SessionTable sessions={sessions.data} />}
      <ConfirmDialog
        isOpen={isLeavingOthers}
        onClose={() => setIsLeavingOthers(false)}
        title="Sign out everywhere else?"
        confirmLabel="Sign out"
        tone="danger"
        onConfirm={async () => {
          await api.me.sessions.revokeOthers()
          toast.success('Signed out everywhere else')
          await queryClient.invalidateQueries(sessionsQuery)
        }}
      >
        All your other devices must sign in again. This one stays.
      </ConfirmDialog>
    </Section>
  )
}

function SessionTable({ sessions }: { readonly sessions: readonly Session[] }) {
  const queryClient = useQueryClient()
  const revoke = useMutation({
    mutationFn: (id: string) => api.me.sessions.revoke(id),
    onSuccess: () => toast.success('Signed out there'),
    onError: (error) => toast.error(describeError(error).sentence),
    onSettled: () => queryClient.invalidateQueries(sessionsQuery),
  })
  return (
    <Table label="Sessions">
      <THead>
        <Th>Device</Th>
        <Th>Address</Th>
        <Th>Last active</Th>
        <Th>Signed in</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </THead>
      <TBody>
        {sessions.map((session) => {
          const device = userAgentInWords(session.user_agent)
          return (
            <Tr key={session.id}>
              <Td>
                <span className="flex items-center gap-2 font-medium" title={session.user_agent ?? undefined}>
                  {device}
                  {session.is_current && <Badge tone="accent">This device</Badge>}
                </span>
              </Td>
              <Td label="Address">
                <span className="font-mono text-xs wrap-anywhere">{session.ip ?? 'Unknown'}</span>
              </Td>
              <Td label="Last active">
                <RelativeTime at={session.last_active_at} />
              </Td>
              <Td label="Signed in">
                <RelativeTime at={session.created_at} />
              </Td>
              <Td className="text-right max-sm:-ml-2">
                {!session.is_current && (
                  <Button
                    size="sm"
                    variant="ghost"
                    isBusy={revoke.isPending && revoke.variables === session.id}
                    onClick={() => revoke.mutate(session.id)}
                  >
                    Sign out<span className="sr-only"> {device}</span>
                  </Button>
                )}
              </Td>
            </Tr>
          )
        })}
      </TBody>
    </Table>
  )
}
