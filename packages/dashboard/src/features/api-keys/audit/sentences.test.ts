/** Every entry of the trail reads as a sentence, and says what changed from what to what. */
import { expect, test } from 'vitest'
import { attentionsInWords, stepsOf } from '../status.ts'
import { type Entry, tell } from './sentences.ts'

const context = {
  myUserId: 'user_me',
  resources: ['conversations', 'contacts'],
  formatDate: (iso: string) => iso.slice(0, 10),
}
const entry = (action: string, changes: Record<string, unknown> = {}, actor = {}): Entry => ({
  action,
  actor: { type: 'member', id: 'user_ada', name: 'Ada', ...actor },
  changes,
})
const read = (each: Entry) => {
  const { who, did, details } = tell(each, context)
  return [`${who} ${did}`, ...details]
}

test.each<[Entry, string[]]>([
  [
    entry(
      'created',
      {
        permissions: ['*'],
        expires_at: '2030-01-01T00:00:00Z',
        ip_allowlist: [],
        rate_limit_per_minute: null,
      },
      { id: 'user_me' },
    ),
    ['You created this key', 'Everything', 'Expires 2030-01-01'],
  ],
  [
    entry('updated', {
      permissions: { from: ['*'], to: ['contacts:read'] },
      ip_allowlist: { from: [], to: ['10.0.0.0/8'] },
    }),
    ['Ada changed permissions and the IP list', 'Everything → Reads contacts', 'anywhere → 10.0.0.0/8'],
  ],
  [
    entry('rotated', { overlap_seconds: 900 }, { type: 'api_key', name: 'CI' }),
    ['The key “CI” rotated the secret', 'With an overlap of 15 minutes'],
  ],
  [
    entry('rotated', { overlap_seconds: 0 }, { type: 'admin' }),
    ['The admin command rotated the secret', 'The old secret ended at once'],
  ],
  [entry('rotation_finished', {}, { type: 'system', name: null }), ['AgentClara ended the old secret']],
  [
    entry('quarantined', { reason: 'suspected', addresses: ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'] }),
    [
      'Ada put this key in quarantine',
      'Reason: It may be in the wrong hands',
      'It may only read, from 1.1.1.1, 2.2.2.2, 3.3.3.3 and 1 more',
    ],
  ],
  [
    entry(
      'leak_reported',
      { url: 'https://example.com/x', secret_last_four: '9fQa' },
      { type: 'anyone', name: null },
    ),
    [
      'Somebody reported this key’s secret as leaked',
      'Found at https://example.com/x',
      'Secret ending in 9fQa',
    ],
  ],
  [
    entry('handed_over', { owner: { from: 'a@x', to: 'b@x' } }),
    ['Ada gave this key to somebody else', 'a@x → b@x'],
  ],
  [
    entry('settings_updated', { leak_response: { from: 'quarantine', to: 'revoke' } }),
    ['Ada chose that leaked keys are revoked'],
  ],
  [entry('something_new'), ['Ada something new']],
])('%j', (each, lines) => {
  expect(read(each)).toEqual(lines)
})

test('nothing can be done with a revoked key, and a rotating one is not rotated again', () => {
  const facts = { quarantine: null, rotation: null }
  expect(stepsOf({ ...facts, status: 'revoked' }, [])).toEqual([])
  expect(stepsOf({ ...facts, status: 'expired' }, [])).toEqual(['edit', 'revoke'])
  const rotation = { old_hint: 'sk_test_…abcd', old_secret_ends_at: '2030-01-01T00:00:00Z' }
  expect(stepsOf({ ...facts, status: 'rotating', rotation }, [])).not.toContain('rotate')
  expect(stepsOf({ ...facts, status: 'active' }, ['used_in_browser'])).toContain('release')
})

test('the most urgent note is the first', () => {
  expect(attentionsInWords(['never_expires', 'leaked']).map(({ name }) => name)).toEqual([
    'leaked',
    'never_expires',
  ])
})
