import type { Call, OpenApi } from '../reference/document.ts'
export function samplesOf(_call: Call, _api: OpenApi): undefined {
  return undefined
}
