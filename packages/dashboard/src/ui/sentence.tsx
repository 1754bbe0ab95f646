/** A sentence of the server for people: names in `backticks` as code, times on this browser's clock. */
import { ClockTime } from './clock-time.tsx'

const PARTS = /(`[^`]+`|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)/

export function Sentence({ text }: { text: string }) {
  return text.split(PARTS).map((part, at) => {
    // Every second part is what the expression found.
    if (at % 2 === 0) return part
    return part.startsWith('`') ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
      <code key={at} className="font-mono text-xs">
        {part.slice(1, -1)}
      </code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <ClockTime key={at} at={part} />
    )
  })
}
