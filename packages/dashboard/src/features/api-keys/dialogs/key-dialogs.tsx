/** The dialogs about one key, opened from its row and from its page. One is open at a time, and mounted while it is. */
import { useState } from 'react'
import { EditDialog } from '../limits/edit-dialog.tsx'
import type { ApiKey } from '../queries.ts'
import { RotateDialog } from '../rotation/rotate-dialog.tsx'
import type { Step } from '../status.ts'
import { QuarantineDialog, ReleaseDialog } from './quarantine-dialogs.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'

interface Open {
  step: Step
  /** As it was when the dialog was opened: what is refreshed behind it doesn't move what somebody reads. */
  apiKey: ApiKey
}

export function useKeyDialogs() {
  const [open, setOpen] = useState<Open>()
  return {
    openDialog: (step: Step, apiKey: ApiKey) => setOpen({ step, apiKey }),
    dialogs: open === undefined ? null : <KeyDialog {...open} onClose={() => setOpen(undefined)} />,
  }
}

function KeyDialog({ step, apiKey, onClose }: Open & { onClose: () => void }) {
  switch (step) {
    case 'edit':
      return <EditDialog apiKey={apiKey} onClose={onClose} />
    case 'rotate':
      return <RotateDialog apiKey={apiKey} onClose={onClose} />
    case 'quarantine':
      return <QuarantineDialog apiKey={apiKey} onClose={onClose} />
    case 'release':
      return <ReleaseDialog apiKey={apiKey} onClose={onClose} />
    case 'revoke':
      return <RevokeDialog apiKey={apiKey} onClose={onClose} />
  }
}
