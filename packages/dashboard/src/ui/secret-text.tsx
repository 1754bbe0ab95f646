/** A secret on the one occasion that it is shown: in full, selectable as a whole, with a button that copies it. */
import { CopyButton } from './copy-button.tsx'

export function SecretText({ secret, label }: { secret: string; label: string }) {
  return (
    <div className="flex items-center gap-2 rounded-lg border border-line-strong bg-sunken p-1.5 pl-3">
      <input
        readOnly
        value={secret}
        aria-label={label}
        spellCheck={false}
        autoComplete="off"
        onFocus={(event) => event.target.select()}
        className="w-full min-w-0 bg-transparent font-mono text-sm text-text outline-none"
      />
      <CopyButton text={secret} variant="primary" />
    </div>
  )
}
