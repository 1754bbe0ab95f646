/** What is done with a key, as menus and buttons say it. */
import { LockKeyhole, LockKeyholeOpen, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Step } from '../status.ts'

export const stepWords: Readonly<Record<Step, { label: string; icon: ReactNode }>> = {
  edit: { label: 'Edit', icon: <Pencil size={14} aria-hidden /> },
  rotate: { label: 'Rotate', icon: <RefreshCw size={14} aria-hidden /> },
  quarantine: { label: 'Quarantine', icon: <LockKeyhole size={14} aria-hidden /> },
  release: { label: 'Release', icon: <LockKeyholeOpen size={14} aria-hidden /> },
  revoke: { label: 'Revoke', icon: <Trash2 size={14} aria-hidden /> },
}
