/** What each role may do, in a sentence each. */
import { Section } from '../../ui/page.tsx'
import { roleInWords, roles } from './roles.ts'

export function RolesExplained() {
  return (
    <Section title="What roles may do">
      <dl className="divide-y divide-line rounded-lg border border-line bg-surface text-sm">
        {roles.map((role) => {
          const { title, does } = roleInWords(role)
          return (
            <div key={role} className="grid gap-x-4 px-4 py-2.5 sm:grid-cols-[7rem_1fr]">
              <dt className="font-medium">{title}</dt>
              <dd className="text-muted first-letter:uppercase">{does}</dd>
            </div>
          )
        })}
      </dl>
    </Section>
  )
}
