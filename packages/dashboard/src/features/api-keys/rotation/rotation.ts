/** Rotations in words: how long secrets overlap, what is still missing before the old one can end. Pure. */

export const overlaps: readonly { seconds: number; label: string; explanation: string }[] = [
  {
    seconds: 0,
    label: 'No overlap',
    explanation: 'The old secret ends now: every client that has it fails at once. For a secret that leaked.',
  },
  { seconds: 900, label: '15 minutes', explanation: 'Enough to deploy one app that you watch.' },
  { seconds: 3_600, label: '1 hour', explanation: 'Enough for a few apps, or one that deploys slowly.' },
  { seconds: 86_400, label: '24 hours', explanation: 'Also catches jobs that run once a day.' },
  {
    seconds: 604_800,
    label: '7 days',
    explanation: 'For secrets that others have to change. The longest there is.',
  },
]

export const DEFAULT_OVERLAP_SECONDS = 86_400

/** What of a rotation on the wire this needs. */
export interface Rotation {
  is_safe_to_finish: boolean
  idle_seconds: number
  still_on_old_secret: readonly unknown[]
}

export interface Check {
  isMet: boolean
  text: string
  /** From 0 to 1, of what takes its time. */
  progress?: number
}

/** As long as the server waits: shorter once every client has moved. */
const QUIET_SECONDS = 600
const QUIET_SECONDS_WITH_STRAGGLERS = 5_400

/** What makes ending the old secret safe, each with whether it is so already. */
export function checksOf({ still_on_old_secret, idle_seconds }: Rotation, isNewSecretUsed: boolean): Check[] {
  const stragglers = still_on_old_secret.length
  const neededSeconds = stragglers === 0 ? QUIET_SECONDS : QUIET_SECONDS_WITH_STRAGGLERS
  const isQuiet = idle_seconds >= neededSeconds
  const needed = duration(neededSeconds)
  return [
    {
      isMet: isNewSecretUsed,
      text: isNewSecretUsed ? 'The new secret is in use.' : 'Nobody has used the new secret yet.',
    },
    {
      isMet: stragglers === 0,
      text:
        stragglers === 0
          ? 'Every client that was seen since the rotation began has moved.'
          : `${stragglers === 1 ? 'One client has' : `${stragglers} clients have`} not been seen with the new secret.`,
    },
    {
      isMet: isQuiet,
      text: isQuiet
        ? `Nobody has used the old secret for ${duration(idle_seconds)}.`
        : `The old secret has been quiet for ${duration(idle_seconds)} of ${needed}.`,
      progress: Math.min(1, idle_seconds / neededSeconds),
    },
  ]
}

/** `45 seconds`, `12 minutes`, `3 hours`, `2 days`: rounded down, and one unit only. */
export function duration(seconds: number): string {
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7_200 && seconds !== 3_600
        ? [seconds / 60, 'minute']
        : seconds < 172_800
          ? [seconds / 3_600, 'hour']
          : [seconds / 86_400, 'day']
  const whole = Math.floor(Number(count))
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}

/** `6 d 23 h`, `1 h 04 min`, `4:09`: for a clock that runs down. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (days > 0) return `${days} d ${hours} h`
  if (seconds >= 3_600) return `${hours} h ${two(minutes)} min`
  return `${minutes}:${two(seconds % 60)}`
}
