/** Puts load on a URL for a while and says how many requests a second were answered well. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import autocannon from 'autocannon'

export interface Load {
  url: string
  connections: number
  seconds: number
  headers?: Record<string, string>
}

/** With wrk where it is installed: it leaves more of the machine to the server than any load made in Node does. */
export async function measureGet(load: Load): Promise<number> {
  return (await hasWrk) ? measureWithWrk(load) : measureWithAutocannon(load)
}

export const hasWrk: Promise<boolean> = promisify(execFile)('wrk', ['-v']).then(
  () => true,
  (error: { code?: unknown }) => error.code === 1,
)

async function measureWithWrk({ url, connections, seconds, headers = {} }: Load): Promise<number> {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, ...lines, url]
  const { stdout } = await promisify(execFile)('wrk', args)
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`not every request was answered well: ${stdout}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

async function measureWithAutocannon({ url, connections, seconds, headers = {} }: Load): Promise<number> {
  const result = await autocannon({ url, connections, duration: seconds, headers })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} not 2xx, ${result.errors} errors`)
  return result.requests.average
}

export interface PostLoad extends Load {
  /** Paths that the connections take in turn. */
  paths: string[]
  body: string
}

export async function measurePost({
  url,
  connections,
  seconds,
  headers = {},
  paths,
  body,
}: PostLoad): Promise<number> {
  const requests = paths.map((path) => ({ method: 'POST' as const, path, body }))
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    headers: { ...headers, 'content-type': 'application/json' },
    requests,
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} not 2xx, ${result.errors} errors`)
  return result.requests.average
}

/** Runs the two in turn, so that what the machine does besides meets both, and takes the median of each. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  yardstick: () => Promise<number>,
): Promise<{ ours: number; yardstick: number }> {
  const results: { ours: number; yardstick: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await ours() : await yardstick()
    const second = round % 2 === 0 ? await yardstick() : await ours()
    results.push(round % 2 === 0 ? { ours: first, yardstick: second } : { ours: second, yardstick: first })
  }
  return {
    ours: median(results.map((result) => result.ours)),
    yardstick: median(results.map((result) => result.yardstick)),
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
