/** What text does to a page that takes it for markup: dialogs, marks, requests, elements, violations of the policy. */
import type { Page } from 'playwright-core'

export interface Injected {
  /** Everything that text did so far, in a word each. */
  done(): Promise<string[]>
}

/** Before the page is used. */
export async function watchInjected(page: Page, origin: string): Promise<Injected> {
  const done: string[] = []
  await page.exposeBinding('tellOfHarm', (_source, what: string) => void done.push(what))
  await page.addInitScript(() => {
    const tell = (what: string) => Reflect.get(globalThis, 'tellOfHarm')(what)
    document.addEventListener('securitypolicyviolation', (event) =>
      tell(`violation of ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`),
    )
    Object.defineProperty(globalThis, 'pwned', {
      configurable: false,
      set: () => void tell('a mark on the window'),
      get: () => undefined,
    })
  })
  page.on('dialog', async (dialog) => {
    done.push(`a dialog on ${page.url()}`)
    await dialog.dismiss()
  })
  page.on('pageerror', (error) => done.push(`error: ${error.message}`))
  page.on('popup', (popup) => done.push(`a window of ${popup.url()}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:')) done.push(`request to ${url}`)
    // What an `src=x` in the text of a page would ask for.
    else if (/\/x(?:$|[?"'])/.test(url)) done.push(`request to ${url}`)
  })
  return {
    async done() {
      // What the page has told by now has arrived once it answers.
      await page.evaluate(() => undefined)
      return done
    },
  }
}

/** In the page: elements and attributes that none of our pages has. */
export function harmIn(): string[] {
  const foreign = new Set(
    'iframe frame frameset object embed applet math marquee audio video picture source base xss portal animate set foreignobject use image mglyph meter'.split(
      ' ',
    ),
  )
  const harm: string[] = []
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName.toLowerCase()
    const address = element.getAttribute('src') ?? ''
    if (foreign.has(name) || element.hasAttribute('xss')) harm.push(element.outerHTML.slice(0, 200))
    if (name === 'script' && !address.startsWith('/')) harm.push(`script ${address}`)
    if (name === 'img' && !/^(\/assets\/|data:image\/)/.test(address)) harm.push(`img ${address}`)
    if (name === 'meta' && element.hasAttribute('http-equiv')) harm.push(element.outerHTML)
    for (const { name: attribute, value } of element.attributes) {
      if (/^on/i.test(attribute)) harm.push(`${name} ${attribute}`)
      if (
        /^(?:xlink:href|href|src|srcdoc|action|formaction|data|poster|background)$/i.test(attribute) &&
        /^\s*(?:javascript|vbscript|data:text|\/\/|https?:\/\/evil)/i.test(value)
      )
        harm.push(`${name} ${attribute}=${value}`)
    }
  }
  return harm
}

/** In the page: those of the texts that it doesn't show, but for how spaces are drawn. */
export function missingFrom(texts: string[]): string[] {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
  const shown = plain(document.body.textContent ?? '')
  return texts.filter((text) => !shown.includes(plain(text)))
}
