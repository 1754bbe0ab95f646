/** The choice of permissions: a preset, or each resource by itself. */

import { Segmented } from '../../../ui/segmented.tsx'
import type { PermissionTable } from '../queries.ts'
import { type Level, levelOf, presetOf, withLevel } from './levels.ts'
import { resourceTitle } from './words.ts'

interface PermissionsFieldProps {
  table: PermissionTable
  value: string[]
  onChange: (grants: string[]) => void
  error?: string | undefined
}

const levelOptions: readonly { value: Level; label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'read', label: 'Read' },
  { value: 'write', label: 'Write' },
]

export function PermissionsField({ table, value, onChange, error }: PermissionsFieldProps) {
  const preset = presetOf(value, table)
  const options = [
    ...table.presets.map(({ name, title }) => ({ value: name, label: title })),
    { value: 'custom', label: 'Custom' },
  ]
  const chosen = table.presets.find(({ name }) => name === preset)
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">Permissions</legend>
      <div>
        <Segmented
          label="Preset"
          value={preset ?? 'custom'}
          onChange={(name) => {
            const grants = table.presets.find((each) => each.name === name)?.permissions
            // “Custom” keeps what is chosen, by name.
            onChange(grants === undefined ? byName(value, table) : [...grants])
          }}
          options={options}
        />
      </div>
      <p className="text-xs text-faint">
        {chosen?.description ?? 'Exactly what is chosen below. Write includes read.'}
      </p>
      <ul className="divide-y rounded-lg border bg-surface">
        {table.resources.map(({ resource, read, write }) => {
          const level = levelOf(value, resource)
          const means = level === 'none' ? 'No access' : (level === 'read' ? read : write).description
          return (
            <li key={resource} className="flex items-center gap-3 py-0.5 pr-0.5 pl-3">
              <span className="shrink-0 text-sm sm:w-28">{resourceTitle(resource)}</span>
              <span className="min-w-0 flex-1 truncate text-xs text-faint max-sm:invisible" title={means}>
                {means}
              </span>
              <Segmented
                label={resourceTitle(resource)}
                value={level}
                onChange={(next) => onChange(withLevel(value, resource, next, table))}
                options={levelOptions}
              />
            </li>
          )
        })}
      </ul>
      {error !== undefined && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  )
}

function byName(grants: readonly string[], table: PermissionTable): string[] {
  const [first] = table.resources
  return first === undefined
    ? [...grants]
    : withLevel(grants, first.resource, levelOf(grants, first.resource), table)
}
