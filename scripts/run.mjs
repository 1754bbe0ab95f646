/**
 * `node scripts/run.mjs TARGET [ARGUMENT …]`: installs what is missing or stale, then runs TARGET on the pinned Node,
 * whatever Node the machine has (18 or newer). TARGET is a file of this repository (.ts), or the name of a package
 * that brings a command. Everything this script says goes to stderr: stdout belongs to the target.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.agentclara-installed')
const lockFolder = join(root, '.installing')
const nodeBinary = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** An installation that takes longer was most likely killed. */
const INSTALL_LIMIT_MS = 10 * 60_000

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

/** What npm itself notes at the end of an installation: newer than the lock file, it is one of this very lock file. */
function isInstalledByHand() {
  try {
    return (
      statSync(join(modules, '.package-lock.json')).mtimeMs >=
      statSync(join(root, 'package-lock.json')).mtimeMs
    )
  } catch {
    return false
  }
}

function isInstalled() {
  if (!existsSync(nodeBinary)) return false
  if (read(stampFile) === wanted) return true
  if (!isInstalledByHand()) return false
  writeFileSync(stampFile, wanted)
  return true
}

/** One installation at a time: a folder can be made only once. Returns when this process has it, or nothing is left to do. */
function lock() {
  for (;;) {
    try {
      mkdirSync(lockFolder)
      return true
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    try {
      if (Date.now() - statSync(lockFolder).mtimeMs > INSTALL_LIMIT_MS)
        rmSync(lockFolder, { recursive: true, force: true })
    } catch {
      // The other installation has just ended.
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    if (isInstalled()) return false
  }
}

function install() {
  if (!lock()) return
  const unlock = () => rmSync(lockFolder, { recursive: true, force: true })
  process.once('exit', unlock)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  process.stderr.write('Installing dependencies (npm ci) …\n')
  // Without the pinned Node in front: npm must not run on the very files that it replaces.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.endsWith(join('node_modules', '.bin')))
  const { status, stdout, stderr, error } = spawnSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      env: { ...process.env, PATH: path.join(delimiter) },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    },
  )
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : `${error.message}\n`}`)
    process.stderr.write('Installing failed: see above; then start again.\n')
    process.exit(1)
  }
  writeFileSync(stampFile, wanted)
  unlock()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
}

function entryOf(target) {
  if (target.endsWith('.ts')) return join(root, ...target.split('/'))
  const folder = join(modules, ...target.split('/'))
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[target.split('/').at(-1)])
}

const [target, ...args] = process.argv.slice(2)
if (target === undefined) {
  process.stderr.write('Usage: node scripts/run.mjs TARGET [ARGUMENT …]\n')
  process.exit(2)
}
if (!isInstalled()) install()

const entry = entryOf(target)
const pinned = `v${JSON.parse(readFileSync(join(modules, 'node', 'package.json'), 'utf8')).version}`
if (process.version === pinned) {
  const { enableCompileCache } = await import('node:module')
  // What was compiled at one start is read at the next.
  if (target.endsWith('.ts')) enableCompileCache(join(modules, '.cache', 'compiled'))
  process.argv = [process.execPath, entry, ...args]
  await import(pathToFileURL(entry).href)
} else {
  // The channel tells the target when this process is gone; nothing is sent on it.
  const child = spawn(nodeBinary, [join(root, 'scripts', 'run.mjs'), target, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
