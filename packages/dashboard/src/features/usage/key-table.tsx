/** How each key was used, the busiest first. */
import { Link } from '@tanstack/react-router'
import { number, percent } from '../../lib/format.ts'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import type { KeyUsage } from './queries.ts'

const BAR = 64

export function KeyTable({ keys, total }: { keys: readonly KeyUsage[]; total: number }) {
  return (
    <Table label="Requests by key">
      <THead>
        <Th>Key</Th>
        <Th className="text-right">Requests</Th>
        <Th>Share</Th>
        <Th className="text-right">Succeeded</Th>
        <Th className="text-right">Refused</Th>
        <Th className="text-right">Rate limited</Th>
        <Th className="text-right">Errors</Th>
        <Th>
          <span className="sr-only">Logs</span>
        </Th>
      </THead>
      <TBody>
        {keys.map((key) => (
          <Tr key={key.api_key_id} to="/settings/advanced/api-keys/$id" params={{ id: key.api_key_id }}>
            <Td isLink>{key.name}</Td>
            <Td label="Requests" className="tabular sm:text-right">
              {number(key.requests)}
            </Td>
            <Td label="Share">
              <Share share={total === 0 ? 0 : key.requests / total} />
            </Td>
            <Td label="Succeeded" className="tabular sm:text-right">
              {key.requests === 0 ? '–' : percent(key.succeeded / key.requests)}
            </Td>
            <Td label="Refused" className="tabular sm:text-right">
              <Count value={key.refused} />
            </Td>
            <Td label="Rate limited" className="tabular sm:text-right">
              <Count value={key.rate_limited} />
            </Td>
            <Td label="Errors" className="tabular sm:text-right">
              <Count value={key.client_errors + key.server_errors} />
            </Td>
            <Td isAbove className="sm:text-right">
              <Link
                to="/settings/advanced/logs"
                search={{ api_key_id: key.api_key_id }}
                aria-label={`Logs of ${key.name}`}
                className="text-accent underline-offset-2 hover:underline"
              >
                Logs
              </Link>
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}

function Count({ value }: { value: number }) {
  return <span className={value === 0 ? 'text-faint' : undefined}>{number(value)}</span>
}

function Share({ share }: { share: number }) {
  return (
    <span className="flex items-center gap-2">
      <svg width={BAR} height="6" aria-hidden="true" className="shrink-0">
        <rect width={BAR} height="6" rx="3" className="fill-hover" />
        <rect width={Math.max(2, share * BAR)} height="6" rx="3" className="fill-accent" />
      </svg>
      <span className="tabular text-muted">{percent(share)}</span>
    </span>
  )
}
