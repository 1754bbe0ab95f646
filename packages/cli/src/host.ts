/** What commands use of the process that they run in. main.ts gives `process` itself. */
import type { Writable } from 'node:stream'

export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

export interface Host {
  readonly stdout: Output
  readonly stderr: Output
  /** Settings of commands; git, which they start, gets those of the process. */
  readonly env: NodeJS.ProcessEnv
  exitCode?: number | string | null | undefined
  cwd(): string
  /** For commands that run until they are told to end. */
  on?(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off?(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}
