/** A short document of a business and what its customers ask, in their words rather than the document's. */
import { describe, expect, it } from 'vitest'
import { answer } from './answer.ts'
import { KnowledgeIndex } from './knowledge-index.ts'

const CLINIC = `# Mill Lane Clinic

## Opening hours

We are open Monday to Friday from 8:30 to 18:00, and on Saturday from 9:00 to 12:00.
We are closed on Sundays and public holidays.

## Appointments

You can book online or call 0800 555 0142. Appointments can be moved or cancelled free of charge until 24 hours
before. After that we charge £20. New patients should bring a photo ID and a list of their medication.

## Getting here

The nearest tram stop is Old Mill. Parking is free behind the building. There is a lift to every floor.

## Paying

We accept cards, but not American Express. Invoices are due within 14 days.

| Treatment | Price |
|---|---|
| Consultation | £45 |
| Blood test | £30 |
| Travel vaccination | £60 |

## Languages

Our doctors speak English, Spanish and Polish.

## Prescriptions

Repeat prescriptions are ready within two working days. You can collect them at the front desk.

## Test results

We phone you when your results are in, usually after three days.
`

function indexOf(type: 'markdown' | 'text', content: string): KnowledgeIndex {
  return KnowledgeIndex.build([
    { id: 'src', type, title: 'Clinic', content, url: null, alternateQuestions: [] },
  ])
}

const clinic = indexOf('markdown', CLINIC)

describe('from the one page of a clinic Clara answers', () => {
  it.each([
    ['How late can I cancel?', 'until 24 hours'],
    ['How do I get to you by tram?', 'Old Mill'],
    ['Can I pay by card?', 'We accept cards'],
    ['Can I pay with a credit card?', 'We accept cards'],
    ['where can i park my car', 'behind the building'],
    ['Is parking free?', 'Parking is free'],
    ['Is there an elevator?', 'lift'],
    ['Do you take Amex?', 'not American Express'],
    ['Do you speak Spanish?', 'Spanish'],
    ['Are you open on Saturday?', '9:00 to 12:00'],
    ['are you open sundays?', 'closed on Sundays'],
    ['When do you close?', '18:00'],
    ['what are your opening hours', '8:30'],
    ['how much is a blood test', '£30'],
    ['What do I need to bring?', 'photo ID'],
    ['can i reschedule my appointment', 'moved or cancelled'],
    ['How do I make an appointment?', 'book online'],
    ['what is your phone number', '0800 555 0142'],
    ['How long do test results take?', 'three days'],
    ['where do i pick up my prescription', 'front desk'],
    ['When will my prescription be ready?', 'two working days'],
    ['when do i have to pay my invoice', '14 days'],
  ])('%s', (question, phrase) => {
    expect(answer(clinic, question)?.text).toContain(phrase)
  })
})

describe('from the one page of a clinic Clara does not answer', () => {
  it.each([
    'Do you speak Russian?',
    'Do you take bitcoin?',
    'Can I pay by cheque?',
    'Can I pay in instalments?',
    'Do you have a dentist?',
    'Can I bring my dog?',
    'How much is an X-ray?',
    'Is there Wi-Fi?',
    'How do I get to you by train?',
    'Which bus stops nearby?',
    'Are you hiring?',
    'Do you do home visits?',
    'Who is the head doctor?',
    'Is there a pharmacy nearby?',
    'Can I get a refund?',
    'Can I cancel my insurance?',
    'Where can I park my bike?',
    'Are you open at Christmas?',
    'Do you treat children?',
    'Is there an escalator?',
    'Can I come without a photo ID?',
    'Do you accept walk-ins without an appointment?',
  ])('%s', (question) => {
    expect(answer(clinic, question)).toBeUndefined()
  })
})

describe('an exception in a question', () => {
  const purge = 'To remove a package and its configuration files, run purge.'
  const remove = 'To remove a package without its configuration files, run remove.'

  it('is met by a passage that makes it', () => {
    const given = answer(
      indexOf('text', `${purge}\n\n${remove}`),
      'How do I remove a package but keep its configuration files?',
    )
    expect(given?.text).toBe(remove)
  })

  it('is not answered by a passage that makes none', () => {
    const index = indexOf('text', purge)
    expect(answer(index, 'How do I remove a package but keep its configuration files?')).toBeUndefined()
    expect(answer(index, 'How do I remove a package without its configuration files?')).toBeUndefined()
    expect(answer(index, 'How do I remove a package and its configuration files?')?.text).toBe(purge)
  })
})

it('who holds an office is not answered with who held it', () => {
  const content = 'The names were chosen by Anna Berg, who was the project leader at the time.'
  expect(answer(indexOf('text', content), 'Who is the current project leader?')).toBeUndefined()
  expect(answer(indexOf('text', content), 'Who was the project leader at the time?')?.text).toBe(content)
})
