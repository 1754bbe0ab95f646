/**
 * packages/sdk/src/generated/wire.ts: what goes over the wire, as types. From openapi.json, without what a client of
 * the SDK never writes: the alternative PUT of each PATCH, failures (they are one schema), the base path, and the
 * header that the SDK adds to every write.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

/** As much of the document as is left out or kept here. */
interface Operation {
  parameters?: { in: string }[]
  responses: Record<string, unknown>
}

interface Document {
  paths: Record<string, Record<string, Operation>>
}

const BASE_PATH = '/v1'
const HEADER = `/** Generated from openapi.json by \`npm run generate\`: what goes over the wire. Don't edit. */\n`

export async function wireTypes(document: Document, path: string): Promise<string> {
  // It was an OpenAPI document, read from JSON, and has only lost parts that may be missing.
  const input = { ...document, paths: pathsOf(document) } as unknown as OpenAPI3
  const nodes = await openapiTS(input, {
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  })
  return formatted(HEADER + astToString(nodes), path)
}

function pathsOf({ paths }: Document): Document['paths'] {
  const kept: Document['paths'] = {}
  for (const [path, operations] of Object.entries(paths)) {
    if (!path.startsWith(`${BASE_PATH}/`)) continue
    const { put, ...others } = operations
    const methods = 'patch' in others || put === undefined ? others : { ...others, put }
    kept[path.slice(BASE_PATH.length)] = Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [method, withoutFailures(operation)]),
    )
  }
  return kept
}

function withoutFailures(operation: Operation): Operation {
  const parameters = operation.parameters?.filter((parameter) => parameter.in !== 'header')
  const responses = Object.fromEntries(
    Object.entries(operation.responses).filter(([status]) => status.startsWith('2')),
  )
  return { ...operation, ...(parameters && { parameters }), responses }
}

function formatted(text: string, path: string): string {
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${path}`],
    { input: text, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  if (status !== 0) throw new Error(`${path} can't be formatted: ${stderr}`)
  return stdout
}
