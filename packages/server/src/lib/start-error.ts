/**
 * A start-up problem that the person who runs the server can mend. The message is one line: what is wrong
 * and the fix. The entry point prints it without a stack and exits with code 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}
