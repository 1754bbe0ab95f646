/** What is mailed to somebody who is invited. Pure. */
import type { Role } from '../../principal.ts'
import { roles } from '../../roles.ts'

export interface InvitationNotice {
  workspaceName: string
  inviterName: string
  role: Role
  url: string
  expiresAt: Date
}

export function invitationMail({ workspaceName, inviterName, role, url, expiresAt }: InvitationNotice) {
  const workspace = oneLine(workspaceName)
  const inviter = oneLine(inviterName)
  return {
    subject: `${inviter} invites you to ${workspace} on AgentClara`,
    text: [
      `${inviter} invites you to work in the workspace "${workspace}", as ${roles[role].title}.`,
      '',
      `Open this link to join. It works once, until ${expiresAt.toUTCString()}:`,
      url,
      '',
      'If you don’t know what this is about, you need not do anything.',
    ].join('\n'),
  }
}

/** Others choose these names: nothing in them begins a line of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
