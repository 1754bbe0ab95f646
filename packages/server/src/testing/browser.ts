/** People who are signed in, for tests of routes: as a browser would, with the cookies that the server set. */
import type { RequestOptions, TestApp, TestResponse } from './app.ts'

export const PASSWORD = 'correct horse battery'
/** Of the pages of a server that was made with createTestApp. */
export const ORIGIN = 'http://localhost:4000'

/** A browser: it keeps cookies, and says where its page is from. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #server: Pick<TestApp, 'request'>
  /** As `RequestOptions.headers`: which workspace and environment it shows, say. */
  headers: Record<string, string> = {}

  constructor(server: Pick<TestApp, 'request'>) {
    this.#server = server
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async request(route: string, options: RequestOptions = {}): Promise<TestResponse> {
    const headers: Record<string, string> = {
      origin: ORIGIN,
      ...(this.cookies.size === 0 ? {} : { cookie: this.cookie }),
      ...this.headers,
      ...options.headers,
    }
    const response = await this.#server.request(route, { ...options, headers })
    for (const line of [response.headers['set-cookie'] ?? []].flat().map(String)) {
      const [pair = '', ...flags] = line.split('; ')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (value === '' || flags.some((flag) => /^max-age=0$/i.test(flag))) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }

  /** Throws when it doesn't succeed. */
  async must(route: string, options: RequestOptions = {}): Promise<TestResponse> {
    const response = await this.request(route, options)
    if (response.status < 400) return response
    throw new Error(`${route} answered ${response.status}: ${response.text}`)
  }

  signIn(email: string, password = PASSWORD): Promise<TestResponse> {
    return this.must('POST /auth/sign-in/email', { body: { email, password } })
  }
}

/** Signs up: the first person of an installation, or one with the token of an invitation. */
export async function signUp(
  server: Pick<TestApp, 'request'>,
  name: string,
  { email = `${name.toLowerCase()}@example.com`, invitation }: { email?: string; invitation?: string } = {},
): Promise<Browser> {
  const browser = new Browser(server)
  const body = { name, email, password: PASSWORD, ...(invitation === undefined ? {} : { invitation }) }
  await browser.must('POST /auth/sign-up/email', { body })
  return browser
}
