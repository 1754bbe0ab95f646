/** What a page does beside what it shows: errors, violations of the policy, requests to elsewhere. */
import type { Page } from 'playwright-core'

export interface Watched {
  /** In the words of the browser; answers that a test provokes are named by `expected`. */
  readonly problems: string[]
}

/** `expected`: endings of paths whose failures are part of the test, such as `401 /v1/me`. */
export function watch(page: Page, origin: string, expected: readonly string[] = []): Watched {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // The browser says of each failed answer that it failed: those are told of by their status, below.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:'))
      problems.push(`request to elsewhere: ${url}`)
  })
  page.on('response', (response) => {
    const said = `${response.status()} ${new URL(response.url()).pathname}`
    if (response.status() >= 400 && !expected.includes(said)) problems.push(said)
  })
  return { problems }
}
