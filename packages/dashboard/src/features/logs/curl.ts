/** A logged request as a command for a POSIX shell. The secret is a variable: it isn't in the log, and belongs in no history. */

export interface LoggedRequest {
  method: string
  /** With its query. */
  path: string
  request_body: string | null
  request_body_truncated: boolean
}

/** `origin`: scheme, host and port of the server. */
export function curlOf(request: LoggedRequest, origin: string): string {
  const { method, path, request_body: body, request_body_truncated: isCut } = request
  const lines = [
    `curl ${method === 'GET' ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `}${quoted(origin + path)}`,
  ]
  lines.push('  -H "Authorization: Bearer $AGENTCLARA_API_KEY"')
  if (body !== null && body !== '') {
    lines.push("  -H 'Content-Type: application/json'", `  -d ${quoted(body)}`)
  }
  const command = lines.join(' \\\n')
  return isCut ? `# The body was longer: what is below is its beginning.\n${command}` : command
}

/** Between single quotes the shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
