/** What somebody with a keyboard alone gets to. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

interface Walk {
  /** Elements that Tab comes to by rights, and didn't. */
  readonly missed: string[]
  /** Elements that had the focus, and didn't show it. */
  readonly invisible: string[]
  readonly count: number
}

/** Presses Tab through all of the page as it was at the beginning. */
export async function tabThrough(page: Page): Promise<Walk> {
  const count = await page.evaluate(() => {
    const isReached = (element: HTMLElement) =>
      element.tabIndex >= 0 &&
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.matches(':disabled') &&
      element.closest('[inert], [aria-hidden="true"], [data-base-ui-focus-guard]') === null &&
      // Of radio buttons Tab comes to one, and arrows to the others.
      !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked)
    const all = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]'
    const expected = [...document.querySelectorAll<HTMLElement>(all)].filter(isReached)
    const reached = new Set<Element>()
    const invisible = new Set<Element>()
    const isOutlined = (element: Element, pseudo?: string) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element, pseudo)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
    }
    document.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLElement)) return
      reached.add(target)
      const around = [target, target.parentElement, target.parentElement?.parentElement]
      const isSeen = around.some((one) => one && isOutlined(one)) || isOutlined(target, '::after')
      if (!isSeen) invisible.add(target)
    })
    const told = (elements: Iterable<Element>) =>
      [...elements].map((element) => element.outerHTML.slice(0, 160))
    Object.assign(globalThis, {
      walked: () => ({
        // What left the page meanwhile can't be reached.
        missed: told(expected.filter((element) => element.isConnected && !reached.has(element))),
        invisible: told(invisible),
        count: expected.length,
      }),
    })
    return expected.length
  })
  for (let press = 0; press < count + 3; press++) await page.keyboard.press('Tab')
  return page.evaluate(() => (globalThis as unknown as { walked(): Walk }).walked())
}

const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element.contains(document.activeElement))

/** Opens a dialog from its button by keyboard: the focus goes in, stays, and comes back. */
export async function expectDialogKeepsFocus(opener: Locator): Promise<void> {
  const page = opener.page()
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog').filter({ visible: true }).first()
  await dialog.waitFor()
  await expect.poll(() => hasFocus(dialog)).toBe(true)
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab')
    const isOutside = await page.evaluate(() => {
      const at = document.activeElement
      return (
        at !== document.body &&
        at?.closest('[role="dialog"], [data-base-ui-focus-guard], [aria-hidden]') === null
      )
    })
    expect(isOutside).toBe(false)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => hasFocus(opener)).toBe(true)
}

/** Opens a menu by keyboard, goes through it by arrows, and comes back. */
export async function expectMenuByArrows(opener: Locator): Promise<void> {
  const page = opener.page()
  await opener.focus()
  await page.keyboard.press('Enter')
  const items = page.getByRole('menuitem')
  await items.first().waitFor()
  const at = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[role="menuitem"]')].indexOf(document.activeElement as Element),
    )
  const isIn = () => page.evaluate(() => document.activeElement?.closest('[role="menu"]') !== null)
  await expect.poll(isIn).toBe(true)
  await page.keyboard.press('Home')
  await expect.poll(at).toBe(0)
  await page.keyboard.press('ArrowDown')
  await expect.poll(at).toBe(1 % (await items.count()))
  await page.keyboard.press('End')
  await expect.poll(at).toBe((await items.count()) - 1)
  await page.keyboard.press('Escape')
  await items.first().waitFor({ state: 'hidden' })
  await expect.poll(() => hasFocus(opener)).toBe(true)
}
