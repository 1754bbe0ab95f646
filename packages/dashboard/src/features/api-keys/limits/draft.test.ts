/** What was filled in is what is sent; a change sends nothing that wasn't changed; answers are shown where they belong. */
import { describe, expect, test } from 'vitest'
import { draftOf, emptyDraft, problemsOf, problemsOfAnswer, toBody, toChange } from './draft.ts'

const nowMs = Date.UTC(2030, 0, 1)
const key = {
  name: 'Website',
  permissions: ['contacts:read', 'events:read'],
  expires_at: '2030-06-01T08:15:42.123Z',
  ip_allowlist: ['203.0.113.7/32', '2001:db8::/32'],
  rate_limit_per_minute: 60,
  owner: { type: 'person' as const, name: null, email: 'ada@example.com' },
}

describe('a draft', () => {
  test('that is empty lacks a name and nothing else', () => {
    expect(problemsOf(emptyDraft, nowMs)).toEqual({ name: 'Say what the key is for.' })
  })

  test('names every field that can’t be sent', () => {
    const draft = {
      ...emptyDraft,
      name: ' ',
      permissions: [],
      expiry: 'date' as const,
      date: '2029-12-30',
      addresses: '1.2.3.4\nnope',
      rateLimit: '0',
      ownerType: 'person' as const,
    }
    const problems = problemsOf(draft, nowMs)
    expect(Object.keys(problems)).toEqual([
      'name',
      'permissions',
      'expiry',
      'addresses',
      'rateLimit',
      'ownerEmail',
    ])
    expect(problems.addresses).toContain('Line 2: nope')
  })

  test('is sent trimmed, with null for what has no limit', () => {
    expect(
      toBody({ ...emptyDraft, name: ' CI ', expiry: 'never', addresses: '10.0.0.0/8 # vpn\n' }, nowMs),
    ).toEqual({
      name: 'CI',
      permissions: ['*'],
      expires_at: null,
      ip_allowlist: ['10.0.0.0/8'],
      rate_limit_per_minute: null,
      owner: { type: 'app', name: null },
    })
  })

  test('of a key that was opened and not changed changes nothing, not even the hour at which it ends', () => {
    expect(problemsOf(draftOf(key), nowMs)).toEqual({})
    expect(toChange(draftOf(key), key, nowMs)).toEqual({})
  })

  test('changes what was changed only', () => {
    const draft = { ...draftOf(key), addresses: '203.0.113.7', permissions: ['events:read', 'contacts:read'] }
    expect(toChange(draft, key, nowMs)).toEqual({ ip_allowlist: ['203.0.113.7'] })
    expect(toChange({ ...draftOf(key), expiry: 'never' }, key, nowMs)).toEqual({ expires_at: null })
  })
})

describe('an answer', () => {
  test('about an entry of the list names its line', () => {
    const draft = { ...emptyDraft, addresses: '# office\n10.0.0.0/8\n10.1.1.1/8' }
    const message = '`ip_allowlist[1]` has bits behind its prefix: did you mean 10.0.0.0/8?'
    expect(
      problemsOfAnswer({ message, details: { issues: [{ param: 'ip_allowlist[1]', message }] } }, draft),
    ).toEqual({ addresses: 'Line 3: 10.1.1.1/8 has bits behind its prefix: did you mean 10.0.0.0/8?' })
  })

  test('without a list of issues goes by its param', () => {
    const message = 'A key can’t give more than it has'
    expect(problemsOfAnswer({ message, param: 'permissions' }, emptyDraft)).toEqual({
      permissions: 'A key can’t give more than it has.',
    })
  })

  test('about no field is nobody’s', () => {
    expect(problemsOfAnswer({ message: 'Too Many Requests' }, emptyDraft)).toBeNull()
  })
})
