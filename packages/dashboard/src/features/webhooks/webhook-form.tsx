/** The fields of a webhook, for making and for changing one. */
import { Plus, X } from 'lucide-react'
import { errorAt } from '../../lib/errors.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { EventTree } from '../events/event-tree.tsx'
import { UrlVerdict } from './url-verdict.tsx'
import type { Draft, DraftHeader } from './webhook-draft.ts'

interface WebhookFormProps {
  draft: Draft
  onChange: (draft: Draft) => void
  /** By the field's name on the wire. */
  problems: Partial<Record<string, string>>
  error: unknown
  /** Of a webhook that has some: their values aren't known, so they are kept or all replaced. */
  headers: { keptNames: readonly string[]; isReplacing: boolean; onReplace: () => void } | null
}

export function WebhookForm({ draft, onChange, problems, error, headers }: WebhookFormProps) {
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  const problemAt = (name: string) => problems[name] ?? errorAt(error, name)
  const eventsProblem = problemAt('events')
  return (
    <>
      <Field label="URL" hint={<UrlVerdict url={draft.url} />} error={problemAt('url')}>
        <TextInput
          type="url"
          inputMode="url"
          autoFocus
          spellCheck={false}
          autoComplete="off"
          placeholder="https://example.com/hooks"
          className="font-mono"
          value={draft.url}
          onChange={(event) => set({ url: event.target.value })}
        />
      </Field>

      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="text-sm font-medium">Events</span>
          <Segmented
            label="Which events"
            value={draft.isToldOfAll ? 'all' : 'some'}
            onChange={(value) => set({ isToldOfAll: value === 'all' })}
            options={[
              { value: 'some', label: 'Chosen' },
              { value: 'all', label: 'All, and new ones' },
            ]}
          />
        </div>
        {draft.isToldOfAll ? (
          <p className="text-xs text-faint">
            It is told of everything that happens here, also of kinds of events that come with later versions.
          </p>
        ) : (
          <EventTree label="Events" chosen={draft.events} onChange={(events) => set({ events })} />
        )}
        {eventsProblem !== undefined && (
          <p role="alert" className="text-xs text-danger">
            {eventsProblem}
          </p>
        )}
      </div>

      <Field label="Description" isOptional error={problemAt('description')}>
        <TextInput
          maxLength={500}
          placeholder="What it is for"
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>

      <details className="group rounded-md border" open={hasMore(draft) || undefined}>
        <summary className="rounded-md px-3 py-2 text-sm font-medium text-muted select-none hover:text-text">
          Headers, pace, notices
        </summary>
        <div className="flex flex-col gap-4 border-t px-3 py-3">
          {headers !== null && headers.keptNames.length > 0 && !headers.isReplacing ? (
            <div className="text-sm">
              <p className="font-medium">Headers</p>
              <p className="mt-1 text-muted">
                Sent along: <span className="font-mono text-xs">{headers.keptNames.join(', ')}</span>. Their
                values are sealed and not shown again.
              </p>
              <Button size="sm" className="mt-2" onClick={headers.onReplace}>
                Replace headers
              </Button>
            </div>
          ) : (
            <HeaderRows
              rows={draft.headers}
              onChange={(rows) => set({ headers: rows })}
              error={headerProblem(error) ?? problemAt('headers')}
            />
          )}
          <Field
            label="Requests a second, at most"
            isOptional
            hint="Nothing: as fast as your server answers."
            error={problemAt('max_per_second')}
          >
            <TextInput
              inputMode="numeric"
              className="max-w-32"
              value={draft.maxPerSecond}
              onChange={(event) => set({ maxPerSecond: event.target.value })}
            />
          </Field>
          <Field
            label="Who is told when it is disabled"
            isOptional
            hint="An e-mail address. Nothing: who runs this server."
            error={problemAt('notify_email')}
          >
            <TextInput
              type="email"
              autoComplete="off"
              maxLength={254}
              value={draft.notifyEmail}
              onChange={(event) => set({ notifyEmail: event.target.value })}
            />
          </Field>
        </div>
      </details>
    </>
  )
}

function hasMore({ headers, maxPerSecond, notifyEmail }: Draft): boolean {
  return headers.length > 0 || maxPerSecond !== '' || notifyEmail !== ''
}

/** An error about one of them names it: `headers.Authorization`. */
function headerProblem(error: unknown): string | undefined {
  const param = typeof error === 'object' && error !== null && 'param' in error ? String(error.param) : ''
  return param.startsWith('headers.') ? errorAt(error, param) : undefined
}

interface HeaderRowsProps {
  rows: readonly DraftHeader[]
  onChange: (rows: DraftHeader[]) => void
  error: string | undefined
}

function HeaderRows({ rows, onChange, error }: HeaderRowsProps) {
  const change = (id: number, fields: Partial<DraftHeader>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...fields } : row)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">
        Headers<span className="font-normal text-faint"> (optional)</span>
      </legend>
      {rows.map((row, at) => (
        <div key={row.id} className="flex items-center gap-2">
          <TextInput
            aria-label={`Name of header ${at + 1}`}
            placeholder="Authorization"
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            value={row.name}
            onChange={(event) => change(row.id, { name: event.target.value })}
          />
          <TextInput
            aria-label={`Value of header ${at + 1}`}
            placeholder="Value"
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            value={row.value}
            onChange={(event) => change(row.id, { value: event.target.value })}
          />
          <IconButton
            label={`Remove header ${at + 1}`}
            size="sm"
            icon={<X size={14} aria-hidden />}
            onClick={() => onChange(rows.filter((one) => one.id !== row.id))}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus size={14} aria-hidden />}
          disabled={rows.length >= 20}
          onClick={() => onChange([...rows, { id: (rows.at(-1)?.id ?? 0) + 1, name: '', value: '' }])}
        >
          Add a header
        </Button>
      </div>
      <p className="text-xs text-faint">
        Sent with each request, for example a token that your server asks for.
      </p>
      {error !== undefined && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  )
}
