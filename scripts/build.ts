/**
 * `npm run build [-- PACKAGE …]`: builds the pages, unless packages are named, and compiles the packages that are
 * published into their dist folder, which is what `npm publish packages/NAME/dist` publishes. Its package.json is that
 * of the workspace with the fields of `publishConfig` in place of those that lead to the sources, which is how the
 * workspaces themselves are run.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildPages } from './pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiler = fileURLToPath(new URL('../node_modules/typescript7/bin/tsc', import.meta.url))

/** In this order: later ones are compiled against what was built of earlier ones. */
const PACKAGES = ['key-format', 'webhook-signature', 'sdk', 'cli']

interface Manifest {
  private?: boolean
  scripts?: Record<string, string>
  devDependencies?: Record<string, string>
  bin?: Record<string, string>
  publishConfig?: { access?: string; bin?: Record<string, string> }
}

function build(name: string): void {
  const folder = `${root}packages/${name}`
  rmSync(`${folder}/dist`, { recursive: true, force: true })
  const { status } = spawnSync(process.execPath, [compiler, '-p', `${folder}/tsconfig.build.json`], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`packages/${name} does not compile`)
  // What follows is written by this repository.
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest
  const {
    private: _,
    scripts: __,
    devDependencies: ___,
    publishConfig: { access, ...published } = {},
    ...rest
  } = manifest
  const built: Manifest = { ...rest, ...published, publishConfig: { ...(access && { access }) } }
  writeFileSync(`${folder}/dist/package.json`, `${JSON.stringify(built, null, 2)}\n`)
  for (const file of Object.values(built.bin ?? {})) chmodSync(`${folder}/dist/${file}`, 0o755)
  if (existsSync(`${folder}/README.md`)) copyFileSync(`${folder}/README.md`, `${folder}/dist/README.md`)
  copyFileSync(`${root}LICENSE`, `${folder}/dist/LICENSE`)
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !PACKAGES.includes(name))
if (unknown.length > 0) {
  console.error(`No package to build: ${unknown.join(', ')}. There are ${PACKAGES.join(', ')}.`)
  process.exit(2)
}
for (const name of PACKAGES.filter((each) => wanted.length === 0 || wanted.includes(each))) build(name)
if (wanted.length === 0) await buildPages((text) => console.log(text.trimEnd()))
