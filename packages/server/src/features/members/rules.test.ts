/** Who may decide about whom: every pair of roles, and keys. */
import { describe, expect, test } from 'vitest'
import type { Grant, Role } from '../../principal.ts'
import { roleNames } from '../../roles.ts'
import { type Authority, assertMayGive, assertMayTouch, assertOwnerStays, mayManage } from './rules.ts'

const member = (role: Role): Authority => ({ kind: 'member', role })
const key = (...grants: Grant[]): Authority => ({ kind: 'api_key', grants })
const managed = (authority: Authority) => roleNames.filter((role) => mayManage(authority, role))

describe('roles that one may give, and take from who has them', () => {
  test.each<[string, Authority, Role[]]>([
    ['an owner: all', member('owner'), ['owner', 'admin', 'agent', 'viewer']],
    ['an admin: all but owner', member('admin'), ['admin', 'agent', 'viewer']],
    ['an agent: none', member('agent'), []],
    ['a viewer: none', member('viewer'), []],
    ['a key with everything: all but owner', key('*'), ['admin', 'agent', 'viewer']],
    ['a key that writes members and nothing else: none', key('members:write'), []],
    ['a key that reads members: none', key('members:read'), []],
    [
      'a key that may do what agents may: agent',
      key(
        'members:write',
        'conversations:write',
        'contacts:write',
        'knowledge:write',
        'agent:read',
        'webhooks:read',
        'events:read',
        'usage:read',
      ),
      ['agent'],
    ],
    ['who runs the installation: all', { kind: 'installation' }, [...roleNames]],
  ])('%s', (_name, authority, roles) => {
    expect(managed(authority)).toEqual(roles)
  })
})

test('a refusal about owners says that only an owner can, and that no key can', () => {
  for (const authority of [member('admin'), key('*')]) {
    for (const refuse of [assertMayGive, assertMayTouch]) {
      expect(() => refuse(authority, 'owner')).toThrow(/^Only an owner can/)
    }
  }
  expect(() => assertMayGive(key('members:write'), 'viewer')).toThrow(/A key that may do less/)
})

test('the last owner stays, whatever else changes', () => {
  for (const after of ['admin', 'agent', 'viewer', 'none'] as const) {
    expect(() => assertOwnerStays('owner', after, 0)).toThrow(/last owner/)
    expect(() => assertOwnerStays('owner', after, 1)).not.toThrow()
    expect(() => assertOwnerStays('admin', after, 0)).not.toThrow()
  }
  expect(() => assertOwnerStays('owner', 'owner', 0)).not.toThrow()
})
