/** Why the server can't listen, in one line that names the fix. */
import type { Config } from './config.ts'
import { StartError } from './lib/start-error.ts'

export function listenProblem(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is in use: stop the program that has it, or choose another, e.g. PORT=${port + 1} npm start`,
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} needs more rights than this user has: choose one above 1023, e.g. PORT=4000`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(
        `AGENTCLARA_HOST=${host} is no address of this machine: use 127.0.0.1, 0.0.0.0 or ::`,
      )
    default:
      return error
  }
}
