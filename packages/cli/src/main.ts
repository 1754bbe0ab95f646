#!/usr/bin/env node
/** The process of the command `agentclara`. */
import { agentclara } from './agentclara.ts'

// A reader that has seen enough (`| head`) ends the command quietly; what was found still decides the exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

await agentclara(process.argv.slice(2), process)
