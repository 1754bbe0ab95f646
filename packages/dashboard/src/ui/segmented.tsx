/** One of a few, all of them in sight: radio buttons that look like one control. */
import { useId } from 'react'
import type { Option } from './field.tsx'

interface SegmentedProps<T extends string> {
  /** Names the group for those who don't see it. */
  label: string
  value: T
  onChange: (value: T) => void
  options: readonly Option<T>[]
}

export function Segmented<T extends string>({ label, value, onChange, options }: SegmentedProps<T>) {
  const name = useId()
  return (
    <fieldset className="inline-flex max-w-full overflow-x-auto rounded-md border bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="flex h-6.5 items-center rounded-sm border border-transparent px-2.5 text-sm whitespace-nowrap text-muted select-none hover:text-text has-checked:border-line-strong has-checked:bg-raised has-checked:font-medium has-checked:text-text has-checked:shadow-raised has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:h-8.5"
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
