/** A list of addresses as it is typed, one a line: which lines are no address, and what is sent. Pure. */

/** As many as a key may have. */
export const MAX_ADDRESSES = 50

export interface AddressProblem {
  /** From 1. */
  line: number
  text: string
  problem: string
}

export interface Addresses {
  /** Each with its line, so that what the server says of an entry is said of its line. */
  entries: readonly { line: number; text: string }[]
  problems: readonly AddressProblem[]
}

/** Empty lines and what follows a `#` are skipped; commas separate as lines do. */
export function readAddresses(text: string): Addresses {
  const entries = text.split('\n').flatMap((line, index) =>
    line
      .replace(/#.*$/, '')
      .split(/[,;\s]+/)
      .filter((part) => part !== '')
      .map((part) => ({ line: index + 1, text: part })),
  )
  const problems = entries.flatMap((entry) => {
    const problem = problemOf(entry.text)
    return problem === undefined ? [] : [{ ...entry, problem }]
  })
  return { entries, problems }
}

/** What is wrong with an address or network, to go on after it. The server judges again, and more exactly. */
function problemOf(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = address.includes(':') ? 6 : 4
  if (rest.length > 0 || !(family === 4 ? isIpv4(address) : isIpv6(address))) {
    return 'is no IPv4 or IPv6 address or network'
  }
  if (prefix === undefined) return undefined
  const most = family === 4 ? 32 : 128
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most)
    return `needs a number up to ${most} after the slash`
  return undefined
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
}

/** The parser of URLs knows them: RFC 4291 in brackets. */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`)
}

/** With one more line, unless it is there already. */
export function withAddress(text: string, address: string): string {
  if (readAddresses(text).entries.some((entry) => entry.text === address)) return text
  return text.trim() === '' ? address : `${text.trimEnd()}\n${address}`
}
