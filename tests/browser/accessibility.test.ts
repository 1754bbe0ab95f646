/** Everybody can use every page: axe finds nothing, in light and dark, wide and narrow, and the keyboard reaches everything. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overflow, settled, violations } from './accessible.ts'
import { expectDialogKeepsFocus, expectMenuByArrows, tabThrough } from './keyboard.ts'
import { documentation, documentationPlace, inside, outside, over, type Place } from './places.ts'
import { type Business, seedBusiness } from './seed.ts'
import { openSite, type Site, withoutBrowser } from './site.ts'

const IS_LONG = process.env.AGENTCLARA_LONG_TESTS === '1'

const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 390, height: 844 }
type Form = readonly [scheme: 'light' | 'dark', viewport: typeof WIDE]
const FORMS: readonly Form[] = [
  ['light', WIDE],
  ['dark', NARROW],
  ...(IS_LONG ? [['dark', WIDE] as const, ['light', NARROW] as const] : []),
]

let site: Site
let business: Business
let signedIn: BrowserContext

/** As `signedIn`, or as nobody. */
async function newPage([colorScheme, viewport]: Form, isSignedIn = true): Promise<Page> {
  const context = await site.newContext({
    colorScheme,
    viewport,
    reducedMotion: 'reduce',
    ...(isSignedIn && { storageState: await signedIn.storageState() }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return page
}

/** What is wrong at each, in words that say where. Two are looked at side by side. */
async function problemsAt(places: readonly Place[], form: Form, isSignedIn = true): Promise<string[]> {
  const left = places.filter(({ isNarrowOnly }) => isNarrowOnly !== true || form[1] === NARROW)
  const found: string[] = []
  const lookAtAll = async () => {
    const page = await newPage(form, isSignedIn)
    for (let place = left.shift(); place !== undefined; place = left.shift()) {
      await page.goto(place.path)
      await place.open?.(page)
      await settled(page)
      // What it opened over was looked at by itself.
      const within = place.open === undefined ? undefined : '[role="dialog"]'
      for (const violation of await violations(page, within)) found.push(`${place.name}: ${violation}`)
      const px = await overflow(page)
      if (px > 0) found.push(`${place.name}: ${px} px wider than the window`)
    }
    await page.context().close()
  }
  await Promise.all([lookAtAll(), lookAtAll()])
  return found
}

/** All that the navigation leads to, and two of those that it doesn't. */
async function allDocumentation(): Promise<Place[]> {
  const page = await newPage(['light', WIDE], false)
  await page.goto('/docs')
  const links = page.getByRole('navigation', { name: 'Documentation' }).getByRole('link')
  const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  await page.context().close()
  return [...new Set(['/docs/errors/rate_limited', '/docs/nowhere', ...paths])].map(documentationPlace)
}

describe.skipIf(withoutBrowser !== undefined)('everybody', () => {
  beforeAll(async () => {
    site = await openSite()
    signedIn = await site.newContext()
    business = await seedBusiness(site, signedIn)
  })
  afterAll(async () => {
    await site?.close()
    await business?.stop()
  })

  for (const form of FORMS) {
    const [scheme, { width }] = form
    test(`can use the pages in ${scheme} at ${width} px`, async () => {
      const places = [...inside(business), ...(IS_LONG ? await allDocumentation() : documentation)]
      expect(await problemsAt(places, form)).toEqual([])
    })

    test(`can use what opens over pages in ${scheme} at ${width} px`, async () => {
      expect(await problemsAt(over(business), form)).toEqual([])
    })

    test(`can sign in in ${scheme} at ${width} px`, async () => {
      expect(await problemsAt(outside(business.invitationUrl), form, false)).toEqual([])
    })
  }

  test('reaches everything with Tab, and sees where they are', async () => {
    const left = [...inside(business), ...documentation.slice(0, 2)]
    const found: string[] = []
    const walkAll = async () => {
      const page = await newPage(['light', WIDE])
      for (let place = left.shift(); place !== undefined; place = left.shift()) {
        await page.goto(place.path)
        await settled(page)
        const { missed, invisible, count } = await tabThrough(page)
        expect(count).toBeGreaterThan(0)
        for (const element of missed) found.push(`${place.name}: not reached: ${element}`)
        for (const element of invisible) found.push(`${place.name}: focus not seen: ${element}`)
      }
      await page.context().close()
    }
    await Promise.all([walkAll(), walkAll()])
    expect(found).toEqual([])
  })

  test('opens dialogs and menus by keyboard, stays in them, and comes back', async () => {
    const page = await newPage(['light', WIDE])
    const { key } = business.ids
    await page.goto('/settings/advanced/api-keys')
    await settled(page)
    await expectDialogKeepsFocus(page.getByRole('button', { name: 'Create New Key' }).first())
    await expectMenuByArrows(page.getByRole('button', { name: /account menu/ }))
    await page.goto(`/settings/advanced/api-keys/${key}`)
    await settled(page)
    await expectDialogKeepsFocus(page.getByRole('button', { name: 'Revoke' }))
    await expectMenuByArrows(page.getByRole('button', { name: 'More actions' }))
    await page.goto('/settings/members')
    await settled(page)
    await expectDialogKeepsFocus(page.getByRole('button', { name: 'Invite' }))
    await page.context().close()
  })
})
