/** Leaving a workspace, also one that isn't the present one. */
import { AgentClara } from '@agentclara/sdk'
import { placeHeaders } from '../../lib/workspace.ts'

/** Fails for the last owner, in the server's words. */
export async function leaveWorkspace(workspaceId: string): Promise<void> {
  const there = new AgentClara({
    apiKey: null,
    baseUrl: `${globalThis.location.origin}/v1`,
    headers: { ...placeHeaders(), 'AgentClara-Workspace': workspaceId },
  })
  for await (const member of there.members.list({ limit: 100 })) {
    if (!member.is_me) continue
    await there.members.delete(member.id)
    return
  }
}
