/** Puts load on a URL for a while and says how many requests a second were answered well. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import autocannon from 'autocannon'

/** Of every row that puts load on a URL. */
export const CONNECTIONS = 64
export const ROUNDS = 5
export const SECONDS = 4

export interface Load {
  url: string
  connections: number
  seconds: number
}

export interface GetLoad extends Load {
  /** Secrets: each connection brings one of them, as clients do, in turn from one connection to the next. */
  keys: string[]
}

/** With wrk where it is installed: it leaves more of the machine to the server than any load made in Node does. */
export async function measureGet(load: GetLoad): Promise<number> {
  return (await hasWrk) ? measureWithWrk(load) : measureWithAutocannon(load)
}

export const hasWrk: Promise<boolean> = promisify(execFile)('wrk', ['-v']).then(
  () => true,
  (error: { code?: unknown }) => error.code === 1,
)

async function measureWithWrk({ url, connections, seconds, keys }: GetLoad): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'agentclara-bench-wrk-'))
  const script = join(folder, 'keys.lua')
  await writeFile(script, keyOfEachThread(keys))
  // A thread for each connection: they share nothing. A slow answer is an answer: what is slow shows in the figure.
  const args = [
    `-t${connections}`,
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    url,
  ]
  const { stdout } = await promisify(execFile)('wrk', args)
  await rm(folder, { recursive: true })
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`not every request was answered well: ${stdout}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

/** For wrk, whose threads are numbered in the order they are set up. */
function keyOfEachThread(keys: string[]): string {
  return `
    local keys, threads = { ${keys.map((key) => `"${key}"`).join(', ')} }, 0
    function setup(thread)
      thread:set("key", keys[threads % #keys + 1])
      threads = threads + 1
    end
    function init(args)
      wrk.headers["authorization"] = "Bearer " .. key
    end
  `
}

async function measureWithAutocannon({ keys, ...load }: GetLoad): Promise<number> {
  const requests = keys.map((key) => ({ headers: { authorization: `Bearer ${key}` } }))
  return measure({ ...load, requests })
}

export interface PostLoad extends Load {
  key: string
  /** Paths that the connections take in turn. */
  paths: string[]
  body: string
}

export async function measurePost({ key, paths, body, ...load }: PostLoad): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const requests = paths.map((path) => ({ method: 'POST' as const, path, body, headers }))
  return measure({ ...load, requests })
}

async function measure({ seconds, ...load }: Load & { requests: autocannon.Request[] }): Promise<number> {
  const { non2xx, errors, requests } = await autocannon({ ...load, duration: seconds })
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} not 2xx, ${errors} errors`)
  return requests.average
}
