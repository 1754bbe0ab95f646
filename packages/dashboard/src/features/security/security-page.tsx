/** `/settings/security`: the ways in to one's account, and where it is signed in. */
import { useMe } from '../../lib/session.ts'
import { Page } from '../../ui/page.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TwoFactorSection } from './two-factor-section.tsx'

export function SecurityPage() {
  const me = useMe()
  return (
    <Page title="Security" description={`How you sign in as ${me.user.email}, and where you are signed in.`}>
      <PasswordSection />
      <TwoFactorSection isOn={me.user.two_factor_enabled} />
      <PasskeysSection />
      <SessionsSection />
    </Page>
  )
}
