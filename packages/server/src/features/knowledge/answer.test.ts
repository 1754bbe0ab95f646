import { describe, expect, it } from 'vitest'
import { answer } from './answer.ts'
import { type IndexedSource, KnowledgeIndex } from './knowledge-index.ts'

const HANDBOOK = `
Lindenhof Dental Practice: Handbook for patients

Opening hours
We are open Monday to Thursday from 8:00 to 18:00 and on Friday from
8:00 to 14:00. The practice is closed on weekends and public holidays.

Between Christmas and New Year the practice stays closed. Dates are
announced on the door and on our website.

Emergencies
If you have severe pain, call us before 9:00 and we will see you on the
same day. Outside opening hours, the regional emergency service answers
on 0800 555 0199.

If a tooth has been knocked out, keep it in milk and come at once; do
not clean it.

Appointments and cancellation
You can book an appointment by phone, by e-mail or on our website. New
patients should arrive 15 minutes early to fill in the medical history.

Appointments can be cancelled free of charge up to 24 hours before.
After that, or if you don't show up, we charge a fee of 45 EUR.

If you are late by more than 15 minutes, we may have to give you a new
appointment.

Prices
  Check-up: 39 EUR
  Professional cleaning: 89 EUR
  Tooth-coloured filling: from 95 EUR
  Whitening of both jaws: 320 EUR
  Ceramic crown: from 680 EUR

Children under six years are examined free of charge.

Payment
We accept cash, debit cards and credit cards, but no cheques. Invoices
are due within 30 days. Bills above 400 EUR can be paid in up to six
monthly instalments without interest.

Insurance
We work with all statutory health insurers. Private patients receive an
invoice and hand it in with their insurer themselves. Please bring your
insurance card to the first visit of each quarter.

Treatment
Dr. Amara Okafor leads the practice and specialises in root canal
treatment. Dr. J. P. Lindqvist treats children and anxious patients.
Professional cleaning takes about 50 minutes. Sedation with nitrous
oxide (laughing gas) is possible, e.g. for anxious patients, and costs
60 EUR per half hour.

After an extraction, don't eat for two hours and don't smoke for 24
hours. Cool the cheek from outside, at most ten minutes at a time.

Getting here
The practice is at 12 Lindenhof Street, second floor, next to the
pharmacy. Tram lines 4 and 11 stop at Lindenhof.

Parking
Patients park free of charge for two hours in the garage behind the
building; take the ticket to the front desk to have it stamped. The
entrance and the lift are suitable for wheelchairs.

Languages and privacy
We speak English, German, Polish and Arabic. X-ray images and records
are kept for ten years and handed to other dentists only with your
written consent.
`

function indexOf(...sources: Partial<IndexedSource>[]): KnowledgeIndex {
  const defaults = {
    id: 'src',
    type: 'text',
    title: 'Handbook',
    content: '',
    url: null,
    alternateQuestions: [],
  } as const
  return KnowledgeIndex.build(sources.map((source) => ({ ...defaults, ...source })))
}

const practice = indexOf({ content: HANDBOOK, url: 'https://lindenhof.example/handbook' })
const folded = (text: string): string => text.replace(/\s+/g, ' ')

describe('from the handbook of a dental practice Clara answers', () => {
  it.each([
    ['What time do you open on Friday?', '8:00 to 14:00'],
    ['Are you open on weekends?', 'closed on weekends'],
    ['Are you closed between Christmas and New Year?', 'stays closed'],
    ['How much is a professional cleaning?', '89 EUR'],
    ["what's the price of a ceramic crown", '680 EUR'],
    ['Can I cancel my appointment for free?', 'free of charge up to 24 hours'],
    ["What happens if I don't show up?", 'fee of 45 EUR'],
    ['Where can I park?', 'garage behind the building'],
    ['Do you take credit cards?', 'credit cards'],
    ['do you accept cheques', 'no cheques'],
    ['Can I pay in instalments?', 'six monthly instalments'],
    ["I'm in a lot of pain, what should I do?", 'call us before 9:00'],
    ['My tooth got knocked out!', 'keep it in milk'],
    ['Who does root canals?', 'Okafor'],
    ['How long does a cleaning take?', 'about 50 minutes'],
    ['How long do you keep X-rays?', 'ten years'],
    ['Which languages do you speak?', 'English, German, Polish and Arabic'],
    ['What is your address?', '12 Lindenhof Street'],
    ['Do I have to bring my insurance card?', 'bring your insurance card'],
    ['Can I smoke after an extraction?', "don't smoke for 24 hours"],
  ])('%s', (question, phrase) => {
    expect(answer(practice, question)?.text).toContain(phrase)
  })
})

describe('from the handbook of a dental practice Clara does not answer', () => {
  it.each([
    'Do you sell electric toothbrushes?',
    'Can I get braces?',
    'Do you treat dogs?',
    'Is there Wi-Fi in the waiting room?',
    "What is Dr. Okafor's home address?",
    'Do you offer botox?',
    'How much are implants?',
    'Are you hiring?',
    'Do you have a branch in Hamburg?',
    'What is the capital of France?',
    'How do I install a package?',
    'Hello!',
    '',
  ])('%s', (question) => {
    expect(answer(practice, question)).toBeUndefined()
  })
})

describe('an answer', () => {
  it('is its citations in running text, each an exact slice of the source', () => {
    const given = answer(practice, 'Can I cancel my appointment for free?')
    expect(given?.text).toBe(given?.citations.map(({ quote }) => folded(quote)).join(' '))
    expect(given?.confidence).toBeLessThanOrEqual(1)
    for (const citation of given?.citations ?? []) {
      expect(citation).toMatchObject({
        sourceId: 'src',
        title: 'Handbook',
        url: 'https://lindenhof.example/handbook',
      })
      expect(HANDBOOK.slice(citation.start, citation.end)).toBe(citation.quote)
    }
  })

  it('brings the sentence that it refers back to', () => {
    const content = 'The hall has lockers. They are emptied every night. Bring a padlock.'
    expect(answer(indexOf({ content }), 'When are the lockers emptied?')?.text).toBe(
      'The hall has lockers. They are emptied every night.',
    )
  })

  it('brings the list or the command that it opens', () => {
    const content =
      'Tickets\n\nWe accept these cards for tickets:\n\n* Visa\n* Mastercard\n\nOther cards are refused.'
    expect(answer(indexOf({ content }), 'Which cards do you accept?')?.text).toBe(
      'We accept these cards for tickets: Visa; Mastercard',
    )
  })

  it('is the text below a heading that asks the question, not the heading', () => {
    const content =
      '1.1. Can I bring a guest?\n\n    Yes. Tell the desk a day before.\n\n1.2. Where are the lockers?\n\n    In the basement.'
    expect(answer(indexOf({ content }), 'Can I bring a guest?')?.text).toBe(
      'Yes. Tell the desk a day before.',
    )
  })

  it('prefers a sentence that states to one that asks', () => {
    const content = 'Where can guests leave luggage? Ask. Guests leave luggage behind the desk in the hall.'
    expect(answer(indexOf({ content }), 'Where can guests leave luggage?')?.text).toContain('behind the desk')
  })

  it('reads a row of a table with its columns', () => {
    const content = '# Rooms\n\n| Room | Price |\n|---|---|\n| Single | £70 |\n| Double | £110 |\n'
    expect(answer(indexOf({ type: 'markdown', content }), 'How much is a double room?')?.text).toBe(
      'Room: Double, Price: £110',
    )
  })

  it('is understood through small talk and a mistyped word', () => {
    expect(answer(practice, 'Hi there, hope you are well! Where can I find parkng? Thanks')?.text).toContain(
      'garage',
    )
  })
})

describe('an answer from a FAQ', () => {
  const shop = indexOf(
    {
      id: 'password',
      type: 'faq',
      title: 'I forgot my password',
      content: 'Choose "Forgot password" on the sign-in page. We send you a link that is valid for one hour.',
      alternateQuestions: ['How do I reset my password?', "I can't log in"],
    },
    {
      id: 'gift',
      type: 'faq',
      title: 'Do you sell gift cards?',
      content: `Yes. ${'They never expire. '.repeat(60)}`,
    },
  )

  it('is found by any of its questions', () => {
    for (const question of ['how do i reset my passwrod', 'I forgot my password!', "help, I can't log in"]) {
      expect(answer(shop, question)?.citations, question).toMatchObject([{ sourceId: 'password', start: 0 }])
    }
  })

  it('is the beginning of its content in whole sentences', () => {
    const [citation] = answer(shop, 'do you sell gift cards')?.citations ?? []
    expect(citation?.quote).toMatch(/^Yes\. .*expire\.$/)
    expect(citation?.quote.length).toBeLessThanOrEqual(500)
  })

  it('is not given where the question is about something else', () => {
    expect(answer(shop, 'Do you sell bicycles?')).toBeUndefined()
    expect(answer(shop, 'Where is your shop in London?')).toBeUndefined()
  })
})
