/** Puts a text on the clipboard, and says that it did. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { toast } from './toast.ts'

const SHOWN_MS = 1_600

interface CopyButtonProps {
  text: string
  /** What it says. `isQuiet` shows the icon alone, and says this to those who don't see it. */
  label?: string
  isQuiet?: boolean
  variant?: 'primary' | 'secondary' | 'ghost'
}

export function CopyButton({ text, label = 'Copy', isQuiet = false, variant }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setIsCopied(true)
    } catch {
      toast.error('Not copied: the browser does not allow it here. Select the text and copy it yourself.')
    }
  }
  const Icon = isCopied ? Check : Copy
  return (
    <>
      <Button
        variant={variant ?? (isQuiet ? 'ghost' : 'secondary')}
        size="sm"
        aria-label={isQuiet ? label : undefined}
        title={isQuiet ? label : undefined}
        className={isQuiet ? 'h-6! px-1.5!' : undefined}
        icon={<Icon size={isQuiet ? 13 : 14} className={isCopied ? 'text-success' : undefined} aria-hidden />}
        onClick={() => void copy()}
      >
        {!isQuiet && (isCopied ? 'Copied' : label)}
      </Button>
      <span role="status" className="sr-only">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  )
}
