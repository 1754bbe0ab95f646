/** When a key ends, as it is chosen and as it is sent. Pure. */

export type ExpiryChoice = 'never' | '30' | '90' | '365' | 'date'

export const expiryChoices: readonly { value: ExpiryChoice; label: string }[] = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'date', label: 'On a date' },
  { value: 'never', label: 'Never' },
]

const DAY_MS = 86_400_000

/**
 * ISO 8601, or null for never. A date is a day where the person is: the key works until that day is over. Undefined
 * when no date was given, or none that there is.
 */
export function expiresAtOf(choice: ExpiryChoice, date: string, nowMs: number): string | null | undefined {
  if (choice === 'never') return null
  if (choice !== 'date') return new Date(nowMs + Number(choice) * DAY_MS).toISOString()
  const [year, month, day] = date.split('-').map(Number)
  if (year === undefined || month === undefined || day === undefined || !(year > 999)) return undefined
  const end = new Date(year, month - 1, day, 23, 59, 59)
  return Number.isNaN(end.getTime()) || end.getDate() !== day ? undefined : end.toISOString()
}

/** The day of an instant where the person is, as a date field takes it. */
export function toDateField(iso: string): string {
  const at = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
