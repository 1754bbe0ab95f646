/** A whole AgentClara as people meet it: the built pages on a real server, and the machine's own Chromium. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildPages } from '../../scripts/pages.ts'
import { createDataFolder, startServer } from '../support/server.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** Why tests in a browser can't run here; with CI they must. */
export const withoutBrowser =
  CHROMIUM === undefined && process.env.CI !== 'true'
    ? 'no Chromium is installed (apt-get install chromium)'
    : undefined
if (withoutBrowser !== undefined) process.stderr.write(`Tests in a browser are skipped: ${withoutBrowser}\n`)

export const PASSWORD = 'correct horse battery staple'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Person {
  readonly name: string
  readonly email: string
}

export interface Site {
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly browser: Browser
  /** A person with a browser of their own. */
  newContext(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
  close(): Promise<void>
}

/** Close it in afterAll. */
export async function openSite(env: Record<string, string> = {}): Promise<Site> {
  await buildPages((text) => process.stderr.write(text))
  const folder = await createDataFolder()
  const all = { ...folder.env, AGENTCLARA_SIGN_UP: 'open', AGENTCLARA_LOG_LEVEL: 'warn', ...env }
  const server = await startServer(all)
  const browser = await launchBrowser()
  return {
    url: server.url,
    env: all,
    browser,
    newContext: (options = {}) => browser.newContext({ baseURL: server.url, ...options }),
    async close() {
      await browser.close()
      await server.stop()
      await folder.remove()
    },
  }
}

export function launchBrowser(extra: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: [...ARGUMENTS, ...extra],
  })
}

/** Fills the page of sign-up; whoever is first names the workspace then, and comes to the first steps. */
export async function signUp(page: Page, person: Person, workspace = 'Acme'): Promise<void> {
  await page.goto('/sign-up')
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/create-workspace')
  await page.getByRole('textbox').fill(workspace)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.waitForURL('**/welcome')
}
