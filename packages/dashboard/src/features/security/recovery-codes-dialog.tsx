/** Recovery codes, shown once: copied or downloaded before the dialog closes. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox } from '../../ui/field.tsx'

interface RecoveryCodesDialogProps {
  readonly codes: readonly string[]
  readonly onSaved: () => unknown
}

export function RecoveryCodesDialog({ codes, onSaved }: RecoveryCodesDialogProps) {
  const [isSaved, setIsSaved] = useState(false)
  const text = codes.join('\n')
  return (
    <Dialog
      isOpen
      // Closing it by mistake would lose the codes: it waits for the tick.
      onClose={() => isSaved && onSaved()}
      title="Save your recovery codes"
      description="Each signs you in once when you don’t have your phone. They are not shown again."
      size="sm"
      footer={
        <Button variant="primary" disabled={!isSaved} onClick={() => onSaved()}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <ul
          aria-label="Recovery codes"
          className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-lg border bg-sunken px-4 py-3 font-mono text-sm"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="flex gap-2">
          <CopyButton text={text} label="Copy codes" />
          <Button size="sm" icon={<Download size={14} aria-hidden />} onClick={() => download(text)}>
            Download
          </Button>
        </div>
        <Checkbox label="I have saved these codes" checked={isSaved} onChange={setIsSaved} />
      </div>
    </Dialog>
  )
}

function download(codes: string): void {
  const url = URL.createObjectURL(
    new Blob([`AgentClara recovery codes\n\n${codes}\n`], { type: 'text/plain' }),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = 'agentclara-recovery-codes.txt'
  link.click()
  URL.revokeObjectURL(url)
}
