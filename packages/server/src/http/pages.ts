/**
 * Pages for people, beside the API: the dashboard and the documentation. They come first where somebody asks for HTML;
 * a program that asks for a path which isn't there is still told so as JSON.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageFile, PageFiles } from './page-files.ts'

/** The whole dashboard: it looks at the path itself. */
const DASHBOARD = '/'
const NO_SUCH_DOCUMENT = '/docs/404'
/** Paths that are never pages of the dashboard, whoever asks. */
const NOT_DASHBOARD = /^\/(?:v1|auth|docs|assets)(?:\/|$)|\.\w+$/

/** Scripts, styles, fonts and requests of this server alone; nothing inline, nothing framed. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export class Pages {
  readonly #files: PageFiles
  readonly #isSecure: () => boolean

  /** `isSecure`: clients reach this server by https alone, and browsers shall remember it. */
  constructor(files: PageFiles, isSecure: () => boolean) {
    this.#files = files
    this.#isSecure = isSecure
  }

  /** True when the request was for a page, and is answered. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean {
    const { method, url } = request
    if ((method !== 'GET' && method !== 'HEAD') || url.startsWith('/v1/')) return false
    const found = this.#find(url, wantsHtml(request))
    if (found === undefined) return false
    this.#send(request, reply, found.file, found.status)
    return true
  }

  #find(url: string, isForPerson: boolean): { file: PageFile; status: 200 | 404 } | undefined {
    const end = url.indexOf('?')
    const path = withoutTrailingSlash(end === -1 ? url : url.slice(0, end))
    const file = path === DASHBOARD && !isForPerson ? undefined : this.#files.get(path)
    if (file !== undefined) return { file, status: 200 }
    if (!isForPerson) return undefined
    if (path.startsWith('/docs/')) return notUndefined(this.#files.get(NO_SUCH_DOCUMENT), 404)
    if (NOT_DASHBOARD.test(path)) return undefined
    return notUndefined(this.#files.get(DASHBOARD), 200)
  }

  #send(request: FastifyRequest, reply: FastifyReply, file: PageFile, status: 200 | 404): void {
    reply
      .code(status)
      .headers(HEADERS)
      .header('cache-control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('etag', file.etag)
      .header('vary', file.isHtml ? 'Accept, Accept-Encoding' : 'Accept-Encoding')
      .type(file.type)
    if (this.#isSecure()) reply.header('strict-transport-security', 'max-age=31536000')
    if (status === 200 && request.headers['if-none-match'] === file.etag) {
      reply.code(304).send()
      return
    }
    const accepted = request.headers['accept-encoding'] ?? ''
    if (file.brotli !== undefined && takes(accepted, 'br')) {
      reply.header('content-encoding', 'br').send(file.brotli)
    } else if (file.gzip !== undefined && takes(accepted, 'gzip')) {
      reply.header('content-encoding', 'gzip').send(file.gzip)
    } else reply.send(file.body)
  }
}

function notUndefined(file: PageFile | undefined, status: 200 | 404) {
  return file === undefined ? undefined : { file, status }
}

/** Browsers that open a page name HTML; programs and requests of pages don't. */
function wantsHtml({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** RFC 9110, section 12.5.3, as far as browsers use it: named, and not with a weight of 0. */
function takes(accepted: string, coding: string): boolean {
  return accepted.split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((text) => text.trim())
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
}
