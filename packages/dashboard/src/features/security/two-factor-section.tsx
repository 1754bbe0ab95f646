/** The second factor: on, off, and fresh recovery codes. What is secret about it stays in this component. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.ts'
import { auth } from '../sign-in/auth.ts'
import { PasswordDialog } from './password-dialog.tsx'
import { RecoveryCodesDialog } from './recovery-codes-dialog.tsx'
import { ScanDialog } from './scan-dialog.tsx'
import { SettingRow } from './setting-row.tsx'

/** Turning it on goes password, scan, codes; fresh codes go password, codes. */
type Step =
  | { readonly is: 'idle' | 'turning-on' | 'turning-off' | 'renewing' }
  | { readonly is: 'scanning'; readonly totpUri: string; readonly codes: readonly string[] }
  | { readonly is: 'saving'; readonly codes: readonly string[]; readonly done: string }

export function TwoFactorSection({ isOn }: { readonly isOn: boolean }) {
  const queryClient = useQueryClient()
  const [step, setStep] = useState<Step>({ is: 'idle' })
  const idle = () => setStep({ is: 'idle' })
  const reload = () => queryClient.invalidateQueries({ queryKey: ['me'] })
  return (
    <Section
      title="Two-factor sign-in"
      description="After your password, a code from an app on your phone. Whoever learns your password alone stays outside."
    >
      <SettingRow
        title={
          <>Authenticator app {isOn ? <Badge tone="success">On</Badge> : <Badge tone="neutral">Off</Badge>}</>
        }
        actions={
          isOn ? (
            <>
              <Button onClick={() => setStep({ is: 'renewing' })}>New recovery codes</Button>
              <Button onClick={() => setStep({ is: 'turning-off' })}>Turn off</Button>
            </>
          ) : (
            <Button variant="primary" onClick={() => setStep({ is: 'turning-on' })}>
              Turn on
            </Button>
          )
        }
      >
        {isOn
          ? 'A code is asked for at each sign-in, except on devices that you trust.'
          : 'Any app for one-time codes works: 1Password, Google Authenticator, your phone’s own.'}
      </SettingRow>

      {step.is === 'turning-on' && (
        <PasswordDialog
          title="Turn on two-factor sign-in"
          description="First, confirm that it’s you."
          confirmLabel="Continue"
          onClose={idle}
          onPassword={async (password) => {
            const { totpURI, backupCodes } = await auth.enableTwoFactor(password)
            setStep({ is: 'scanning', totpUri: totpURI, codes: backupCodes })
          }}
        />
      )}
      {step.is === 'scanning' && (
        <ScanDialog
          totpUri={step.totpUri}
          onClose={idle}
          onVerified={() => setStep({ is: 'saving', codes: step.codes, done: 'Two-factor sign-in is on' })}
        />
      )}
      {step.is === 'saving' && (
        <RecoveryCodesDialog
          codes={step.codes}
          onSaved={() => {
            idle()
            toast.success(step.done)
            return reload()
          }}
        />
      )}
      {step.is === 'renewing' && (
        <PasswordDialog
          title="New recovery codes"
          description="Your earlier recovery codes stop working."
          confirmLabel="Make new codes"
          onClose={idle}
          onPassword={async (password) => {
            const { backupCodes } = await auth.newRecoveryCodes(password)
            setStep({ is: 'saving', codes: backupCodes, done: 'Your new recovery codes work now' })
          }}
        />
      )}
      {step.is === 'turning-off' && (
        <PasswordDialog
          title="Turn off two-factor sign-in?"
          description="Your password alone, or a passkey, will sign you in. Your recovery codes stop working."
          confirmLabel="Turn off"
          tone="danger"
          onClose={idle}
          onPassword={async (password) => {
            await auth.disableTwoFactor(password)
            await reload()
            idle()
            toast.success('Two-factor sign-in is off')
          }}
        />
      )}
    </Section>
  )
}
