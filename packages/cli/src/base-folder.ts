/** The folder that relative paths of the command line start from. */

/** `npm run agentclara` starts the command in the repository's top folder, and says where it was called. */
export function baseFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn } = process.env
  return script === 'agentclara' && calledIn !== undefined ? calledIn : process.cwd()
}
