/** The link of an invitation, shown once to who made it. */
import { useQuery } from '@tanstack/react-query'
import { CopyButton } from '../../ui/copy-button.tsx'
import { authConfigQuery } from '../sign-in/queries.ts'

export interface InvitationLink {
  readonly email: string
  readonly url: string
}

export function InvitationLinkShown({ link }: { readonly link: InvitationLink }) {
  const canSendMail = useQuery(authConfigQuery).data?.can_send_mail === true
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        {canSendMail
          ? `We mailed it to ${link.email}. You can hand it over yourself, too:`
          : `This server sends no mail: hand the link to ${link.email} yourself.`}
      </p>
      <div className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <code className="min-w-0 flex-1 truncate font-mono text-xs">{link.url}</code>
        <CopyButton text={link.url} label="Copy the link" />
      </div>
      <p className="text-sm text-muted">
        It works once, for seven days, and only for {link.email}. It is not shown again; a new one can be
        made.
      </p>
    </div>
  )
}
