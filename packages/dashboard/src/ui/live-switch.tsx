/** Whether a list shows what comes in as it comes. */
import { Pause, Play } from 'lucide-react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'

interface LiveSwitchProps {
  isLive: boolean
  onChange: (isLive: boolean) => void
  /** It is live, and waits: because one reads further down, say. */
  waitingFor?: string | undefined
}

export function LiveSwitch({ isLive, onChange, waitingFor }: LiveSwitchProps) {
  const isMoving = isLive && waitingFor === undefined
  return (
    <div className="flex items-center gap-2">
      <span className="flex items-center gap-1.5 text-xs text-muted" role="status">
        <span
          aria-hidden
          className={classNames(
            'size-2 rounded-full',
            isMoving ? 'animate-pulse-slow bg-success' : 'bg-selected',
          )}
        />
        {isLive ? (waitingFor ?? 'Live') : 'Paused'}
      </span>
      <Button
        size="sm"
        icon={isLive ? <Pause size={13} aria-hidden /> : <Play size={13} aria-hidden />}
        onClick={() => onChange(!isLive)}
      >
        {isLive ? 'Pause' : 'Go live'}
      </Button>
    </div>
  )
}
