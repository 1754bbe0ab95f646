/** How a command says that the server, or what it was given, didn't let it do its work. */
import { findSecrets, lastFourOf, secretHint } from '@agentclara/key-format'
import { ClientProblem } from '../client.ts'
import type { Host } from '../host.ts'

/** Sets exit code 1. Throws what is no ClientProblem: a defect. */
export function printProblem(error: unknown, host: Host): void {
  if (!(error instanceof ClientProblem)) throw error
  host.stderr.write(`error: ${withoutSecrets(error.message)}\n`)
  if (error.hint !== undefined) host.stderr.write(`  ${withoutSecrets(error.hint)}\n`)
  host.exitCode = 1
}

function withoutSecrets(text: string): string {
  let safe = text
  for (const { secret, environment } of findSecrets(text))
    safe = safe.replaceAll(secret, secretHint(environment, lastFourOf(secret)))
  return safe
}
