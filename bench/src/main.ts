/**
 * `npm run bench`: each figure beside its yardstick from the same run, as a ratio.
 * `npm run bench -- me/ messages` runs the rows whose names contain one of these.
 */
import { availableParallelism, loadavg } from 'node:os'
import { CONNECTIONS, hasWrk, ROUNDS, SECONDS } from './load.ts'
import { describeRow } from './report.ts'
import { deliveryRows } from './rows/deliveries.ts'
import { keyCheckRows } from './rows/key-check.ts'
import { limiterRows } from './rows/limiter.ts'
import { meRows } from './rows/me.ts'
import { messageRows } from './rows/messages.ts'
import { webhookRows } from './rows/webhooks.ts'
import { startServer } from './server.ts'

const rows = [...meRows, ...keyCheckRows, ...messageRows, ...limiterRows, ...webhookRows, ...deliveryRows]
const wanted = process.argv.slice(2)
const chosen = rows.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))

if (chosen.length === 0) {
  console.error(`No row is named so. The rows: ${rows.map(({ name }) => name).join(', ')}`)
  process.exitCode = 1
} else {
  await run()
}

async function run(): Promise<void> {
  const load = (await hasWrk) ? 'wrk' : 'autocannon'
  console.log(
    `${availableParallelism()} cores, Node ${process.versions.node}. Per second: ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s in turn; GETs by ${load}.`,
  )
  for (const row of chosen) {
    // A server of its own for each row: what one leaves behind doesn't weigh on the next.
    const server = await startServer()
    const [loadBefore = 0] = loadavg()
    try {
      const text = describeRow(row, await row.measure(server))
      console.log(`\n${text}\n  load       ${loadBefore.toFixed(1)} before, over a minute`)
    } finally {
      await server.stop()
    }
  }
}
