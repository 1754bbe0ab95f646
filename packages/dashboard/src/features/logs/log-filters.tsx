/** What the list of requests is narrowed by; each choice is in the page's address. */
import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, SearchInput, Select, TextInput } from '../../ui/field.tsx'
import { type LogFilter, methods, type Range, toIso, toLocal } from './log-filter.ts'

const statuses = [
  { value: '', label: 'Any status' },
  { value: '2xx', label: '2xx succeeded' },
  { value: '4xx', label: '4xx failed' },
  { value: '5xx', label: '5xx server errors' },
  ...[
    ['400', 'invalid'],
    ['401', 'not authenticated'],
    ['403', 'not permitted'],
    ['404', 'not found'],
    ['409', 'conflict'],
    ['422', 'key used again'],
    ['429', 'rate limited'],
    ['500', 'internal'],
    ['503', 'unavailable'],
  ].map(([value = '', word]) => ({ value, label: `${value} ${word}` })),
]

const ranges: { value: Range | '' | 'own'; label: string }[] = [
  { value: '', label: 'Any time' },
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: 'own', label: 'From … to …' },
]

interface LogFiltersProps {
  filter: LogFilter
  onChange: (filter: LogFilter) => void
  /** By id; empty while they aren't known, or may not be. */
  keyNames: ReadonlyMap<string, string>
}

export function LogFilters({ filter, onChange, keyNames }: LogFiltersProps) {
  const set = <K extends keyof LogFilter>(name: K, value: LogFilter[K] | '') => {
    const { [name]: _before, ...rest } = filter
    onChange((value === '' || value === undefined ? rest : { ...rest, [name]: value }) as LogFilter) // K with its value
  }
  const [isOwnRange, setIsOwnRange] = useState(filter.since !== undefined || filter.until !== undefined)
  const setRange = (value: Range | '' | 'own') => {
    const { range: _range, since: _since, until: _until, ...rest } = filter
    setIsOwnRange(value === 'own')
    onChange(value === '' || value === 'own' ? rest : { ...rest, range: value })
  }
  const keys = [...keyNames].map(([value, label]) => ({ value, label }))
  // One that is not in the list can still be asked for.
  if (filter.api_key_id !== undefined && !keyNames.has(filter.api_key_id))
    keys.unshift({ value: filter.api_key_id, label: filter.api_key_id })
  return (
    <div className="mb-3 flex flex-wrap items-end gap-2">
      <Select<string>
        aria-label="Status"
        className="w-36 max-sm:w-[calc(50%-0.25rem)]"
        value={filter.status ?? ''}
        onChange={(value) => set('status', value)}
        options={
          statuses.some(({ value }) => value === (filter.status ?? ''))
            ? statuses
            : [...statuses, { value: filter.status ?? '', label: filter.status ?? '' }]
        }
      />
      <Select<string>
        aria-label="Method"
        className="w-30 max-sm:w-[calc(50%-0.25rem)]"
        value={filter.method ?? ''}
        onChange={(value) => set('method', methods.find((method) => method === value) ?? '')}
        options={[{ value: '', label: 'Any method' }, ...methods.map((value) => ({ value, label: value }))]}
      />
      <SettledText
        label="Path"
        placeholder="Path or id"
        value={filter.path ?? ''}
        onChange={(text) => set('path', text)}
      />
      <SettledText
        label="Error code"
        placeholder="Error code"
        value={filter.code ?? ''}
        onChange={(text) => set('code', text)}
      />
      <Select<string>
        aria-label="API key"
        className="w-36 max-sm:w-[calc(50%-0.25rem)]"
        value={filter.api_key_id ?? ''}
        onChange={(value) => set('api_key_id', value)}
        options={[{ value: '', label: 'Any caller' }, ...keys]}
      />
      <Select
        aria-label="Time"
        className="w-36 max-sm:w-[calc(50%-0.25rem)]"
        value={filter.range ?? (isOwnRange ? 'own' : '')}
        onChange={setRange}
        options={ranges}
      />
      {isOwnRange && filter.range === undefined && (
        <>
          <Field label="From">
            <TextInput
              type="datetime-local"
              value={toLocal(filter.since)}
              onChange={(event) => set('since', toIso(event.target.value))}
            />
          </Field>
          <Field label="To">
            <TextInput
              type="datetime-local"
              value={toLocal(filter.until)}
              onChange={(event) => set('until', toIso(event.target.value))}
            />
          </Field>
        </>
      )}
      {Object.keys(filter).length > 0 && (
        <Button
          variant="ghost"
          onClick={() => {
            setIsOwnRange(false)
            onChange({})
          }}
        >
          Clear
        </Button>
      )}
    </div>
  )
}

const PAUSE_MS = 300

interface SettledTextProps {
  label: string
  placeholder: string
  value: string
  onChange: (text: string) => void
}

/** Asks once typing pauses. */
function SettledText({ label, placeholder, value, onChange }: SettledTextProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <SearchInput
      className="w-36 max-sm:w-[calc(50%-0.25rem)]"
      label={label}
      placeholder={placeholder}
      spellCheck={false}
      value={text}
      onChange={setText}
    />
  )
}
