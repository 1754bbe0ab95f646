/** The API as the signed-in person: our own SDK, by the session's cookie, in the workspace and environment of this tab. */
import { AgentClara } from '@agentclara/sdk'
import { placeHeaders } from './workspace.ts'

export const api = new AgentClara({
  apiKey: null,
  baseUrl: `${globalThis.location.origin}/v1`,
  headers: placeHeaders,
})
