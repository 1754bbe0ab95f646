/** Types of events to choose from: searched, in groups, each group chosen as a whole or in part. */
import { useId, useState } from 'react'
import { count } from '../../lib/format.ts'
import { Checkbox, SearchInput } from '../../ui/field.tsx'
import { type EventGroup, type EventType, eventInWords, searchGroups } from './event-types.ts'

interface EventTreeProps {
  /** Names the whole for those who don't see it. */
  label: string
  chosen: ReadonlySet<string>
  onChange: (chosen: Set<string>) => void
}

export function EventTree({ label, chosen, onChange }: EventTreeProps) {
  const [text, setText] = useState('')
  const groups = searchGroups(text)
  const set = (types: readonly EventType[], isChosen: boolean) => {
    const next = new Set(chosen)
    for (const type of types) {
      if (isChosen) next.add(type)
      else next.delete(type)
    }
    onChange(next)
  }
  return (
    <fieldset className="overflow-hidden rounded-md border border-line-strong bg-surface">
      <legend className="sr-only">{label}</legend>
      <div className="border-b p-2">
        <SearchInput label="Search events" value={text} onChange={setText} />
      </div>
      <div className="max-h-64 overflow-y-auto p-3">
        {groups.length === 0 && <p className="py-2 text-sm text-faint">No event matches “{text.trim()}”.</p>}
        <div className="flex flex-col gap-3">
          {groups.map((group) => (
            <Group key={group.id} group={group} chosen={chosen} onSet={set} />
          ))}
        </div>
      </div>
    </fieldset>
  )
}

interface GroupProps {
  group: EventGroup
  chosen: ReadonlySet<string>
  onSet: (types: readonly EventType[], isChosen: boolean) => void
}

function Group({ group: { name, types }, chosen, onSet }: GroupProps) {
  const id = useId()
  const chosenCount = types.filter((type) => chosen.has(type)).length
  const isWhole = chosenCount === types.length
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be read with both legends each time
    <div role="group" aria-labelledby={id}>
      <div className="mb-1.5 flex items-center gap-2">
        <span id={id} className="text-xs font-medium text-text">
          {name}
        </span>
        <span className="text-xs text-faint">
          {chosenCount > 0 && `${chosenCount} of ${count(types.length, 'event')}`}
        </span>
        <button
          type="button"
          className="ml-auto rounded-sm px-1 text-xs text-accent hover:underline"
          aria-label={`${isWhole ? 'None' : 'All'} of ${name}`}
          onClick={() => onSet(types, !isWhole)}
        >
          {isWhole ? 'None' : 'All'}
        </button>
      </div>
      <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-2">
        {types.map((type) => (
          <Checkbox
            key={type}
            label={<span className="font-mono text-xs">{type}</span>}
            description={eventInWords(type)}
            checked={chosen.has(type)}
            onChange={(isChecked) => onSet([type], isChecked)}
          />
        ))}
      </div>
    </div>
  )
}
