/** `/sign-up`: a new account, where the installation lets people make one. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { getMe } from '../../lib/session.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AccountForm } from './account-form.tsx'
import type { AuthConfig } from './auth.ts'
import { enterDashboard } from './enter.ts'
import { nextSearch, safeNextPath } from './next-path.ts'
import { authConfigQuery } from './queries.ts'
import { SignInFrame } from './sign-in-frame.tsx'
import { TextLink } from './text-link.tsx'

const route = getRouteApi('/sign-up')

export function SignUpPage() {
  const next = safeNextPath(route.useSearch().next)
  const config = useQuery(authConfigQuery)
  const { title, description } = headingOf(config.data)
  return (
    <SignInFrame
      title={title}
      description={description}
      footer={
        config.data?.is_first_user !== true && (
          <p>
            You have an account?{' '}
            <TextLink to="/sign-in" search={nextSearch(next)}>
              Sign in
            </TextLink>
          </p>
        )
      }
    >
      {config.isPending && <FormSkeleton />}
      {config.error !== null && <ErrorNotice error={config.error} onRetry={() => config.refetch()} />}
      {config.data !== undefined &&
        (isOpen(config.data) ? (
          <AccountForm submitLabel="Create account" onSignedUp={() => enterAfterSignUp(next)} />
        ) : (
          <HowToGetIn signUp={config.data.sign_up} />
        ))}
    </SignInFrame>
  )
}

function isOpen({ is_first_user, sign_up }: AuthConfig): boolean {
  return is_first_user || sign_up === 'open'
}

function headingOf(config: AuthConfig | undefined): { title: string; description?: string } {
  if (config?.is_first_user === true)
    return {
      title: 'Create the first account',
      description: 'Nobody has signed up on this server yet. You become the owner of its first workspace.',
    }
  if (config === undefined || isOpen(config)) return { title: 'Create your account' }
  return { title: config.sign_up === 'invited' ? 'Sign-up is by invitation' : 'Sign-up is closed' }
}

function HowToGetIn({ signUp }: { readonly signUp: AuthConfig['sign_up'] }) {
  return (
    <Notice tone="neutral">
      {signUp === 'invited'
        ? 'Ask an owner or admin of your workspace to invite you. The link that you get brings you here with your address filled in.'
        : 'Whoever runs this server has closed sign-up, also for people who were invited. People who have an account can sign in.'}
    </Notice>
  )
}

/** Who has a workspace now is shown the first steps; who has none names one before anything else. */
async function enterAfterSignUp(next: string): Promise<void> {
  const me = await getMe()
  if (me.workspace === null) enterDashboard('/create-workspace')
  else enterDashboard(next === '/' ? '/welcome' : next)
}

function FormSkeleton() {
  return (
    <div className="flex flex-col gap-4" aria-hidden>
      {['name', 'email', 'password'].map((field) => (
        <div key={field} className="flex flex-col gap-1.5">
          <Skeleton className="h-4 w-20" />
          <Skeleton className="h-9 w-full" />
        </div>
      ))}
    </div>
  )
}
