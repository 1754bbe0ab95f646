/** What a person types to find a contact, as patterns for the database. Pure. */
import type { CountryCode } from 'libphonenumber-js'
import { normaliseEmail, normalisePhone } from './addresses.ts'

export interface SearchTerms {
  /** LIKE patterns that take %, _ and \ in the text as they are. Still in the text's own case. */
  contains: string
  prefix: string
  /** A LIKE pattern for the digits of a number that is written with spaces, brackets or dashes. */
  digits: string | null
  /** The text as a whole address, in the forms in which one is stored. */
  addresses: string[]
}

const PHONE_LIKE = /^[+\d\s().\-/]+$/
/** Fewer digits than these find too many numbers to mean one. */
const MIN_DIGITS = 3

export function readSearch(text: string, defaultCountry: CountryCode): SearchTerms {
  const term = text.trim().normalize('NFC')
  const escaped = term.replace(/[\\%_]/g, '\\$&')
  const isPhoneLike = PHONE_LIKE.test(term)
  // A leading zero is what one dials within a country or out of it, and no part of an E.164 number.
  const digits = isPhoneLike ? term.replace(/\D/g, '').replace(/^0+/, '') : ''
  const phone = isPhoneLike ? normalisePhone(term, defaultCountry) : undefined
  return {
    contains: `%${escaped}%`,
    prefix: `${escaped}%`,
    digits: digits.length < MIN_DIGITS ? null : `%${digits}%`,
    addresses: [normaliseEmail(term), phone].filter((value) => value !== undefined),
  }
}
