/** The command `agentclara`: its subcommands, and exit code 2 for wrong usage. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { listenCommand } from './commands/listen.ts'
import { scanCommand } from './commands/scan.ts'
import { triggerCommand } from './commands/trigger.ts'
import type { Host } from './host.ts'

// Beside src in the repository; beside agentclara.js in the published package.
const manifestUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../package.json' : './package.json',
  import.meta.url,
)
const { version }: { version: string } = JSON.parse(readFileSync(manifestUrl, 'utf8'))

/** Runs one command line, without the names of node and of the command. Sets the host's exit code unless it is 0. */
export async function agentclara(args: readonly string[], host: Host): Promise<void> {
  const program = new Command('agentclara')
    .description('AgentClara on the command line.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    })
    .configureHelp({ showGlobalOptions: false })
    .addCommand(scanCommand(version, host))
    .addCommand(listenCommand(version, host))
    .addCommand(triggerCommand(version, host))
  for (const command of program.commands) command.copyInheritedSettings(program)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has said what was wrong, or has shown the help that was asked for.
    if (error.exitCode !== 0) host.exitCode = 2
  }
}
