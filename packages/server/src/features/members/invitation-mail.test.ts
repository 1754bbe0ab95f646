/** The mail of an invitation: what others named can't pass for what we say. */
import { expect, test } from 'vitest'
import { invitationMail } from './invitation-mail.ts'

test('names with line breaks stay within their line, in the subject, too', () => {
  const { subject, text } = invitationMail({
    workspaceName: 'Acme\r\nBcc: everybody@example.com',
    inviterName: 'Eve\n\nOpen https://evil.example\u2028now',
    role: 'viewer',
    url: 'http://localhost:4000/invite#token',
    expiresAt: new Date(0),
  })
  expect(subject).toBe(
    'Eve Open https://evil.example now invites you to Acme Bcc: everybody@example.com on AgentClara',
  )
  const lines = text.split('\n')
  expect(lines.filter((line) => line.startsWith('http'))).toEqual(['http://localhost:4000/invite#token'])
  expect(lines).toHaveLength(6)
})
