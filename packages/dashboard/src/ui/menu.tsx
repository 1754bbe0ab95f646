/** A menu of actions behind a button. What opens it is loaded when someone comes near the button. */
import { Ellipsis } from 'lucide-react'
import {
  cloneElement,
  type FocusEvent,
  type KeyboardEvent,
  lazy,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useState,
} from 'react'
import { IconButton } from './button.tsx'

export interface MenuAction {
  label: ReactNode
  onSelect: () => void
  icon?: ReactNode
  shortcut?: string
  tone?: 'danger'
  isDisabled?: boolean
  /** Of one choice among several: whether it is the present one. */
  isChecked?: boolean
}

/** As much of a button as the menu needs to know. */
interface TriggerProps {
  onPointerEnter?: (event: PointerEvent<HTMLButtonElement>) => void
  onFocus?: (event: FocusEvent<HTMLButtonElement>) => void
  [name: string]: unknown
}

export interface MenuProps {
  /** Names the button. */
  label: string
  /** `null` draws a line between groups. */
  items: readonly (MenuAction | null)[]
  /** The button; three dots if none is given. */
  trigger?: ReactElement<TriggerProps>
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
}

const load = () => import('./menu-popup.tsx')
const OpenableMenu = lazy(async () => ({ default: (await load()).OpenableMenu }))

export function Menu({ label, trigger, ...rest }: MenuProps) {
  const [isWanted, setIsWanted] = useState(false)
  const button: ReactElement<TriggerProps> = trigger ?? (
    <IconButton label={label} size="sm" icon={<Ellipsis size={16} aria-hidden />} />
  )
  const { onPointerEnter, onFocus } = button.props
  const closed = cloneElement(button, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: (event: PointerEvent<HTMLButtonElement>) => {
      onPointerEnter?.(event)
      void load()
    },
    onFocus: (event: FocusEvent<HTMLButtonElement>) => {
      onFocus?.(event)
      void load()
    },
    onClick: () => setIsWanted(true),
    onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      setIsWanted(true)
    },
  })
  if (!isWanted) return closed
  return (
    <Suspense fallback={closed}>
      <OpenableMenu label={label} trigger={button} {...rest} />
    </Suspense>
  )
}
