/** Where the SDK runs, asked of the globals: it imports nothing of Node's, so that browsers load it, too. */

interface Globals {
  process?: { env?: Record<string, string | undefined>; versions?: { node?: string } }
  document?: unknown
  location?: { href: string }
}

// The globals of any runtime, of which each may be missing.
const globals = globalThis as Globals

/** An environment variable; undefined where there are none, and when it is empty. */
export function environmentVariable(name: string): string | undefined {
  return globals.process?.env?.[name] || undefined
}

/** A web page, or what takes itself for one; not a test in Node that has a document of its own. */
export function isBrowser(): boolean {
  return globals.document !== undefined && globals.process?.versions?.node === undefined
}

/** What a URL without a host is relative to. */
export function pageUrl(): string | undefined {
  return globals.location?.href
}

/** Version 4 (RFC 9562). `crypto.randomUUID` is missing in pages that were loaded by http from another machine. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Resolves after so long. Rejects with the signal's reason when it is aborted first. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
