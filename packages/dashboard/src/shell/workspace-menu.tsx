/** Where one is, and the way to one's other workspaces. */
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ChevronsUpDown, Plus, Settings } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../lib/session.ts'
import { Menu, type MenuAction } from '../ui/menu.tsx'
import { myWorkspacesQuery } from './queries.ts'
import { useSwitchPlace } from './switch-place.ts'

export function WorkspaceMenu() {
  const { workspace } = useMe()
  const router = useRouter()
  const { toWorkspace } = useSwitchPlace()
  // Asked for when the pointer or the focus comes near: most people have one workspace.
  const [isNear, setIsNear] = useState(false)
  const { data: workspaces = [] } = useQuery({ ...myWorkspacesQuery, enabled: isNear })
  const name = workspace?.name ?? 'Workspace'
  const near = () => setIsNear(true)
  const places = workspaces.map(
    ({ id, name: label }): MenuAction => ({
      label,
      isChecked: id === workspace?.id,
      onSelect: () => void (id !== workspace?.id && toWorkspace(id)),
    }),
  )
  return (
    <Menu
      label="Workspace"
      align="start"
      items={[
        ...places,
        ...(places.length > 0 ? [null] : []),
        {
          label: 'Workspace settings',
          icon: <Settings size={14} />,
          onSelect: () => void router.navigate({ to: '/settings/workspace' }),
        },
        {
          label: 'New workspace',
          icon: <Plus size={14} />,
          onSelect: () => void router.navigate({ to: '/create-workspace' }),
        },
      ]}
      trigger={
        <button
          type="button"
          onPointerEnter={near}
          onFocus={near}
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover data-popup-open:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-md bg-accent text-xs font-semibold text-on-accent"
          >
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1 truncate font-semibold">{name}</span>
          <span className="sr-only">, change workspace</span>
          <ChevronsUpDown size={14} className="shrink-0 text-faint" aria-hidden />
        </button>
      }
    />
  )
}
