/**
 * `npm run chaos [-- MESSAGES]`: the long proof that webhooks lose nothing, on a real server that is killed and whose
 * PostgreSQL is restarted while it delivers to receivers that fail. 10,000 messages unless told otherwise. Exit code 1
 * when a guarantee broke.
 */
import { runChaos } from '../chaos/run.ts'

const messages = Number(process.argv[2] ?? 10_000)
const { broken, figures } = await runChaos(messages, (line) => console.error(line))
for (const line of figures) console.log(line)
for (const line of broken) console.log(`BROKEN: ${line}`)
console.log(broken.length === 0 ? 'Every guarantee held.' : `${broken.length} guarantees broke.`)
process.exitCode = broken.length === 0 ? 0 : 1
