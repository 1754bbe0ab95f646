/** Which guides there are, in which order, under which headings. A guide that stands nowhere fails the build. */

export interface Group {
  readonly title: string
  /** What its pages answer, for the start page. */
  readonly about: string
  /** Names of files in docs/, without `.md`. */
  readonly pages: readonly string[]
}

export const groups: readonly Group[] = [
  {
    title: 'Start',
    about: 'From nothing to a first answer, in your language.',
    pages: ['quickstart', 'sdk', 'testing-failures'],
  },
  {
    title: 'API keys',
    about: 'Who may call, how often, and how a key stays safe.',
    pages: ['api-keys', 'protecting-keys', 'permissions', 'limits-and-retries'],
  },
  {
    title: 'Clara',
    about: 'What customers say, what she answers, who they are.',
    pages: ['conversations', 'contacts'],
  },
  {
    title: 'Webhooks and events',
    about: 'How your server hears of what happens.',
    pages: ['webhooks', 'webhooks-local', 'events'],
  },
  {
    title: 'When something is wrong',
    about: 'What an error means, and what was really sent.',
    pages: ['errors', 'request-logs'],
  },
  {
    title: 'Run it',
    about: 'Your own server, its settings, and the people on it.',
    pages: ['self-hosting', 'configuration', 'team-and-sign-in', 'benchmarks'],
  },
]
