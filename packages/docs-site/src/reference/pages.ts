/** The API reference: a page for each group of calls, made from openapi.json alone. */
import { codeTabs } from '../code.ts'
import { type Html, html } from '../html.ts'
import { blockText, inlineText } from '../inline-text.ts'
import type { Page } from '../layout.ts'
import type { Heading } from '../markdown.ts'
import {
  type Call,
  callsOf,
  type OpenApi,
  type Operation,
  type Parameter,
  resolve,
  type Schema,
} from './document.ts'
import { fieldList, typeOf } from './fields.ts'

/** The same request in each language; undefined for a call that none is shown of. */
export type Samples = (
  call: Call,
) => readonly { readonly language: string; readonly code: string }[] | undefined

export function referencePages(api: OpenApi, samples: Samples): Page[] {
  const byTag = new Map<string, Call[]>()
  for (const call of callsOf(api)) {
    const [tag = 'Other'] = call.operation.tags ?? []
    byTag.set(tag, [...(byTag.get(tag) ?? []), call])
  }
  return [...byTag].map(([tag, calls]) => ({
    path: `/docs/api/${slug(tag)}`,
    title: tag,
    description: `Calls of the AgentClara API: ${calls.map(({ operation }) => operation.summary ?? '').join(', ')}.`,
    headings: calls.map(
      ({ operation }): Heading => ({
        id: operation.operationId,
        text: operation.summary ?? operation.operationId,
        level: 2,
      }),
    ),
    body: html`${listOf(calls)}${calls.map((call) => section(call, api, samples(call)))}`,
  }))
}

/** Every call on one page, each a link to where it is explained. */
export function referenceIndex(api: OpenApi, pages: readonly Page[]): Page {
  const headings: Heading[] = pages.map(({ title }) => ({ id: slug(title), text: title, level: 2 }))
  const calls = callsOf(api)
  const body = html`${blockText(api.info.description)}
<p>The same as a file: <a href="/openapi.json">openapi.json</a>, OpenAPI 3.1.</p>
${pages.map(
  ({ title, path }) => html`<h2 id="${slug(title)}">${title}</h2>
<ul class="calls">
${calls.filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === title).map((call) => line(call, path))}</ul>
`,
)}`
  return {
    path: '/docs/api',
    title: 'API reference',
    description: 'Every call of the AgentClara API.',
    headings,
    body,
  }
}

function listOf(calls: readonly Call[]): Html {
  return html`<ul class="calls">
${calls.map((call) => line(call, ''))}</ul>
`
}

function line({ method, path, operation }: Call, page: string): Html {
  return html`<li><a href="${page}#${operation.operationId}">${methodBadge(method)} <code>${path}</code></a> <span>${operation.summary}</span></li>
`
}

function section(call: Call, api: OpenApi, samples: ReturnType<Samples>): Html {
  const { method, path, operation } = call
  return html`<section class="call" aria-labelledby="${operation.operationId}">
<h2 id="${operation.operationId}">${operation.summary ?? operation.operationId}</h2>
<p class="endpoint">${methodBadge(method)} <code>${path}</code></p>
${descriptionOf(operation)}
<p class="access">${accessOf(operation)}</p>
${samples === undefined || samples.length === 0 ? undefined : codeTabs(samples, `sample-${operation.operationId}`)}
${parameters('Path', operation, 'path', api)}${parameters('Query', operation, 'query', api)}${parameters('Headers', operation, 'header', api)}
${bodyOf(operation, api)}
${answers(operation, api)}
</section>
`
}

/** Without the permission, which is told below it. */
function descriptionOf({ description = '' }: Operation): Html | undefined {
  const text = description.replace(/\s*Permission: [^\n]*$/, '')
  return text === '' ? undefined : blockText(text)
}

function methodBadge(method: string): Html {
  return html`<span class="method ${method.toLowerCase()}">${method}</span>`
}

function accessOf({ security = [], ...operation }: Operation): Html {
  if (security.length === 0) return html`Anyone may call it.`
  const permission = operation['x-permission']
  const tokens = security.some((scheme) => 'clientToken' in scheme)
    ? ' Client tokens may call it within what they are bound to.'
    : ''
  if (permission === undefined || !permission.includes(':')) return html`Any key may call it.${tokens}`
  return html`Needs the permission <code>${permission}</code>.${tokens}`
}

function parameters(title: string, operation: Operation, place: string, api: OpenApi): Html | undefined {
  const all = (operation.parameters ?? []).filter((parameter) => parameter.in === place)
  if (all.length === 0) return undefined
  const schema: Schema = {
    properties: Object.fromEntries(all.map((parameter) => [parameter.name, withDescription(parameter)])),
    required: all.filter(({ required }) => required === true).map(({ name }) => name),
  }
  return html`<h3>${title}</h3>${fieldList(schema, api)}`
}

function withDescription({ schema = {}, description }: Parameter): Schema {
  return description === undefined ? schema : { ...schema, description }
}

function bodyOf({ requestBody }: Operation, api: OpenApi): Html | undefined {
  const schema = schemaOf(requestBody?.content)
  const fields = schema && fieldList(schema, api)
  return fields && html`<h3>Body</h3>${fields}`
}

function answers({ responses }: Operation, api: OpenApi): Html {
  const good = Object.entries(responses).filter(([status]) => /^2/.test(status))
  const bad = Object.keys(responses).filter((status) => !/^2/.test(status))
  return html`${good.map(([status, { description, content }]) => {
    const schema = schemaOf(content)
    const data = schema && dataOf(schema, api)
    return html`<h3>Answer ${status}</h3>
${description === undefined || description === 'Default Response' ? undefined : html`<p>${inlineText(description)}</p>`}${
  data === undefined
    ? undefined
    : html`<p class="data"><code>data</code> <span class="type">${typeOf(data, api)}</span></p>${fieldList(resolve(data, api).schema.items ?? data, api)}`
}`
  })}${bad.length === 0 ? undefined : html`<p class="errors">Failures: ${bad.map((status, index) => html`${index > 0 ? ', ' : ''}<code>${status}</code>`)}. <a href="/docs/errors">What they mean.</a></p>`}`
}

function schemaOf(content: Record<string, { schema?: Schema }> | undefined): Schema | undefined {
  return content?.['application/json']?.schema
}

/** What the envelope carries. */
function dataOf(schema: Schema, api: OpenApi): Schema | undefined {
  return resolve(schema, api).schema.properties?.data
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
