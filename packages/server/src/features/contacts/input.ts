/** Reads what a caller sends about a contact: normalised, judged, and all that is wrong named at once. Pure. */
import type { CountryCode } from 'libphonenumber-js'
import { ApiError, type ValidationIssue } from '../../errors.ts'
import { fieldsProblem, type JsonObject, mergeFields } from '../../lib/json.ts'
import { type AddressKind, addressRules, normaliseEmail, normalisePhone } from './addresses.ts'
import type { Address, ContactState } from './contact.ts'

/** As the schemas let it through. */
export interface ContactInput {
  name?: string | undefined
  email?: string | null | undefined
  phone?: string | null | undefined
  emails?: string[] | undefined
  phones?: string[] | undefined
  tags?: string[] | undefined
  custom_fields?: JsonObject | undefined
}

export interface ReadContact {
  contact: ContactState
  /** The field that brought an address, for telling which one can't be had. */
  paramOf(address: Address): string
}

/** How a conversation names its customer. */
export interface CustomerInput {
  customer_name?: string | undefined
  customer_email?: string | undefined
  customer_phone?: string | undefined
}

/** Who a customer is, in the form of `readReference`: trimmed and normalised. */
export interface CustomerReference {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
}

export const MAX_ADDRESSES = 20

/** What `current` becomes by `input`; fields that are not in it stay. Throws `validation_failed` with every wrong field. */
export function applyInput(
  current: ContactState,
  input: ContactInput,
  defaultCountry: CountryCode,
): ReadContact {
  const reader = new AddressReader(defaultCountry)
  const contact: ContactState = {
    name: input.name?.trim() ?? current.name,
    emails: reader.readList('email', input.email, input.emails, current.emails),
    phones: reader.readList('phone', input.phone, input.phones, current.phones),
    tags: input.tags === undefined ? current.tags : [...new Set(input.tags.map((tag) => tag.trim()))],
    customFields: mergeFields(current.customFields, input.custom_fields ?? {}),
  }
  const problem = fieldsProblem(contact.customFields)
  if (problem !== undefined) reader.refuse('custom_fields', problem)
  reader.assertNothingRefused()
  return { contact, paramOf: reader.paramOf }
}

/** Throws `validation_failed` naming `customer_email`, `customer_phone` or both. */
export function readReference(input: CustomerInput, defaultCountry: CountryCode): CustomerReference {
  const { customer_name: name, customer_email: email, customer_phone: phone } = input
  const reader = new AddressReader(defaultCountry)
  const reference: CustomerReference = {
    name: name?.trim(),
    email: email === undefined ? undefined : reader.read('email', email, 'customer_email'),
    phone: phone === undefined ? undefined : reader.read('phone', phone, 'customer_phone'),
  }
  reader.assertNothingRefused()
  return reference
}

class AddressReader {
  readonly #defaultCountry: CountryCode
  readonly #issues: ValidationIssue[] = []
  readonly #params = new Map<string, string>()

  constructor(defaultCountry: CountryCode) {
    this.#defaultCountry = defaultCountry
  }

  readonly paramOf = ({ kind, value }: Address): string => this.#params.get(value) ?? kind

  /** `single` replaces the first address, or removes it when null; `list` replaces all; with both the single one is first. */
  readList(
    kind: AddressKind,
    single: string | null | undefined,
    list: string[] | undefined,
    current: string[],
  ): string[] {
    const field = `${kind}s`
    const first = single == null ? undefined : this.read(kind, single, kind)
    if (single === null && list !== undefined && list.length > 0) {
      this.refuse(kind, `can’t be null while \`${field}\` has entries`)
    }
    const rest =
      list === undefined
        ? current.slice(single === undefined ? 0 : 1)
        : list.map((text, index) => this.read(kind, text, `${field}[${index}]`))
    const all = [first, ...rest].filter((value) => value !== undefined)
    const distinct = [...new Set(all)]
    if (distinct.length > MAX_ADDRESSES) {
      this.refuse(field, `must have at most ${MAX_ADDRESSES} entries together with \`${kind}\``)
    }
    return distinct
  }

  read(kind: AddressKind, text: string, param: string): string | undefined {
    const value = kind === 'email' ? normaliseEmail(text) : normalisePhone(text, this.#defaultCountry)
    if (value === undefined) this.refuse(param, addressRules[kind])
    else if (!this.#params.has(value)) this.#params.set(value, param)
    return value
  }

  refuse(param: string, message: string): void {
    this.#issues.push({ param, code: 'invalid', message: `\`${param}\` ${message}` })
  }

  assertNothingRefused(): void {
    const [first] = this.#issues
    if (first === undefined) return
    const more = this.#issues.length > 1 ? ` (and ${this.#issues.length - 1} more in details.issues)` : ''
    throw new ApiError('validation_failed', {
      error: `${first.message}${more}`,
      param: first.param,
      details: { issues: this.#issues },
      ...(first.message.endsWith(addressRules.phone) ? { hint: this.#phoneHint() } : {}),
    })
  }

  #phoneHint(): string {
    return `Write it whole, with + and the country code (+49 171 2345678), and without an extension. Without + it is read as a number of ${this.#defaultCountry}; AGENTCLARA_DEFAULT_COUNTRY sets which.`
  }
}
