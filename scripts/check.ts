/** `npm run check`: everything that can be said about the code without running it. Runs all, and says all that failed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (path: string) => [
  process.execPath,
  fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url)),
]

/** Types are checked by TypeScript 7. The package `typescript` is version 6, whose API dependency-cruiser needs. */
const checks: [name: string, command: string[]][] = [
  ['format and lint', [...bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']],
  ['types', [...bin('typescript7/bin/tsc'), '-p', '.']],
  ['types of the dashboard', [...bin('typescript7/bin/tsc'), '-p', 'packages/dashboard']],
  ['types of tests in a browser', [...bin('typescript7/bin/tsc'), '-p', 'tests/browser']],
  ['types of the documentation', [...bin('typescript7/bin/tsc'), '-p', 'packages/docs-site']],
  ['imports', [...bin('dependency-cruiser/bin/dependency-cruiser.mjs'), 'packages', 'tests', 'scripts']],
  ['unused code', [...bin('knip/bin/knip.js')]],
  ['generated files', [process.execPath, 'scripts/generate.ts', '--check']],
]

const hasBench = existsSync(new URL('../bench/node_modules', import.meta.url))
if (hasBench) checks.push(['types of bench', [...bin('typescript7/bin/tsc'), '-p', 'bench']])
else console.log('passed over: types of bench, whose packages npm run bench installs')

const failed: string[] = []
for (const [name, [command = '', ...args]] of checks) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  console.log(`${code === 0 ? 'ok    ' : 'failed'} ${name}`)
  if (code !== 0) failed.push(name)
}
process.exitCode = failed.length === 0 ? 0 : 1
