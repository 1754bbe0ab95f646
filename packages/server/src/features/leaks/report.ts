/** What a report of a leaked secret says, and the function that acts on it, which the app hands over. */

export interface LeakReport {
  /** As it was found; it may be no secret of ours, or no secret at all. */
  secret: string
  /** Where it was found, at most 2,000 characters. The reporter's word: text to show, not a link to trust. */
  url: string | null
  /** What kind of place that is, at most 100 characters. */
  source: string | null
  reporter: 'anyone' | 'github'
  /** The address that the request came from: no zone, no IPv4-mapped IPv6. */
  address: string
  requestId: string
  /** At most 500 characters. */
  userAgent: string | null
}

/**
 * Resolves once the report is durably handled, and says whether this installation knows the secret. A promise that
 * rejects leaves the report unacknowledged: who sent it will send it again.
 */
export type ReportLeak = (report: LeakReport) => Promise<'known' | 'unknown'>
