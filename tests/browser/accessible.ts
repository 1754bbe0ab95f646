/** What axe and the keyboard find on the page as it is. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Nothing is on its way any more, and nothing moves. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ timeout: 30_000 })
  await page.waitForFunction(
    () =>
      document.querySelector('.bg-selected.animate-pulse-slow') === null &&
      document.getAnimations().every(({ playState }) => playState !== 'running') &&
      document.querySelector('[data-starting-style], [data-ending-style]') === null,
    undefined,
    { timeout: 30_000 },
  )
}

/** Each as `rule: element: what is wrong`, in all of the page or in what `selector` names. */
export async function violations(page: Page, selector?: string): Promise<string[]> {
  // Evaluated by the debugger, which no policy of the page concerns.
  await page.evaluate(`${await axe}; 0`)
  const { violations: found } = await page.evaluate((within) => {
    const { axe: library } = globalThis as unknown as {
      axe: { run(context: object, options: object): Promise<AxeResults> }
    }
    return library.run(within === undefined ? document : { include: [within] }, {
      resultTypes: ['violations'],
    })
  }, selector)
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  )
}

/** By how much the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
