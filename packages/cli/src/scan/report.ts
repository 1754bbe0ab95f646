/** The result of a scan, as JSON and as text. No secret is in either: hints stand for them, wherever they came from. */
import { styleText } from 'node:util'
import { findSecrets, lastFourOf, secretHint } from '@agentclara/key-format'
import type { Leak, Place } from './leaks.ts'
import type { Answer, Status } from './liveness.ts'
import type { Problem, ScanRun } from './scan-run.ts'

export interface ReportedLeak {
  hint: string
  environment: Leak['environment']
  status: Status
  /** Why the server could not say. */
  reason: string | null
  /** The first hundred. */
  places: Place[]
  places_total: number
}

/** The JSON output. Fields may be added; none is renamed or removed within a major version. */
export interface Report {
  found: ReportedLeak[]
  problems: Problem[]
  notes: string[]
  scanned: { files: number; commits: number; objects: number; bytes: number; took_ms: number }
}

export function createReport(
  run: ScanRun,
  leaks: readonly Leak[],
  answers: readonly Answer[],
  tookMs: number,
): Report {
  const found = leaks.map(({ hint, environment, places, placesTotal }, index) => ({
    hint,
    environment,
    status: answers[index]?.status ?? 'not_asked',
    reason: answers[index]?.reason ?? null,
    places,
    places_total: placesTotal,
  }))
  const { problems, notes, scanned } = run
  // Names of files and people, and what git says, may hold a secret as well.
  return redacted({ found, problems, notes, scanned: { ...scanned, took_ms: Math.round(tookMs) } })
}

function redacted<T>(value: T): T {
  const text = JSON.stringify(value, (_, each) => (typeof each === 'string' ? withHints(each) : each))
  // The same shape: only texts were changed.
  return JSON.parse(text) as T
}

function withHints(text: string): string {
  let safe = ''
  let from = 0
  for (const { secret, environment, start, end } of findSecrets(text)) {
    safe += text.slice(from, start) + secretHint(environment, lastFourOf(secret))
    from = end
  }
  return safe + text.slice(from)
}

type Format = Parameters<typeof styleText>[0]
type Paint = (format: Format, text: string) => string

/** For people. Colours as the stream allows: NO_COLOR and FORCE_COLOR are heard. */
export function renderReport(report: Report, stream: NodeJS.WritableStream): string {
  const paint: Paint = (format, text) => styleText(format, text, { stream })
  const lines = report.found.flatMap((leak) => [...renderLeak(leak, paint), ''])
  const { files, commits } = report.scanned
  const looked = [
    ...(files > 0 || commits === 0 ? [counted(files, 'file')] : []),
    ...(commits > 0 ? [counted(commits, 'commit')] : []),
  ].join(' and ')
  const count = report.found.length
  const result =
    count === 0
      ? paint('green', 'No AgentClara secret found')
      : paint('red', `${counted(count, 'AgentClara secret')} found`)
  const gaps = report.problems.length > 0 ? ' Not everything could be scanned.' : ''
  lines.push(`${result} in ${looked}.${gaps}`)
  if (count > 0) lines.push('', ...nextSteps(report.found))
  return `${lines.join('\n')}\n`
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

const STATUS_TEXT: Record<Status, { format: Format; text: string }> = {
  live: { format: 'red', text: 'live: it works now' },
  revoked: { format: 'green', text: 'revoked' },
  expired: { format: 'green', text: 'expired' },
  unknown: { format: 'yellow', text: 'unknown to this server: it may be a key of another' },
  not_asked: { format: 'yellow', text: 'not asked whether it is live' },
}

function renderLeak(leak: ReportedLeak, paint: Paint): string[] {
  const { format, text } = STATUS_TEXT[leak.status]
  const reason = leak.reason === null ? '' : ` (${printable(leak.reason)})`
  const more = leak.places_total - leak.places.length
  return [
    `${paint('bold', leak.hint)}  ${leak.environment} environment, ${paint(format, text)}${reason}`,
    ...leak.places.map((place) => `  ${renderPlace(place, paint)}`),
    ...(more > 0 ? [`  and ${counted(more, 'more place')}`] : []),
  ]
}

const SOURCE_TEXT: Record<Place['source'], string> = {
  file: 'file',
  staged: 'staged',
  history: 'history',
  commit_message: 'commit message',
  tag_message: 'tag message',
}

function renderPlace(place: Place, paint: Paint): string {
  const at = [place.file, place.line, place.column].filter((part) => part !== null).join(':')
  const repository =
    place.repository === null || place.repository === '.' ? '' : `in ${printable(place.repository)}`
  const commit = place.commit === null ? '' : paint('dim', commitText(place))
  const parts = [SOURCE_TEXT[place.source].padEnd(14), printable(at), repository, commit]
  return parts.filter((part) => part !== '').join('  ')
}

function commitText({ commit, author, date }: Place): string {
  return [commit?.slice(0, 12), author === null ? null : printable(author), date?.slice(0, 10)]
    .filter((part) => part !== null && part !== undefined)
    .join(', ')
}

/** Control characters, and those that turn the direction of text, as escapes: names must not steer a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

function nextSteps(found: readonly ReportedLeak[]): string[] {
  const isInHistory = found.some((leak) =>
    leak.places.some((place) => place.source !== 'file' && place.source !== 'staged'),
  )
  return [
    'What to do now',
    '  1. Rotate or revoke the key: POST /v1/api_keys/{id}/rotate or …/revoke. Who has seen it can use it until then.',
    '  2. Take it out of the files: read it from the environment, and keep .env out of git.',
    ...(isInHistory
      ? ['  3. Take it out of the history as well, with git filter-repo --replace-text, once it is revoked.']
      : []),
    `  ${isInHistory ? 4 : 3}. It isn’t yours? Report it: POST /v1/leaks of its server needs no key.`,
  ]
}
