/** Words that customers and businesses use for the same thing; a match by synonym counts for less than the word. */
import { stem } from './stemmer.ts'

const GROUPS = `
  price cost fee charge rate tariff
  buy purchase order
  cancel cancellation
  cancel terminate
  refund reimburse reimbursement moneyback
  phone telephone call
  email mail
  address location located street
  park parking garage
  open opening
  close closed shut
  appointment booking reservation
  book reserve
  pay payment
  deliver delivery ship shipping shipment dispatch
  parcel package order
  return returned
  child kid baby toddler
  doctor physician
  dentist dental
  guarantee warranty
  voucher coupon giftcard
  ticket pass
  rent hire
  remove delete uninstall erase
  begin start
  end finish stop
  pause freeze suspend
  fix repair
  change modify edit
  update upgrade
  configure configuration setting
  feature functionality
  discount reduction
  employee staff team
  bill invoice
  class course lesson
  celebrate party
  group party
  bike bicycle
  food meal
  fast quick
  big large
  closest nearest
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
