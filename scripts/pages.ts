/**
 * Builds what people see of AgentClara, the dashboard and the documentation, into their dist folders, when it isn't
 * there or something that it is made of has changed since.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Site {
  readonly title: string
  readonly dist: string
  /** Files and folders that it is made of, beside the lock file. */
  readonly sources: readonly string[]
  /** Of a process of the Node that runs this. */
  readonly command: readonly string[]
}

const SITES: readonly Site[] = [
  {
    title: 'the dashboard',
    dist: 'packages/dashboard/dist',
    sources: [
      'packages/dashboard/src',
      'packages/dashboard/index.html',
      'packages/dashboard/vite.config.ts',
      'packages/dashboard/package.json',
      'packages/sdk/src',
    ],
    command: ['node_modules/vite/bin/vite.js', 'build', 'packages/dashboard', '--logLevel', 'warn'],
  },
  {
    title: 'the documentation',
    dist: 'packages/docs-site/dist',
    sources: [
      'packages/docs-site/src',
      'packages/docs-site/package.json',
      // Its colours.
      'packages/dashboard/src/styles.css',
      'docs',
      'openapi.json',
    ],
    command: ['packages/docs-site/src/main.ts'],
  },
]

/** Written last: without it a folder is no whole build. */
const STAMP = '.built'
/** A build that takes longer was most likely killed. */
const BUILD_LIMIT_MS = 5 * 60_000
const LOOK_AGAIN_MS = 200
const COMPRESSED = new Set(['.css', '.html', '.js', '.json', '.md', '.svg', '.txt', '.webmanifest'])
/** Shorter ones fit a packet as they are. */
const MIN_COMPRESSED_BYTES = 1_024

/** Hears what is being built, before it is. Throws with what the builder printed when a build fails. */
export async function buildPages(say: (text: string) => void): Promise<void> {
  const stale: Site[] = []
  for (const site of SITES) if (await isStale(site)) stale.push(site)
  if (stale.length === 0) return
  await locked(async () => {
    const left: Site[] = []
    // Another process may just have built some.
    for (const site of stale) if (await isStale(site)) left.push(site)
    if (left.length === 0) return
    say(`Building ${left.map(({ title }) => title).join(' and ')} …\n`)
    const ends = await Promise.allSettled(left.map(build))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  })
}

async function isStale(site: Site): Promise<boolean> {
  const stamp = await readFile(join(root, site.dist, STAMP), 'utf8').catch(() => undefined)
  return stamp !== (await digestOf(site))
}

async function build(site: Site): Promise<void> {
  await rm(join(root, site.dist), { recursive: true, force: true })
  const child = spawn(process.execPath, [...site.command], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += chunk))
  child.stderr.on('data', (chunk) => (printed += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`Building ${site.title} failed:\n${printed}`)
  const files = await filesIn(join(root, site.dist))
  await Promise.all(files.map(compress))
  // As it is now: the list of routes is written by the build of the dashboard.
  await writeFile(join(root, site.dist, STAMP), await digestOf(site))
}

/** Beside the file as `.br` and `.gz`, where that is smaller by a tenth. */
async function compress(file: string): Promise<void> {
  if (!COMPRESSED.has(extname(file))) return
  const body = await readFile(file)
  if (body.length < MIN_COMPRESSED_BYTES) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(body, { params }),
    promisify(gzip)(body, { level: constants.Z_BEST_COMPRESSION }),
  ])
  for (const [ending, bytes] of [['br', br] as const, ['gz', gz] as const])
    if (bytes.length < body.length * 0.9) await writeFile(`${file}.${ending}`, bytes)
}

async function digestOf(site: Site): Promise<string> {
  const hash = createHash('sha256')
  for (const source of ['package-lock.json', 'scripts/pages.ts', ...site.sources]) {
    for (const file of await filesIn(join(root, source))) {
      if (/\.test\.tsx?$/.test(file)) continue
      hash.update(`${file.slice(root.length)}\n`).update(await readFile(file))
    }
  }
  return hash.digest('hex')
}

/** The file itself, or all in the folder, in the order of their names. */
async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return []
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** One build at a time, of all processes on this folder. */
async function locked(work: () => Promise<void>): Promise<void> {
  const folder = join(root, '.building')
  for (;;) {
    try {
      await mkdir(folder)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > BUILD_LIMIT_MS) await rm(folder, { recursive: true, force: true })
    else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  const unlock = () => rm(folder, { recursive: true, force: true })
  const onSignal = (): void => void unlock().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, onSignal)
  try {
    await work()
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, onSignal)
    await unlock()
  }
}
