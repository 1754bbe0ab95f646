/** `agentclara scan`: finds secrets of AgentClara in files, staged changes and git histories. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import { baseFolder } from '../base-folder.ts'
import type { Host } from '../host.ts'
import { createProgress } from '../progress.ts'
import { scanFiles } from '../scan/files.ts'
import { GitError } from '../scan/git.ts'
import { scanHistory } from '../scan/history.ts'
import { askAll, NOT_ASKED, parseServer } from '../scan/liveness.ts'
import { createReport, printable, type Report, renderReport } from '../scan/report.ts'
import { ScanRun } from '../scan/scan-run.ts'
import { scanStaged } from '../scan/staged.ts'

interface ScanOptions {
  history: boolean
  staged?: true
  includeIgnored?: true
  server?: string
  offline?: true
  insecureHttp?: true
  json?: boolean
}

const EXAMPLES = `
Exit code: 0 nothing found, 1 a secret found, 2 wrong usage or something could not be scanned.

Examples:
  agentclara scan                                  files of this folder, and its git history
  agentclara scan --no-history src .env            these only
  agentclara scan --server https://clara.example   and ask which keys are live
  agentclara scan --json | jq '.found[].hint'

Before each commit, as .git/hooks/pre-commit:
  #!/bin/sh
  exec npx --no-install agentclara scan --staged --offline --no-json
`

export function scanCommand(version: string, host: Host): Command {
  const command = new Command('scan')
  return command
    .description(
      'Find secrets of AgentClara (sk_test_…, sk_live_…) in files and git history, by pattern and checksum. No secret is ever printed.',
    )
    .argument('[PATH...]', 'files and folders to scan (default: this folder)')
    .option('--no-history', 'leave the git history out: files only')
    .option('--staged', 'only what is staged for the next commit, and new in it')
    .option('--include-ignored', 'also files that git ignores')
    .option('--server <URL>', 'ask this server which keys are live (default: $AGENTCLARA_BASE_URL)')
    .option('--offline', 'ask no server')
    .option('--insecure-http', 'send secrets over http to a host that is not this machine')
    .option('--json', 'JSON output (default: when output is no terminal)')
    .option('--no-json', 'text output, wherever it goes')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: ScanOptions) => {
      const server = serverOf(command, options, host)
      const report = await scan(paths, options, { server, userAgent: `agentclara-cli/${version} scan`, host })
      print(report, options.json ?? !host.stdout.isTTY, host)
      if (report.found.length > 0) host.exitCode = 1
      else if (report.problems.length > 0) host.exitCode = 2
    })
}

/** Ends the command with a message when secrets can't be sent to what was given. */
function serverOf(command: Command, options: ScanOptions, host: Host): URL | undefined {
  // An empty variable is one that was not set.
  const text = options.server ?? (host.env.AGENTCLARA_BASE_URL || undefined)
  if (options.offline || text === undefined) return undefined
  const server = parseServer(text, options.insecureHttp ?? false)
  if (typeof server === 'string') command.error(`error: ${server}`)
  return server
}

async function scan(
  paths: readonly string[],
  options: ScanOptions,
  { server, userAgent, host }: { server: URL | undefined; userAgent: string; host: Host },
): Promise<Report> {
  const startMs = performance.now()
  const base = baseFolder(host)
  const run = new ScanRun(base, createProgress(host.stderr))
  if (options.staged) await guarded(run, base, () => scanStaged(run, base, paths))
  else {
    const absolute = (paths.length === 0 ? ['.'] : paths).map((path) => resolve(base, path))
    const repositories = await scanFiles(run, absolute, options.includeIgnored ?? false)
    for (const repository of options.history ? repositories : []) {
      await guarded(run, repository.folder, () => scanHistory(run, repository))
    }
  }
  const leaks = run.leaks.list()
  if (server !== undefined && leaks.length > 0) run.progress.show(() => `asking ${server.host}`)
  const secrets = leaks.map((leak) => leak.secret)
  const answers = server === undefined ? leaks.map(() => NOT_ASKED) : await askAll(server, secrets, userAgent)
  run.progress.clear()
  return createReport(run, leaks, answers, performance.now() - startMs)
}

/** What git can't do is a problem of its repository; the rest is still scanned. */
async function guarded(run: ScanRun, folder: string, part: () => Promise<void>): Promise<void> {
  try {
    await part()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    run.scanner.reset()
    run.problem(run.shown(folder), error)
  }
}

function print(report: Report, asJson: boolean, { stdout, stderr }: Host): void {
  stdout.write(asJson ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report, stdout))
  for (const note of report.notes) stderr.write(`${printable(note)}\n`)
  for (const { where, message } of report.problems) {
    stderr.write(`could not scan ${printable(where)}: ${printable(message)}\n`)
  }
}
