/** The samples of a call: the same request in each language, as the reference shows it and a test runs it. */
import type { Call, OpenApi } from '../reference/document.ts'
import { type Circumstances, exampleIds, exampleRequest } from './examples.ts'
import { curl, javascript, python, ruby } from './languages.ts'

export interface Sample {
  readonly language: 'bash' | 'javascript' | 'python' | 'ruby'
  readonly code: string
}

export interface SampleOptions extends Partial<Circumstances> {
  /** Without the `/v1` that paths begin with. */
  readonly baseUrl?: string
}

const EXAMPLES = {
  since: '2026-11-24T00:00:00Z',
  receiver: 'https://example.com/hooks',
  email: 'grace@example.com',
  invitationToken: 'what follows # in the link',
}

/** Undefined for a call that no key can make: people make it in the dashboard. */
export function samplesOf(
  call: Call,
  api: OpenApi,
  { baseUrl = 'http://localhost:4000', ids, ...given }: SampleOptions = {},
): Sample[] | undefined {
  if (!isForKeys(call)) return undefined
  const request = exampleRequest(call, api, { ...EXAMPLES, ...given, ids: { ...exampleIds, ...ids } })
  return [
    { language: 'bash', code: curl(request, baseUrl) },
    { language: 'javascript', code: javascript(request, baseUrl) },
    { language: 'python', code: python(request, baseUrl) },
    { language: 'ruby', code: ruby(request, baseUrl) },
  ]
}

/** With a key, or with nothing at all. */
export function isForKeys({ operation: { security = [] } }: Call): boolean {
  return security.length === 0 || security.some((scheme) => 'apiKey' in scheme)
}
