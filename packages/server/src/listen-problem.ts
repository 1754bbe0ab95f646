/** Why the server can't listen, in one line that names the fix. */
import type { Config } from './config.ts'
import { StartError } from './lib/start-error.ts'

/** The variables that say where to listen. */
interface Names {
  host: string
  port: string
}

const API: Names = { host: 'AGENTCLARA_HOST', port: 'PORT' }

/** A StartError, or what it was given when that is another problem. */
export function listenProblem(
  error: unknown,
  { host, port }: Pick<Config, 'host' | 'port'>,
  names: Names = API,
): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is in use: stop the program that has it, or choose another, e.g. ${names.port}=${port + 1} npm start`,
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} needs more rights than this user has: choose one above 1023, e.g. ${names.port}=4000`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(
        `${names.host}=${host} is no address of this machine: use 127.0.0.1, 0.0.0.0 or ::`,
      )
    default:
      return error
  }
}
