/** What makes two e-mail addresses or two phone numbers the same: the one form in which each is stored and looked up. */
import { createRequire } from 'node:module'
import type { CountryCode } from 'libphonenumber-js'

export type AddressKind = 'email' | 'phone'

/** Goes on from the field's name when an address is refused. */
export const addressRules: Readonly<Record<AddressKind, string>> = {
  email: 'must be an e-mail address such as jane@example.com',
  phone: 'must be a phone number such as +14155552671',
}

/** In characters. RFC 5321 section 4.5.3.1, with RFC 3696 erratum 1690 for the whole. */
const MAX_EMAIL_LENGTH = 254
const MAX_LOCAL_PART_LENGTH = 64

const LOCAL_PART = /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]+$/u
const DOMAIN_LABEL = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?$/u

/**
 * Trimmed, lower case, NFC. Undefined when the text can't be an address that mail is sent to: no single `@`, a domain
 * without a dot, spaces or quotes inside, longer than 254 characters. Says nothing about whether it exists.
 */
export function normaliseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase().normalize('NFC')
  if (email.length > MAX_EMAIL_LENGTH) return undefined
  const [local, domain, ...more] = email.split('@')
  if (local === undefined || domain === undefined || more.length > 0) return undefined
  if (local.length > MAX_LOCAL_PART_LENGTH || !LOCAL_PART.test(local)) return undefined
  const labels = domain.split('.')
  if (labels.length < 2 || !labels.every((label) => DOMAIN_LABEL.test(label))) return undefined
  return email
}

/**
 * E.164. A number without `+` is read as one dialled in `defaultCountry`. Undefined when no phone can have it: another
 * length than the country's numbers have, letters, text around it, or an extension, which E.164 can't express. Numbers
 * that are not given out, such as the 555 numbers of examples, pass.
 */
export function normalisePhone(text: string, defaultCountry: CountryCode): string | undefined {
  const parse = (written: string) =>
    phoneLibrary().parsePhoneNumberFromString(written, { defaultCountry, extract: false })
  const phone = parse(text.trim())
  if (phone?.isPossible() !== true || phone.ext !== undefined) return undefined
  // A number that begins like a trunk prefix once more would be another one each time it is read.
  return parse(phone.number)?.number === phone.number ? phone.number : undefined
}

type PhoneLibrary = typeof import('libphonenumber-js')

const require = createRequire(import.meta.url)
let loaded: PhoneLibrary | undefined

/** Read when the first number is: it takes as long as a good part of the server's start. */
function phoneLibrary(): PhoneLibrary {
  loaded ??= require('libphonenumber-js') as PhoneLibrary // the module of that name
  return loaded
}
