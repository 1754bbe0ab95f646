/** What people are mailed about signing in. Pure. */

export const RESET_VALID_SECONDS = 3_600

/** The token stands behind #, which browsers send to no server: it is in no log on the way. */
export function resetLink(base: string, token: string): string {
  return `${base}/reset-password#${token}`
}

export function resetMail(link: string): { subject: string; text: string } {
  return {
    subject: 'Choose a new password for AgentClara',
    text: [
      'Somebody, most likely you, asked for a new password for your AgentClara account. Choose it here:',
      '',
      link,
      '',
      'The link works once, for an hour. When you have chosen, you are signed out everywhere else.',
      'If you didn’t ask for this, do nothing: your password stays as it is.',
    ].join('\n'),
  }
}
