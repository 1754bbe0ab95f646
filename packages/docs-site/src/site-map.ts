/** Which guides there are, in which order, under which headings. A guide that stands nowhere fails the build. */

export interface Group {
  readonly title: string
  /** Names of files in docs/, without `.md`. */
  readonly pages: readonly string[]
}

export const groups: readonly Group[] = [
  { title: 'Start', pages: ['quickstart', 'sdk', 'testing-failures'] },
  { title: 'API keys', pages: ['api-keys', 'protecting-keys', 'permissions', 'limits-and-retries'] },
  { title: 'Clara', pages: ['conversations', 'contacts'] },
  { title: 'Webhooks and events', pages: ['webhooks', 'webhooks-local', 'events'] },
  { title: 'When something is wrong', pages: ['errors', 'request-logs'] },
  { title: 'Run it', pages: ['self-hosting', 'configuration', 'team-and-sign-in', 'benchmarks'] },
]
