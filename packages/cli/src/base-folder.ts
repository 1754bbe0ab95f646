/** The folder that relative paths of the command line start from. */
import type { Host } from './host.ts'

/** `npm run agentclara` starts the command in the repository's top folder, and says where it was called. */
export function baseFolder({ env, cwd }: Pick<Host, 'env' | 'cwd'>): string {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn } = env
  return script === 'agentclara' && calledIn !== undefined ? calledIn : cwd()
}
