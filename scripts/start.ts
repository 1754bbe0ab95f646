/** `npm start`: the server, with its pages built before when they aren't, or are older than their sources. */
import { buildPages } from './pages.ts'

try {
  await buildPages((text) => process.stderr.write(text))
} catch (error) {
  // The API is worth having without them.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.stderr.write('The API starts all the same, with the pages that are there.\n')
}
await import('../packages/server/src/main.ts')
