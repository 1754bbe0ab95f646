/** The dialog around a secret: it closes when somebody says that they have saved it, or that they don't want it. */
import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Checkbox } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { SecretPanel } from './secret-panel.tsx'

interface SecretDialogProps {
  title: ReactNode
  /** Held by whoever opens this, and by nothing else. */
  secret: string
  keyId: string
  isFirst: boolean
  children?: ReactNode
  onDone: () => void
}

export function SecretDialog({ title, secret, keyId, isFirst, children, onDone }: SecretDialogProps) {
  const [isSaved, setIsSaved] = useState(false)
  const [isWarned, setIsWarned] = useState(false)
  const isGivenUp = useRef(false)
  // Links, shortcuts and the back button lead nowhere, and the browser asks before the tab is closed.
  useBlocker({
    shouldBlockFn: () => {
      if (isSaved || isGivenUp.current) return false
      setIsWarned(true)
      return true
    },
    enableBeforeUnload: () => !isSaved,
  })
  const giveUp = () => {
    isGivenUp.current = true
    onDone()
  }
  return (
    <Dialog
      isOpen
      onClose={() => (isSaved ? onDone() : setIsWarned(true))}
      title={title}
      description="This is the only time the secret is shown. It is stored as a hash, so nobody can look it up later."
      footer={
        <div className="flex w-full flex-wrap items-center justify-between gap-3">
          <Checkbox label="I have saved it" checked={isSaved} onChange={setIsSaved} />
          <Button variant="primary" disabled={!isSaved} onClick={onDone}>
            Done
          </Button>
        </div>
      }
    >
      <div className="flex flex-col gap-4">
        {isWarned && !isSaved && (
          <Notice
            tone="warning"
            title="Closed now, the secret is gone"
            action={
              <Button size="sm" onClick={giveUp}>
                Close without saving
              </Button>
            }
          >
            Copy it first, then tick “I have saved it”. A lost secret is replaced by rotating the key.
          </Notice>
        )}
        {children}
        <SecretPanel secret={secret} keyId={keyId} isFirst={isFirst} />
      </div>
    </Dialog>
  )
}
