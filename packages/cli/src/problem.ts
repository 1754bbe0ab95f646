/** What a command can't do, said for people: a sentence, and what to do about it. */
import { findSecrets, lastFourOf, secretHint } from '@agentclara/key-format'
import { AgentClaraError, ApiError, ConnectionError } from '@agentclara/sdk'
import type { Host } from './host.ts'

/** Wrong on this side: no key, say. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** Sets exit code 1. Throws what is neither the command's nor the server's refusal: a defect. */
export function printProblem(error: unknown, host: Host): void {
  const { message, hint } = describe(error)
  host.stderr.write(`error: ${withoutSecrets(message)}\n`)
  if (hint !== undefined) host.stderr.write(`  ${withoutSecrets(hint)}\n`)
  host.exitCode = 1
}

function describe(error: unknown): { message: string; hint: string | undefined } {
  if (error instanceof CommandProblem) return error
  if (error instanceof ConnectionError) return { message: error.message, hint: hintOf(error) }
  if (error instanceof ApiError) {
    if (error.code !== 'unexpected_answer')
      return { message: `${error.message} (${error.status}).`, hint: error.hint }
    const isRedirect = error.status < 400 && error.status >= 300
    const hint = isRedirect
      ? 'Redirects are not followed with a key: give the final URL with --server.'
      : 'Is the URL of --server, or AGENTCLARA_BASE_URL, that of an AgentClara server?'
    return { message: error.message, hint }
  }
  if (error instanceof AgentClaraError) return { message: error.message, hint: undefined }
  throw error
}

function hintOf({ code }: ConnectionError): string {
  return code === 'ECONNREFUSED'
    ? 'Nothing listens there: start the server (npm start), or say with --server where it is.'
    : 'Look at --server or AGENTCLARA_BASE_URL, and at the network in between.'
}

function withoutSecrets(text: string): string {
  let safe = text
  for (const { secret, environment } of findSecrets(text))
    safe = safe.replaceAll(secret, secretHint(environment, lastFourOf(secret)))
  return safe
}
