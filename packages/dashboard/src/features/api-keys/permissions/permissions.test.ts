/** What is chosen in the matrix is what the key is given, and what is told of it is what it holds. */
import { describe, expect, test } from 'vitest'
import { isSame, levelOf, presetOf, withLevel } from './levels.ts'
import { permissionInWords, permissionsAsList, permissionsInWords } from './words.ts'

const resources = [
  'conversations',
  'contacts',
  'webhooks',
  'events',
  'knowledge',
  'agent',
  'api_keys',
  'usage',
]
const table = {
  resources: resources.map((resource) => ({ resource })),
  presets: [
    { name: 'full', permissions: ['*'] },
    { name: 'read_only', permissions: resources.map((resource) => `${resource}:read`) },
    { name: 'ci', permissions: ['knowledge:write', 'agent:write', 'webhooks:write'] },
  ],
}

describe('the matrix', () => {
  test('everything that is narrowed in one place keeps what it stood for, and no more', () => {
    const narrowed = withLevel(['*'], 'api_keys', 'none', table)
    expect(narrowed).toHaveLength(7)
    expect(narrowed).not.toContain('*')
    expect(levelOf(narrowed, 'api_keys')).toBe('none')
    expect(levelOf(narrowed, 'contacts')).toBe('write')
  })

  test('a level is set for its resource only, and never twice', () => {
    const grants = withLevel(['contacts:read', 'contacts:write'], 'events', 'read', table)
    expect(grants).toEqual(['contacts:write', 'events:read'])
    expect(withLevel(grants, 'contacts', 'none', table)).toEqual(['events:read'])
  })

  test('a preset is recognised in any order, and nothing else as one', () => {
    expect(presetOf(['webhooks:write', 'knowledge:write', 'agent:write'], table)).toBe('ci')
    expect(presetOf(['*'], table)).toBe('full')
    expect(presetOf(['webhooks:write'], table)).toBeUndefined()
    // Every permission by name is not everything that will be.
    expect(presetOf(withLevel(['*'], 'usage', 'write', table), table)).toBeUndefined()
    expect(isSame(['a'], ['a', 'b'])).toBe(false)
  })
})

describe('words', () => {
  test.each([
    [['*'], 'Everything'],
    [[], 'Nothing but /v1/me'],
    [['contacts:read'], 'Reads contacts'],
    [
      ['conversations:write', 'contacts:write', 'knowledge:read', 'agent:read'],
      'Writes conversations and contacts, reads knowledge and Clara',
    ],
    [resources.map((resource) => `${resource}:read`), 'Reads everything there is'],
    [withLevel(['*'], 'api_keys', 'none', table), 'Writes everything but API keys'],
  ])('%j is told as "%s"', (grants, text) => {
    expect(permissionsInWords(grants, resources).text).toBe(text)
  })

  test('a list of permissions says each verb once', () => {
    expect(permissionsAsList(['webhooks:write', 'events:read', 'agent:write'])).toBe(
      'write webhooks and Clara, read events',
    )
  })

  test('one permission is a verb and what it is about', () => {
    expect(['api_keys:write', 'agent:read', '*'].map(permissionInWords)).toEqual([
      'write API keys',
      'read Clara',
      'everything',
    ])
  })
})
