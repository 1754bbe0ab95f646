/** Why an event was delivered to a webhook, or wasn't, step by step. */
import { Check, X } from 'lucide-react'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import type { Explanation } from './queries.ts'

const verdicts: Record<Explanation['verdict'], { word: string; tone: Tone }> = {
  delivered: { word: 'Delivered', tone: 'success' },
  waiting: { word: 'Waiting', tone: 'warning' },
  failed: { word: 'Failed', tone: 'danger' },
  not_wanted: { word: 'Not wanted', tone: 'neutral' },
  not_sent: { word: 'Not sent', tone: 'warning' },
}

export function VerdictBadge({ verdict }: { verdict: Explanation['verdict'] }) {
  const { word, tone } = verdicts[verdict]
  return <Badge tone={tone}>{word}</Badge>
}

export function ExplanationSteps({ steps }: { steps: Explanation['steps'] }) {
  return (
    <ol className="flex flex-col">
      {steps.map(({ ok, sentence }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
        <li key={at} className="group relative flex gap-3 pb-3 last:pb-0">
          <span className="absolute top-5 bottom-0 left-2.25 w-px bg-line group-last:hidden" aria-hidden />
          <span
            className={`mt-0.5 flex size-4.5 shrink-0 items-center justify-center rounded-full ${ok ? 'bg-success-soft text-success' : 'bg-danger-soft text-danger'}`}
          >
            {ok ? <Check size={12} aria-hidden /> : <X size={12} aria-hidden />}
            <span className="sr-only">{ok ? 'Yes: ' : 'No: '}</span>
          </span>
          <span className="min-w-0 text-sm wrap-anywhere text-muted">
            <Sentence text={sentence} />
          </span>
        </li>
      ))}
    </ol>
  )
}
