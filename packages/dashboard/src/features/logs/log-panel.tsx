/** One request: what was asked and answered, by whom, how long it took, what it changed, and the command that repeats it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowUpRight, ChevronDown, ChevronUp } from 'lucide-react'
import { duration } from '../../lib/format.ts'
import { idsIn, linkOfId, nounOfId } from '../../lib/resource-link.ts'
import { IconButton, LinkButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { callerOf } from './caller.ts'
import { curlOf } from './curl.ts'
import { Body, Side } from './log-side.tsx'
import { type RequestLogDetail, requestLogQuery } from './queries.ts'
import { StatusCode } from './status-code.tsx'

interface LogPanelProps {
  id: string
  keyNames: ReadonlyMap<string, string>
  onClose: () => void
  /** To the next one in the list, or the one before. */
  onStep: (by: 1 | -1) => void
  canStep: { back: boolean; on: boolean }
}

export function LogPanel({ id, keyNames, onClose, onStep, canStep }: LogPanelProps) {
  const { data: log, error, refetch, isPending } = useQuery(requestLogQuery(id))
  return (
    <SidePanel
      isOpen
      onClose={onClose}
      onKey={(key) => {
        if (key === 'j' && canStep.on) onStep(1)
        if (key === 'k' && canStep.back) onStep(-1)
      }}
      title={
        log === undefined ? (
          'Request'
        ) : (
          <span className="flex min-w-0 items-center gap-2">
            <StatusCode status={log.status} />
            <span className="min-w-0 truncate font-mono text-sm">
              {log.method} {log.path.split('?')[0]}
            </span>
          </span>
        )
      }
      actions={
        <>
          <IconButton
            label="Previous request"
            size="sm"
            icon={<ChevronUp size={16} aria-hidden />}
            disabled={!canStep.back}
            onClick={() => onStep(-1)}
          />
          <IconButton
            label="Next request"
            size="sm"
            icon={<ChevronDown size={16} aria-hidden />}
            disabled={!canStep.on}
            onClick={() => onStep(1)}
          />
        </>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => refetch()} />}
      {isPending && <Skeleton className="h-64 w-full" />}
      {log !== undefined && <Details log={log} keyNames={keyNames} />}
    </SidePanel>
  )
}

function Details({ log, keyNames }: { log: RequestLogDetail; keyNames: ReadonlyMap<string, string> }) {
  const curl = curlOf(log, globalThis.location.origin)
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-3">
        <Fact label="When">
          <RelativeTime at={log.created_at} />
        </Fact>
        <Fact label="Took">
          <span title="From the request’s headers to the beginning of the answer">
            {duration(log.duration_ms)}
          </span>
        </Fact>
        <Fact label="By">
          {log.api_key_id === null ? (
            callerOf(log, keyNames)
          ) : (
            <Link
              to="/settings/advanced/api-keys/$id"
              params={{ id: log.api_key_id }}
              className="text-accent hover:underline"
            >
              {callerOf(log, keyNames)}
            </Link>
          )}
        </Fact>
        {log.secret_hint !== null && (
          <Fact label="Secret">
            <code className="font-mono text-xs">{log.secret_hint}</code>
          </Fact>
        )}
        {log.client_token_id !== null && <Fact label="Client token">…{log.client_token_id.slice(-8)}</Fact>}
        <Fact label="From">{log.ip}</Fact>
        <Fact label="User agent">
          <span title={log.user_agent}>{log.user_agent === '' ? 'None' : log.user_agent}</span>
        </Fact>
        {log.idempotency_key !== null && (
          <Fact label="Idempotency key">
            <code className="font-mono text-xs" title={log.idempotency_key}>
              {log.idempotency_key}
            </code>
          </Fact>
        )}
        <Fact label="Id">
          <span className="flex items-center gap-1">
            <code className="truncate font-mono text-xs">{log.id}</code>
            <CopyButton text={log.id} label="Copy id" isQuiet />
          </span>
        </Fact>
      </dl>
      {log.idempotent_replayed && (
        <Notice>
          Its Idempotency-Key had been used: the first answer was given again, and nothing was done twice.
        </Notice>
      )}
      {log.code !== null && (
        <Notice tone="warning" title={<code className="font-mono text-xs">{log.code}</code>}>
          <a href={`/docs/errors/${log.code}`} target="_blank" rel="noreferrer">
            What it means, and what mends it
          </a>
        </Notice>
      )}
      <Related log={log} />
      <div className="flex flex-wrap items-center gap-2">
        <CopyButton text={curl} label="Copy as cURL" />
        <span className="text-xs text-faint">
          With <code className="font-mono">$AGENTCLARA_API_KEY</code> in place of the secret.
        </span>
      </div>
      {log.bodies_withheld !== null && (
        <Notice>
          The bodies are for who holds <code className="font-mono text-xs">{log.bodies_withheld}</code>.
        </Notice>
      )}
      <Side title="Request" headers={log.request_headers} path={log.path}>
        <Body
          title="Request body"
          body={log.request_body}
          size={log.request_bytes}
          isCut={log.request_body_truncated}
          isWithheld={log.bodies_withheld !== null}
        />
      </Side>
      <Side title="Response" headers={log.response_headers}>
        <Body
          title="Response body"
          body={log.response_body}
          size={log.response_bytes}
          isCut={log.response_body_truncated}
          isWithheld={log.bodies_withheld !== null}
        />
      </Side>
    </>
  )
}

const SHOWN = 4

/** The things that it was about, by the ids in its path and its answer. */
function Related({ log }: { log: RequestLogDetail }) {
  const inPath = idsIn(log.path)
  // A list's answer is full of ids that it wasn't about.
  const isAboutOne = log.method !== 'GET' && log.status < 300
  const ids = [...new Set([...inPath, ...(isAboutOne ? idsIn(log.response_body ?? '') : [])])].slice(0, SHOWN)
  if (ids.length === 0) return null
  return (
    <section aria-label="What it was about" className="flex flex-wrap gap-2">
      {ids.map((id) => {
        const link = linkOfId(id)
        return (
          link !== undefined && (
            <LinkButton key={id} {...link} size="sm" icon={<ArrowUpRight size={13} aria-hidden />}>
              Open the {nounOfId(id)}
            </LinkButton>
          )
        )
      })}
    </section>
  )
}
