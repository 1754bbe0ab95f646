/** Which headers a webhook request may carry. What frames or routes the request is this server's alone. */

const MAX_NAME_LENGTH = 128
const MAX_VALUE_BYTES = 4_096

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110, section 5.5, without what isn't ASCII, which receivers read in different ways. */
const VALUE = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/

/** Whose request it is, where it ends, and what else belongs to one connection (RFC 9110, 7.2, 7.6, 8.6, 10.1.1; RFC 9112). */
const framing = [
  'connection content-length expect host http2-settings keep-alive max-forwards proxy-authenticate',
  'proxy-authorization proxy-connection te trailer transfer-encoding upgrade',
]
/** Statements about the sender's address or request, which receivers behind a proxy believe. */
const routing = [
  'forwarded via x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-forwarded-server',
  'x-real-ip x-original-url x-rewrite-url x-http-method x-http-method-override x-method-override',
]
/** Without them the metadata services of AWS, GCP, Azure and DigitalOcean answer nothing. */
const metadata = [
  'metadata metadata-flavor metadata-token x-aws-ec2-metadata-token',
  'x-aws-ec2-metadata-token-ttl-seconds x-google-metadata-request x-identity-header',
]
const refused = new Set([...framing, ...routing, ...metadata].flatMap((names) => names.split(' ')))

/** What is wrong with a header, to go on from its name, and the fix; undefined when it can be sent as it is. */
export function headerProblem(name: string, value: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return `must have a name of at most ${MAX_NAME_LENGTH} characters`
  if (!TOKEN.test(name)) return 'must have a name of letters, digits and hyphens'
  if (refused.has(name.toLowerCase())) return 'can’t be set on a webhook: remove it'
  if (value.length > MAX_VALUE_BYTES) return `must have a value of at most ${MAX_VALUE_BYTES} bytes`
  if (value !== '' && !VALUE.test(value)) {
    return 'must have a value of visible ASCII characters, with spaces only between them'
  }
  return undefined
}
