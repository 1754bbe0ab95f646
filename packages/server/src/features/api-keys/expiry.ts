/** When somebody is told that a key ends: 7 days before, 1 day before, and when it has. Pure. */

const DAY_MS = 86_400_000
const NOTICES_DAYS = [7, 1, 0] as const

export type NoticeDays = (typeof NOTICES_DAYS)[number]

/** The most urgent notice that is due and was not given: the days before the end that it stands for; 0: it has ended. */
export function dueNotice(expiresAt: Date, notedDays: number | null, now: Date): NoticeDays | undefined {
  const due = NOTICES_DAYS.findLast((days) => expiresAt.getTime() - now.getTime() <= days * DAY_MS)
  return due !== undefined && (notedDays === null || notedDays > due) ? due : undefined
}

/** What counts as noted of a key that is made now: nobody needs to hear at once that a key for three days ends within seven. */
export function initialNotice(expiresAt: Date | null, now: Date): NoticeDays | null {
  return (expiresAt === null ? undefined : dueNotice(expiresAt, null, now)) ?? null
}
