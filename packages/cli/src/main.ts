#!/usr/bin/env node
/** The command `agentclara`: its subcommands, and exit code 2 for wrong usage. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { scanCommand } from './commands/scan.ts'

// Beside src in the repository; beside main.js in the published package.
const manifestUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../package.json' : './package.json',
  import.meta.url,
)
const { version }: { version: string } = JSON.parse(readFileSync(manifestUrl, 'utf8'))

const program = new Command('agentclara')
  .description('AgentClara on the command line.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: false })
  .addCommand(scanCommand(version))
for (const command of program.commands) command.copyInheritedSettings(program)

// A reader that has seen enough (`| head`) ends the command quietly; what was found still decides the exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Commander has said what was wrong, or has shown the help that was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
