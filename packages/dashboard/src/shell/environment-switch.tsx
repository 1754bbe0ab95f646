/** Test or live: what is shown and changed belongs to one of them, and nobody should mistake which. */
import { useEnvironment } from '../lib/session.ts'
import type { Environment } from '../lib/workspace.ts'
import { classNames } from '../ui/class-names.ts'
import { useSwitchPlace } from './switch-place.ts'

const environments: readonly { value: Environment; label: string }[] = [
  { value: 'test', label: 'Test' },
  { value: 'live', label: 'Live' },
]

export function EnvironmentSwitch() {
  const environment = useEnvironment()
  const { toEnvironment } = useSwitchPlace()
  return (
    <fieldset className="grid grid-cols-2 rounded-md border bg-sunken p-0.5">
      <legend className="sr-only">Environment</legend>
      {environments.map(({ value, label }) => (
        <label
          key={value}
          className={classNames(
            'flex h-6.5 items-center justify-center gap-1.5 rounded-sm border border-transparent text-sm text-muted select-none hover:text-text has-checked:font-medium has-checked:shadow-raised has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:h-9',
            value === 'test'
              ? 'has-checked:bg-test has-checked:text-on-test'
              : 'has-checked:border-line-strong has-checked:bg-raised has-checked:text-text',
          )}
        >
          <input
            type="radio"
            name="environment"
            className="sr-only"
            value={value}
            checked={environment === value}
            onChange={() => void toEnvironment(value)}
          />
          <span
            aria-hidden
            className={classNames(
              'size-1.5 rounded-full',
              environment !== value && 'opacity-40',
              value === 'live' ? 'bg-success' : environment === 'test' ? 'bg-on-test' : 'bg-test',
            )}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

/** The amber edge around everything in the test environment. */
export function TestEdge() {
  if (useEnvironment() !== 'test') return null
  return (
    <div aria-hidden className="pointer-events-none fixed inset-0 z-30 border-t-2 border-test md:border-2" />
  )
}
