/** Makes keys as their users do: the first of a workspace by the admin command, others by the API. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ADMIN = fileURLToPath(new URL('../../packages/server/src/admin.ts', import.meta.url))
/** Requests at a time. */
const AT_ONCE = 50

/** Makes a workspace of that name; the secret of a key that may do everything in its live environment. `env` says where. */
export async function createWorkspace(env: NodeJS.ProcessEnv, name: string): Promise<string> {
  const admin = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [ADMIN, ...args], { env })).stdout.trim()
  // A load is more than a standard plan allows.
  await admin('workspaces', 'create', '--name', name, '--plan', 'enterprise')
  return admin('keys', 'create', '--workspace', name, '--environment', 'live', '--name', 'bench')
}

/** Secrets of new keys in the environment that `key` belongs to. */
export async function createKeys(url: string, key: string, count: number): Promise<string[]> {
  const secrets: string[] = []
  while (secrets.length < count) {
    const length = Math.min(AT_ONCE, count - secrets.length)
    secrets.push(...(await Promise.all(Array.from({ length }, () => createKey(url, key)))))
  }
  return secrets
}

async function createKey(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/v1/api_keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench' }),
  })
  if (!response.ok) throw new Error(`no key was made: ${await response.text()}`)
  const { data } = (await response.json()) as { data: { secret: string } }
  return data.secret
}
