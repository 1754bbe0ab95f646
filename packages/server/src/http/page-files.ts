/** Built pages and their assets, read into memory once: nothing that a request names ever reaches the disk. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly etag: string
  /** Its name changes with what it says: it may be kept for good. */
  readonly isHashed: boolean
  readonly isHtml: boolean
  readonly body: Buffer
  /** As it was compressed when it was built; undefined: not worth it. */
  readonly brotli: Buffer | undefined
  readonly gzip: Buffer | undefined
}

/** By path: `/assets/main-3fa9c1.js`; pages without `.html`, and the page of a folder by the folder's path. */
export type PageFiles = ReadonlyMap<string, PageFile>

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}
/** What the builds of this repository put before the extension: `-` and at least 8 characters. */
const HASHED = /\/assets\/.+-[\w-]{8,}\.\w+$/

/** Reads the folders, the first one that has a path winning. A folder that isn't there has no files. */
export async function readPageFiles(folders: readonly string[]): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      const type = TYPES[extname(name)]
      if (type === undefined) continue
      const path = pathOf(name)
      if (files.has(path)) continue
      const file = join(folder, name)
      const [body, brotli, gzip] = await Promise.all([
        readFile(file),
        readIfThere(`${file}.br`),
        readIfThere(`${file}.gz`),
      ])
      files.set(path, {
        type,
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        isHashed: HASHED.test(path),
        isHtml: name.endsWith('.html'),
        body,
        brotli,
        gzip,
      })
    }
  }
  return files
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function pathOf(name: string): string {
  const path = `/${name.split(sep).join('/')}`
  if (!path.endsWith('.html')) return path
  const page = path.slice(0, -'.html'.length)
  return page === '/index' ? '/' : page.replace(/\/index$/, '')
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
