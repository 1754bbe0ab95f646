/**
 * `npm run bench [-- NAME …]`: installs the yardsticks of bench/, which are no dependencies of the product, and runs it:
 * all rows, or those whose names contain one of the given.
 */
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const bench = fileURLToPath(new URL('../bench/', import.meta.url))
if (!isInstalled()) {
  console.error('Installing the yardsticks of bench/ …')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: bench,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
// Not a name that tools follow: they run without bench's own packages.
await import(pathToFileURL(`${bench}src/main.ts`).href)

/** npm notes what it installed, at the end: newer than the lock file, it is what the lock file names. */
function isInstalled(): boolean {
  const modifiedMs = (file: string) => statSync(bench + file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return modifiedMs('node_modules/.package-lock.json') >= modifiedMs('package-lock.json')
}
