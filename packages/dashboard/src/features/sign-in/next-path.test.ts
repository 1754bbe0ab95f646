import { describe, expect, test } from 'vitest'
import { nextSearch, parseNextSearch, safeNextPath } from './next-path.ts'

describe('after signing in', () => {
  test.each([
    '/settings/advanced/api-keys',
    '/conversations?status=open&q=a%20b',
    '/invite#abc_DEF-123',
    '/settings/advanced/logs?request=req_1#top',
  ])('a page of the dashboard is gone back to: %s', (path) => {
    expect(safeNextPath(path)).toBe(path)
  })

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    ' /settings',
    'settings',
    '',
    undefined,
    null,
    42,
    ['/settings'],
  ])('nothing else is: %j', (wanted) => {
    expect(safeNextPath(wanted)).toBe('/')
  })

  test.each(['/sign-in', '/sign-in/', '/sign-in?next=/sign-in', '/two-factor', '/reset-password#t'])(
    'nobody is sent in circles: %s',
    (wanted) => {
      expect(safeNextPath(wanted)).toBe('/')
    },
  )

  test('Home needs no mention in the address', () => {
    expect(nextSearch('/')).toEqual({})
    expect(nextSearch('/contacts')).toEqual({ next: '/contacts' })
    expect(parseNextSearch({ next: '//evil.example' })).toEqual({})
    expect(parseNextSearch({ next: '/contacts' })).toEqual({ next: '/contacts' })
  })
})
