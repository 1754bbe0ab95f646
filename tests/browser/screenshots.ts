/**
 * `npm run screenshots [-- NAME …]`: takes docs/images anew, of every page or of those whose names contain one of the
 * given: the built pages on a real server with the data of a made-up business, at 1280 and 390 px, the main ones in dark,
 * too. Needs Chromium.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settled } from './accessible.ts'
import { documentation, inside, outside, over, type Place } from './places.ts'
import { seedBusiness } from './seed.ts'
import { openSite } from './site.ts'

const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 390, height: 844 }
const IN_DARK = new Set([
  'home',
  'conversation',
  'api-keys',
  'api-key-rotating',
  'webhook',
  'logs',
  'docs-api-keys',
])

const folder = fileURLToPath(new URL('../../docs/images', import.meta.url))
const wanted = process.argv.slice(2)
const isWanted = ({ name }: Place): boolean =>
  wanted.length === 0 || wanted.some((part) => name.includes(part))

const site = await openSite()
const signedIn = await site.newContext()
const business = await seedBusiness(site, signedIn)
const storageState = await signedIn.storageState()
await mkdir(folder, { recursive: true })

for (const [viewport, colorScheme] of [
  [WIDE, 'light'],
  [NARROW, 'light'],
  [WIDE, 'dark'],
] as const) {
  const ending = `${viewport.width}${colorScheme === 'dark' ? '-dark' : ''}.png`
  for (const [places, isSignedIn] of [
    [[...inside(business), ...over(business), ...documentation], true],
    [outside(business.invitationUrl), false],
  ] as const) {
    const options = { viewport, colorScheme, reducedMotion: 'reduce' as const }
    const context = await site.newContext(isSignedIn ? { ...options, storageState } : options)
    for (const place of places.filter(isWanted)) {
      if (place.isNarrowOnly === true && viewport !== NARROW) continue
      if (colorScheme === 'dark' && !IN_DARK.has(place.name)) continue
      const page = await context.newPage()
      await page.goto(place.path)
      await place.open?.(page)
      await settled(page)
      await page.screenshot({ path: join(folder, `${place.name}-${ending}`) })
      await page.close()
    }
    await context.close()
  }
}
await site.close()
await business.stop()
