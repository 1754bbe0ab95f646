// Words that customers and businesses use for the same thing. A match by synonym counts for less than the word itself.
import { stem } from './stemmer.ts'

const GROUPS = `
  price cost fee charge rate tariff
  buy purchase order
  cancel cancellation
  refund reimburse reimbursement moneyback
  phone telephone call
  email mail
  address location located street
  park parking garage
  close closed shut
  appointment booking reservation
  book reserve
  pay payment
  deliver delivery ship shipping shipment dispatch
  parcel package
  return returned
  child kid
  doctor physician
  dentist dental
  guarantee warranty
  voucher coupon giftcard
  remove delete uninstall erase
  begin start
  end finish stop
  fix repair
  change modify edit
  discount reduction
  employee staff team
  bill invoice
  fast quick
  big large
  allow permit permitted
  account profile
  login signin
  signup register
  password passcode
  wifi wireless wlan
  pet animal
  dog pet
  cat pet
  free gratis complimentary
  error problem issue fault failure
  broken defective damaged
  limit maximum
  support help assistance
  include included contain
  holiday vacation
  elevator lift
  cheque check
  late delay delayed
  pain hurt ache
  shop store
  car vehicle
  toilet restroom bathroom
  accessible wheelchair
  instalment installment
  photo picture image
  configure configuration setting
  update upgrade
  feature functionality
`

const synonyms = new Map<string, readonly string[]>()
for (const line of GROUPS.trim().split('\n')) {
  const group = [...new Set(line.trim().split(/\s+/).map(stem))]
  for (const term of group) {
    const others = group.filter((each) => each !== term)
    synonyms.set(term, [...(synonyms.get(term) ?? []), ...others])
  }
}

const NONE: readonly string[] = []

/** The stems that may be meant by a stem, itself left out. */
export function synonymsOf(term: string): readonly string[] {
  return synonyms.get(term) ?? NONE
}
