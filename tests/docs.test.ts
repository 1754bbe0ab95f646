/** Every code block of the guides is run, on a real server, each page from top to bottom. See support/docs-blocks.ts. */
import { readdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAdmin } from '../packages/server/src/app.ts'
import { parseConfig } from '../packages/server/src/config.ts'
import { adminCaller } from '../packages/server/src/features/api-keys/service.ts'
import { parsePage } from './support/docs-blocks.ts'
import { runPage } from './support/docs-run.ts'
import { createShared, type Shared } from './support/nodes.ts'
import { startServer, type TestServer } from './support/server.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const guides = (await readdir(`${root}docs`)).filter((name) => name.endsWith('.md'))
const paths = [...guides.map((name) => `docs/${name}`), 'README.md', 'packages/sdk/README.md']

let shared: Shared
let server: TestServer
let admin: Awaited<ReturnType<typeof createAdmin>>

beforeAll(async () => {
  shared = await createShared()
  server = await startServer({ ...shared.env, WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,::1/128' })
  const config = parseConfig({ AGENTCLARA_DATABASE_POOL_SIZE: '2' })
  const installationSecret = parseConfig({ ...shared.env }).installationSecret
  if (installationSecret === undefined) throw new Error('the servers have no installation secret')
  const log = pino({ level: 'silent' })
  // Somebody whom the guide to people is about.
  const person = { name: 'Ada', email: 'ada@example.com', password: 'a password of Ada’s' }
  const signUp = await fetch(`${server.url}/auth/sign-up/email`, {
    method: 'POST',
    headers: { origin: server.url, 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })
  if (!signUp.ok) throw new Error(`Ada can’t sign up: ${await signUp.text()}`)
  admin = await createAdmin({ config, target: shared.database.url, installationSecret, log })
})
afterAll(async () => {
  await admin.close()
  await server.stop()
  await shared.remove()
})

async function run(path: string): Promise<void> {
  const page = parsePage(path, await readFile(`${root}${path}`, 'utf8'))
  const { id } = await admin.workspaces.create(`Readers of ${path}`)
  const caller = adminCaller(await admin.workspaces.getScope(id, 'test'))
  const { secret } = await admin.apiKeys.create(caller, { name: 'Guide', permissions: ['*'] })
  await runPage(page, {
    url: server.url,
    key: secret,
    workspace: id,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, ...shared.env },
    async fileOf(name, file) {
      const other = parsePage(name, await readFile(`${root}docs/${name}`, 'utf8'))
      const block = other.groups.flat().find(({ marks }) => marks.file === file)
      if (block === undefined) throw new Error(`docs/${name} shows no file ${file}`)
      return block.code
    },
  })
}

describe.concurrent('every code block runs as it stands, and prints what the page shows', () => {
  test.each(paths)('%s', { timeout: 300_000 }, (path) => run(path))
})

test('a block that fails, or prints something else than is shown, fails with its page and line', async () => {
  const check = async (markdown: string) =>
    runPage(parsePage('docs/some.md', markdown), {
      url: server.url,
      key: '',
      workspace: '',
      env: process.env,
      fileOf: () => Promise.reject(new Error('there is none')),
    })
  const shown = (text: string) => `\n<!-- run: output -->\n\`\`\`json\n${text}\n\`\`\`\n`
  await expect(check('# A\n\n```bash\necho oh; exit 3\n```\n')).rejects.toThrow(
    /docs\/some\.md:4 \(bash\) ended with 3 instead of 0\n.*\noh/,
  )
  const prints = '```bash\necho \'{"success": true, "data": {"id": "cust_1", "tags": ["a"]}}\'\n```\n'
  await check(prints + shown('{ "id": "cust_…", "tags": ["a"] }'))
  await expect(check(prints + shown('{ "tags": ["b"] }'))).rejects.toThrow(
    /docs\/some\.md:\d+ \(json\) \.tags\[0\] is "a", and the page shows "b"/,
  )
  await expect(check('```cobol\n```\n')).rejects.toThrow(/no language "cobol"/)
})

test('every code of an error has its place in the guide to errors', async () => {
  const guide = await readFile(`${root}docs/errors.md`, 'utf8')
  const codes = await readdir(`${root}docs/errors`)
  expect(codes.filter((name) => !guide.includes(`(errors/${name})`))).toEqual([])
})

test('links between pages lead somewhere', async () => {
  const broken: string[] = []
  for (const path of paths) {
    const text = await readFile(`${root}${path}`, 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:|\/)/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const url =
        file === '' ? new URL(path, `file://${root}`) : new URL(file, new URL(path, `file://${root}`))
      const content = await readFile(url, 'utf8').catch(async (error: NodeJS.ErrnoException) =>
        error.code === 'EISDIR' ? '' : undefined,
      )
      if (content === undefined) broken.push(`${path}: ${target}`)
      else if (anchor !== undefined && !anchorsOf(content).includes(anchor)) broken.push(`${path}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

/** As GitHub makes them from headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
}
