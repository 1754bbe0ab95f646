/** What is to be said of a URL while it is typed: where it leads, and whether webhooks may go there. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, CircleDashed, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { describeError } from '../../lib/errors.ts'
import { classNames } from '../../ui/class-names.ts'
import { Sentence } from '../../ui/sentence.tsx'
import { type UrlCheck, urlCheckQuery } from './queries.ts'

const PAUSE_MS = 350

/** The value as it was when nothing had changed for a while. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

const looks = {
  allowed: { Icon: Check, colour: 'text-success' },
  refused: { Icon: X, colour: 'text-danger' },
  unresolved: { Icon: CircleDashed, colour: 'text-warning' },
}

/** Says nothing before there is something to judge. */
export function UrlVerdict({ url }: { url: string }) {
  const settled = useSettled(url.trim())
  const isWorthwhile = settled.length > 'https://'.length
  const check = useQuery({
    ...urlCheckQuery(settled),
    enabled: isWorthwhile,
    placeholderData: keepPreviousData,
  })
  if (!isWorthwhile || url.trim() === '')
    return <>https, at an address the internet can reach. It is looked up while you type.</>
  if (check.error !== null) return <span className="text-warning">{describeError(check.error).sentence}</span>
  if (check.data === undefined) return <>Looking it up…</>
  return <Verdict check={check.data} isOld={check.isPlaceholderData || settled !== url.trim()} />
}

function Verdict({ check, isOld }: { check: UrlCheck; isOld: boolean }) {
  const { Icon, colour } = looks[check.verdict]
  return (
    <span role="status" className={classNames('flex gap-1.5 transition-opacity', isOld && 'opacity-50')}>
      <Icon size={14} className={classNames('mt-px shrink-0', colour)} aria-hidden />
      <span className="min-w-0">
        <span className={colour}>
          <Sentence text={check.message} />
        </span>
        {check.hint !== null && (
          <span className="block">
            <Sentence text={check.hint} />
          </span>
        )}
        {check.addresses.length > 1 && (
          <span className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5">
            {check.addresses.map(({ address, network }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: addresses inside aren't told, so they may look alike
              <span key={at} className="font-mono">
                {address ?? 'not told'} <span className="font-sans">({network})</span>
              </span>
            ))}
          </span>
        )}
      </span>
    </span>
  )
}
