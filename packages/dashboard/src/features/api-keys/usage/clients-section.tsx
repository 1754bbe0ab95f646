/** Who uses a key: for each of its secrets, every address and program that called with it in the last 30 days. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { number } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { TableSkeleton } from '../../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../../ui/table.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { keyUsageQuery, type SecretUsage } from '../queries.ts'
import { agentName, type Client, clientsOf } from './clients.ts'

export function ClientsSection({ keyId }: { keyId: string }) {
  const usage = useQuery(keyUsageQuery(keyId, '24h'))
  const [areEndedShown, setAreEndedShown] = useState(false)
  const secrets = usage.data?.secrets ?? []
  const ended = secrets.filter(({ status }) => status === 'ended')
  const shown = areEndedShown ? secrets : secrets.filter(({ status }) => status !== 'ended')
  return (
    <Section
      title="Clients"
      description="Every address and program that used this key in the last 30 days, by the secret that it sent."
      actions={
        ended.length > 0 && (
          <Button size="sm" variant="ghost" onClick={() => setAreEndedShown(!areEndedShown)}>
            {areEndedShown ? 'Hide ended secrets' : `Show ended secrets (${ended.length})`}
          </Button>
        )
      }
    >
      {usage.isPending && <TableSkeleton columns={4} rows={3} />}
      {usage.error !== null && usage.data === undefined && (
        <ErrorNotice error={usage.error} onRetry={() => usage.refetch()} />
      )}
      <div className="flex flex-col gap-5">
        {shown.map((secret) => (
          <SecretClients key={secret.created_at} secret={secret} isAlone={secrets.length === 1} />
        ))}
      </div>
    </Section>
  )
}

const SHOWN = 8
const words = { current: 'Current secret', old: 'Old secret', ended: 'Ended secret' } as const

function SecretClients({ secret, isAlone }: { secret: SecretUsage; isAlone: boolean }) {
  const [areAllShown, setAreAllShown] = useState(false)
  const clients = clientsOf(secret.clients)
  const shown = areAllShown ? clients : clients.slice(0, SHOWN)
  return (
    <div className="flex flex-col gap-2">
      {!isAlone && (
        <h3 className="flex flex-wrap items-center gap-2 text-sm">
          <Badge
            tone={secret.status === 'current' ? 'success' : secret.status === 'old' ? 'accent' : 'neutral'}
          >
            {words[secret.status]}
          </Badge>
          <code className="font-mono text-xs text-muted">{secret.hint}</code>
          <span className="text-xs text-faint">
            {secret.ends_at === null ? 'made' : secret.status === 'old' ? 'ends' : 'ended'}{' '}
            <RelativeTime at={secret.ends_at ?? secret.created_at} />
          </span>
        </h3>
      )}
      {clients.length === 0 ? (
        <p className="rounded-lg border border-dashed px-3 py-4 text-center text-sm text-faint">
          {secret.status === 'ended' ? 'Nobody has tried it in 30 days.' : 'Nobody has used it yet.'}
        </p>
      ) : (
        <Table label={`Clients with ${secret.hint}`}>
          <THead>
            <Th>Client</Th>
            <Th>Calls</Th>
            <Th className="text-right">Accepted</Th>
            <Th className="text-right">Refused</Th>
            <Th>Last seen</Th>
          </THead>
          <TBody>
            {shown.map((client) => (
              <ClientRow key={`${client.ip} ${client.userAgent}`} client={client} />
            ))}
          </TBody>
        </Table>
      )}
      {clients.length > SHOWN && !areAllShown && (
        <div>
          <Button size="sm" variant="ghost" onClick={() => setAreAllShown(true)}>
            Show all {clients.length}
          </Button>
        </div>
      )}
      {secret.has_more_clients && areAllShown && (
        <p className="text-xs text-faint">Only the latest are listed.</p>
      )}
    </div>
  )
}

function ClientRow({ client }: { client: Client }) {
  const [first, ...more] = client.endpoints
  return (
    <Tr>
      <Td className="sm:max-w-56">
        <div className="min-w-0">
          <div className="truncate font-medium" title={client.userAgent}>
            {agentName(client.userAgent)}
          </div>
          <div className="font-mono text-xs text-faint">{client.ip}</div>
        </div>
      </Td>
      <Td label="Calls" className="sm:max-w-72">
        <div className="min-w-0 font-mono text-xs">
          <div className="truncate" title={first?.endpoint}>
            {first?.endpoint}
          </div>
          {more.length > 0 && (
            <details>
              <summary className="rounded-sm font-sans text-faint hover:text-text">
                and {more.length} more
              </summary>
              <ul>
                {more.map(({ endpoint }) => (
                  <li key={endpoint} className="truncate" title={endpoint}>
                    {endpoint}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </Td>
      <Td label="Accepted" className="tabular sm:text-right">
        {number(client.requests)}
      </Td>
      <Td label="Refused" className="tabular sm:text-right">
        <span className={client.refused === 0 ? 'text-faint' : 'text-danger'}>{number(client.refused)}</span>
      </Td>
      <Td label="Last seen">
        <RelativeTime at={client.lastSeen} />
      </Td>
    </Tr>
  )
}
