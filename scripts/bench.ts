/** `npm run bench`: installs the yardsticks of bench/, which are no dependencies of the product, and runs it. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const bench = fileURLToPath(new URL('../bench/', import.meta.url))
if (!existsSync(`${bench}node_modules`)) {
  console.error('Installing the yardsticks of bench/ …')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: bench,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
// Not a name that tools follow: they run without bench's own packages.
await import(pathToFileURL(`${bench}src/main.ts`).href)
