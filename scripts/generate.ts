/**
 * Writes what is generated from code: openapi.json, the SDK's types, docs/configuration.md, docs/permissions.md and
 * docs/errors/. With `--check` it writes nothing and fails when a file is stale.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeApi } from '../packages/server/src/app.ts'
import { clientVariables, parseConfig, variables } from '../packages/server/src/config.ts'
import { errorCodes, errorTable } from '../packages/server/src/errors.ts'
import { errorMarkdown } from '../packages/server/src/http/error-page.ts'
import {
  type Permission,
  presetNames,
  presets,
  resourceNames,
  resources,
} from '../packages/server/src/principal.ts'
import { roleNames, roles } from '../packages/server/src/roles.ts'
import { wireTypes } from './wire-types.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const WIRE = 'packages/sdk/src/generated/wire.ts'
const isCheck = process.argv.includes('--check')

function configurationMarkdown(): string {
  const rows = variables.map(
    ({ name, default: value, description }) =>
      `| \`${name}\` | ${value === null ? '' : `\`${value}\``} | ${description} |`,
  )
  return [
    '# Configuration',
    '',
    'Environment variables, read once at start. An unknown `AGENTCLARA_` variable is an error, so that a misspelt one is never silently ignored.',
    '',
    '| Variable | Default | Meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `${clientVariables.map((name) => `\`${name}\``).join(' and ')} belong to clients of the API; the server ignores them.`,
    '',
  ].join('\n')
}

/** As much of an OpenAPI document as the pages need. */
interface Described {
  paths: Record<string, Record<string, { summary?: string; 'x-permission'?: string }>>
}

function permissionsMarkdown({ paths }: Described): string {
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary = '', 'x-permission': permission }]) => ({
      call: `\`${method.toUpperCase()} ${path}\``,
      summary,
      permission,
    })),
  )
  const table = (permission: Permission): string[] => {
    const rows = calls.filter((call) => call.permission === permission)
    return rows.length === 0
      ? []
      : ['| Call | |', '| --- | --- |', ...rows.map(({ call, summary }) => `| ${call} | ${summary} |`), '']
  }
  return [
    '# Permissions',
    '',
    'What an API key may be allowed: `resource:read` or `resource:write` of each resource, where write implies read; `*` is everything. The server checks by the same table; `GET /v1/permissions` answers it.',
    '',
    '## Presets',
    '',
    '| `preset` | | Permissions |',
    '| --- | --- | --- |',
    ...presetNames.map((name) => {
      const { title, description, permissions: granted } = presets[name]
      return `| \`${name}\` | ${title}: ${description} | ${granted.map((grant) => `\`${grant}\``).join(', ')} |`
    }),
    '',
    '## Roles',
    '',
    'What [members](team-and-sign-in.md) of a workspace may do.',
    '',
    '| `role` | | Permissions |',
    '| --- | --- | --- |',
    ...roleNames.map((name) => {
      const { title, description, grants } = roles[name]
      return `| \`${name}\` | ${title}: ${description} | ${grants.map((grant) => `\`${grant}\``).join(', ')} |`
    }),
    '',
    ...resourceNames.flatMap((resource) => [
      `## ${resource}`,
      '',
      `\`${resource}:read\`: ${resources[resource].read}.`,
      '',
      ...table(`${resource}:read`),
      `\`${resource}:write\`: ${resources[resource].write}.`,
      '',
      ...table(`${resource}:write`),
    ]),
  ].join('\n')
}

async function generated(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const document = await describeApi(parseConfig({}))
  files.set('openapi.json', `${JSON.stringify(document, null, 2)}\n`)
  // As below: the server writes every operation with its responses.
  files.set(WIRE, await wireTypes(document as Parameters<typeof wireTypes>[0], WIRE))
  // It is an OpenAPI document, whose operations the server has just written.
  files.set('docs/permissions.md', permissionsMarkdown(document as Described))
  files.set('docs/configuration.md', configurationMarkdown())
  for (const code of errorCodes) files.set(`docs/errors/${code}.md`, errorMarkdown(code, errorTable[code]))
  return files
}

const files = await generated()
const errorFiles = await readdir(join(root, 'docs/errors')).catch(() => [])
const stale: string[] = errorFiles.map((name) => `docs/errors/${name}`).filter((path) => !files.has(path))
for (const path of isCheck ? [] : stale) await rm(join(root, path))
for (const [path, text] of files) {
  const current = await readFile(join(root, path), 'utf8').catch(() => undefined)
  if (current === text) continue
  stale.push(path)
  if (isCheck) continue
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
  console.log(`wrote ${path}`)
}
if (isCheck && stale.length > 0) {
  console.error(`Stale: ${stale.join(', ')}. Run npm run generate and commit the result.`)
  process.exitCode = 1
}
