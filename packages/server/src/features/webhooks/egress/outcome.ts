/** What became of a webhook request, and what the errors of Node and undici mean in those terms. */
import { errors } from 'undici'
import { plainHeader } from '../../../lib/header-text.ts'

export type FailureReason =
  /** The time limit passed. */
  | 'timeout'
  | 'dns'
  /** Nothing listens there. */
  | 'refused'
  | 'unreachable'
  /** The connection was reset before the answer was complete. */
  | 'reset'
  /** The receiver closed the connection before the answer was complete. */
  | 'closed'
  | 'tls'
  /** What came back isn't HTTP, has headers of more than 16 KiB, or another length than it says. */
  | 'protocol'
  /** The policy of this installation forbids the address or the port. Nothing was sent. */
  | 'forbidden_address'
  /** The URL or a header can't be sent. Nothing was sent. */
  | 'invalid_request'
  /** By the caller's signal, or because the sender was closed. */
  | 'aborted'
  /** This server had no room for it. Nothing was sent, and it says nothing of the receiver. */
  | 'busy'

/** All in milliseconds; what belongs to making a connection is missing when one was reused. */
export interface Timing {
  /** Missing for an address, too. */
  dnsMs?: number
  /** TCP, and TLS for https. */
  connectMs?: number
  totalMs: number
}

export interface Answer {
  kind: 'answered'
  /** Also of redirects, which are never followed. */
  status: number
  /** Names in lower case; several of one name are joined by ", ". No control characters. */
  headers: Record<string, string>
  /** The first 16 KiB, as they came. */
  body: Buffer
  /** Read of the body; when it was cut, there was more. */
  bodyBytes: number
  isCut: boolean
  timing: Timing
  /** The address that was asked. */
  address: string
  isReusedConnection: boolean
}

export interface Failure {
  kind: 'failed'
  reason: FailureReason
  /** For the receiver's owner: what happened, and the fix where there is one. */
  sentence: string
  timing: Timing
  /** Of the connection, where one was made. */
  address?: string
  /** A receiver that closed a reused connection may just have ended its idle time: another try is worth it at once. */
  isReusedConnection: boolean
  /** The answer had begun. */
  status?: number
}

export type Outcome = Answer | Failure

/** Thrown while connecting: no byte was sent. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError'
}

/** Thrown while connecting: the name has no address. */
export class ResolveError extends Error {
  override readonly name = 'ResolveError'
}

/** Nothing was sent: this server has no room for it now. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

export class AbortedError extends Error {
  override readonly name = 'AbortedError'
}

const byCode: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  HPE_INVALID_EOF_STATE: 'closed',
  UND_ERR_INVALID_ARG: 'invalid_request',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
}

/** Codes of OpenSSL's verification (X509_V_ERR_…), of its protocol errors, and of Node's own checks. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|ERROR_IN_CERT|PATH_LENGTH|EPROTO$)/

/** `subject` is the host and port that were asked. */
export function explainError(error: Error, subject: string): { reason: FailureReason; sentence: string } {
  if (error instanceof ForbiddenAddressError) return { reason: 'forbidden_address', sentence: error.message }
  if (error instanceof ResolveError) return { reason: 'dns', sentence: error.message }
  if (error instanceof BusyError) return { reason: 'busy', sentence: error.message }
  if (error instanceof AbortedError) return { reason: 'aborted', sentence: error.message }
  const code = 'code' in error ? String(error.code) : ''
  if (TLS_CODE.test(code)) {
    return {
      reason: 'tls',
      sentence: `No trusted TLS connection to ${subject}: ${messageOf(error)} (${code}).`,
    }
  }
  const reason = byCode[code] ?? socketReason(error)
  return { reason, sentence: sentences[reason](subject, messageOf(error)) }
}

/** OpenSSL's take several lines. */
function messageOf(error: Error): string {
  return plainHeader(error.message, 200).trim()
}

function socketReason(error: Error): FailureReason {
  // undici gives one code to an end of the connection and to data that no answer has.
  if (error instanceof errors.SocketError)
    return error.message === 'other side closed' ? 'closed' : 'protocol'
  return error instanceof errors.HTTPParserError ? 'protocol' : 'reset'
}

const sentences: Readonly<Record<FailureReason, (subject: string, message: string) => string>> = {
  timeout: (subject) => `${subject} accepted no connection in time.`,
  dns: (subject) => `${subject} can’t be resolved.`,
  refused: (subject) => `${subject} refused the connection: nothing listens there.`,
  unreachable: (subject) => `${subject} can’t be reached from this server’s network.`,
  reset: (subject, message) => `${subject} reset the connection before its answer was complete (${message}).`,
  closed: (subject) => `${subject} closed the connection before its answer was complete.`,
  tls: (subject) => `No trusted TLS connection to ${subject}.`,
  protocol: (subject, message) => `${subject} answered with what isn’t valid HTTP/1.1: ${message}.`,
  forbidden_address: (subject) => `Webhooks may not go to ${subject}.`,
  invalid_request: (subject, message) => `The request to ${subject} can’t be sent: ${message}.`,
  aborted: (subject) => `The request to ${subject} was aborted.`,
  busy: (subject) => `There was no room for a request to ${subject}; nothing was sent.`,
}
