/** Words that customers and businesses use for the same thing; a match by synonym counts for less than the word. */
import { stem } from './stemmer.ts'

/** The same thing under another name: a matter of region or taste. */
const SAME = `
  phone telephone
  rent hire rental
  child kid
  guarantee warranty
  giftcard giftvoucher
  bike bicycle
  car automobile
  closed shut
  doctor physician
  elevator lift
  wifi wireless wlan
  toilet restroom washroom loo
  instalment installment
  login signin
  signup register
  photo picture
  vacation holiday
  pickup collect
  park parking
  deliver delivery
  free gratis complimentary
  invoice bill
  closest nearest
  email mail
  postpone reschedule rebook
  takeaway takeout
  flat apartment
  cellphone mobile
  fridge refrigerator
  pram stroller pushchair
  infant baby
  teenager teen adolescent
`

/** Close enough that one may be answered with the other. */
const CLOSE = `
  price cost fee charge rate tariff
  buy purchase order
  cancel cancellation
  cancel terminate
  refund reimburse reimbursement moneyback
  phone telephone call
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
  dentist dental
  voucher coupon giftcard
  ticket pass
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
  class course lesson
  celebrate party
  group party
  food meal
  fast quick
  big large
  allow permit permitted
  account profile
  password passcode
  pet animal
  dog pet
  cat pet
  error problem issue fault failure
  broken defective damaged
  limit maximum
  support help assistance
  include included contain
  cheque check
  late delay delayed
  pain hurt ache
  shop store
  car vehicle
  toilet restroom bathroom
  accessible wheelchair
  photo picture image
`

/** What the first word asks for may be told with the others, not the other way round. */
const TOLD_WITH = `
  car parking park
  credit accept pay visa mastercard american
  debit accept pay
  amex american
  reschedule move change
  postpone move change
  rebook move change
`

export interface Synonym {
  readonly term: string
  /** How surely the word is meant, 0 to 1. */
  readonly weight: number
}

const SAME_WEIGHT = 0.9
const CLOSE_WEIGHT = 0.7

const synonyms = new Map<string, Synonym[]>()

function relate(term: string, others: readonly string[], weight: number): void {
  const known = synonyms.get(term) ?? []
  for (const other of others) {
    if (other !== term && !known.some((each) => each.term === other)) known.push({ term: other, weight })
  }
  synonyms.set(term, known)
}

function stemsByLine(groups: string): string[][] {
  return groups
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(stem))
}

for (const group of stemsByLine(SAME)) for (const term of group) relate(term, group, SAME_WEIGHT)
for (const group of stemsByLine(CLOSE)) for (const term of group) relate(term, group, CLOSE_WEIGHT)
for (const [term = '', ...others] of stemsByLine(TOLD_WITH)) relate(term, others, SAME_WEIGHT)

const NONE: readonly Synonym[] = []

/** The stems that may be meant by a stem, itself left out, the surest first. */
export function synonymsOf(term: string): readonly Synonym[] {
  return synonyms.get(term) ?? NONE
}
